"""Inference: configurations and classes are counted as observed, and nothing is guessed."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from mtjlab.bench import Bench
from mtjlab.domain import ClassTable, SwitchingConfiguration
from mtjlab.errors import StopRequestedError
from mtjlab.events import ControlsPlanned, EncodedToken, Event, JunctionsMeasured, Presented, SweepPoint
from mtjlab.procedures.classify.events import TokenClassified, TokensClassified
from mtjlab.procedures.classify.plan import ClassifyPlan
from mtjlab.procedures.classify.procedure import classified_as, classify
from mtjlab.procedures.classify.result import confidence_interval
from mtjlab.procedures.present import is_final
from tests.support.tiny_measurements import CONFIG, SECOND_UA, START_UA, TOKENS, bench_of, calibrated, classify_plan

AT_THE_EDGE = EncodedToken("edge", "", "test", (434.0, 300.0))
BEYOND = EncodedToken("beyond", "x", "test", (1900.0, 300.0))


def told_in(events: Sequence[Event]) -> tuple[TokenClassified, ...]:
    last = events[-1]
    assert isinstance(last, TokensClassified)
    return last.tokens


def classified(plan: ClassifyPlan, seed: int = 1) -> dict[str, TokenClassified]:
    return {token.name: token for token in told_in(list(classify(bench_of(seed=seed), CONFIG, plan, calibrated())))}


def test_a_configuration_of_a_class_gives_that_class() -> None:
    results = classified(classify_plan(times=3))
    assert results["x1"] == TokenClassified("x1", "x", ((SwitchingConfiguration((1, 0)), 3),), "x", 1.0)
    assert results["y1"] == TokenClassified("y1", "y", ((SwitchingConfiguration((3, 1)), 3),), "y", 1.0)


def test_a_configuration_of_no_class_gives_none() -> None:
    assert classified(classify_plan())["far"].recognised_as is None
    assert classified(classify_plan())["far"].configurations == ((SwitchingConfiguration((1, 1)), 2),)


def test_confidence_is_the_share_of_the_presentations() -> None:
    """At its threshold, J2 switches in about half of the presentations."""
    edge = classified(classify_plan([replace(AT_THE_EDGE, inputs_ua=(429.0, 300.0))], times=40))["edge"]
    counts = dict(edge.configurations)
    switched, stayed = (counts[SwitchingConfiguration(pair)] for pair in ((1, 0), (0, 0)))
    assert switched + stayed == 40
    assert edge.recognised_as == ("x" if switched > stayed else None)
    assert edge.confidence == max(switched, stayed) / 40
    assert edge.presentations == 40


@pytest.mark.parametrize(("right", "of", "low", "high"), [(1, 1, 0.147, 1.0), (5, 5, 0.621, 1.0), (3, 5, 0.209, 0.906)])
def test_a_share_of_few_presentations_is_no_certainty(right: int, of: int, low: float, high: float) -> None:
    """Jeffreys' interval, as tabulated by Brown, Cai and DasGupta (2001)."""
    configurations = ((SwitchingConfiguration((1, 0)), right), (None, of - right))
    interval = confidence_interval(TokenClassified("x1", "x", configurations, "x", right / of))
    assert interval == pytest.approx((low, high), abs=5e-4)


def test_of_a_token_that_was_not_presented_nothing_is_known() -> None:
    assert confidence_interval(TokenClassified("beyond", "x", (), None, 0.0)) is None


class Answers(ClassTable):
    """Returns a fixed sequence of classes, whatever is observed."""

    def __init__(self, *answers: str | None) -> None:
        super().__init__(())
        object.__setattr__(self, "_answers", list(answers))

    def class_of(self, _: SwitchingConfiguration | None) -> str | None:
        return self._answers.pop(0)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("answers", "recognised_as", "confidence"),
    [
        (("x", "x", "y"), "x", 2 / 3),
        (("x", "y"), None, 1 / 2),
        (("x", None), None, 1 / 2),
        (("x", "y", None), None, 1 / 3),
        (("x", "y", "y", None), "y", 1 / 2),
        ((None, None, "x"), None, 2 / 3),
    ],
)
def test_only_a_unique_most_frequent_class_is_recognised(
    answers: tuple[str | None, ...], recognised_as: str | None, confidence: float
) -> None:
    plan = classify_plan(TOKENS[:1], times=len(answers))
    shown = [one for one in classify(bench_of(), CONFIG, plan, calibrated()) if isinstance(one, Presented)]
    (token,) = classified_as(0.0, [("x1", "x")], shown, CONFIG.presentation, Answers(*answers)).tokens
    assert (token.recognised_as, token.confidence) == (recognised_as, pytest.approx(confidence))


def test_a_token_outside_the_limits_is_not_applied_and_has_no_class() -> None:
    events = list(classify(bench_of(), CONFIG, classify_plan([BEYOND, TOKENS[0]]), calibrated()))
    beyond, x1 = told_in(events)
    assert beyond == TokenClassified("beyond", "x", (), None, 0.0)
    assert x1.recognised_as == "x"
    assert all(not e.outcomes for e in events if isinstance(e, Presented) and e.token.name == "beyond")


def test_references_are_measured_only_without_a_calibration() -> None:
    known = list(classify(bench_of(), CONFIG, classify_plan(), calibrated()))
    assert not [event for event in known if isinstance(event, SweepPoint)]
    unknown = list(classify(bench_of(), CONFIG, classify_plan()))
    points = [n for n, event in enumerate(unknown) if isinstance(event, SweepPoint)]
    (measured,) = [n for n, event in enumerate(unknown) if isinstance(event, JunctionsMeasured)]
    assert points[-1] < measured
    assert [token.recognised_as for token in told_in(unknown)] == ["x", "y", None]


def test_tokens_are_presented_at_the_controls_of_the_network() -> None:
    plan = classify_plan(controls_ua=(SECOND_UA, START_UA))
    events = list(classify(bench_of(), CONFIG, plan, calibrated()))
    (planned,) = [event for event in events if isinstance(event, ControlsPlanned)]
    assert planned.controls == plan.network.controls
    for shown in [event for event in events if isinstance(event, Presented)]:
        readings = [outcome.readings[0] for outcome in shown.outcomes]
        held_ua = [tuple(current - reading.input_ua for current in reading.currents_ua) for reading in readings]
        assert held_ua == [SECOND_UA, START_UA]


class Interrupting:
    """A bench with a request to stop immediately, in the middle of a look."""

    def __init__(self, bench: Bench, after_readings: int) -> None:
        self._bench, self._left = bench, after_readings

    def __getattr__(self, name: str) -> object:
        return getattr(self._bench, name)

    def read(self, samples: int) -> object:
        self._left -= 1
        if self._left < 0:
            raise StopRequestedError("now")
        return self._bench.read(samples)


@pytest.mark.parametrize("after_readings", range(1, 8))
def test_an_interrupted_presentation_does_not_count(after_readings: int) -> None:
    """Not even in the last attempt: the resumed run repeats it."""
    once = CONFIG.presentation.model_copy(update={"attempts": 1})
    plan, config = classify_plan(TOKENS[:2], times=1), CONFIG.model_copy(update={"presentation": once})
    events: list[Event] = []
    with pytest.raises(StopRequestedError):
        events.extend(classify(Interrupting(bench_of(), after_readings), config, plan, calibrated()))  # type: ignore[arg-type]
    shown = tuple(event for event in events if isinstance(event, Presented))
    assert not is_final(shown[-1], once)
    child = list(classify(bench_of(seed=2), config, plan, calibrated(), shown))
    assert [token.recognised_as for token in told_in(child)] == ["x", "y"]
    assert all(token.confidence == 1.0 for token in told_in(child))
    again = [event.token.name for event in child if isinstance(event, Presented)]
    assert again == ["x1", "y1"][sum(is_final(one, once) for one in shown) :]
