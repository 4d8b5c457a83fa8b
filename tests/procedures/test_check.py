"""Wiring check: only a few uA, every move journalled first, faults of instruments reported as such."""

from pathlib import Path

import pytest

from mtjlab.bench import Bench
from mtjlab.benches import open_bench
from mtjlab.config import SimulatedBenchConfig
from mtjlab.diagnosis.finding import Finding
from mtjlab.errors import BenchFaultError
from mtjlab.events import Event, ProbePlanned, SurveyTaken, WiringChecked, to_json
from mtjlab.procedures.check.plan import wiring_of
from mtjlab.procedures.check.procedure import check, demand_right_wiring
from mtjlab.reading import from_json
from mtjlab.transitions import junction_currents_on_the_way_ua
from tests.support.wired import wired_bench, wired_config

ACROSS, TO_GROUND, MIXED = "keithley-6221-2182a.toml", "keithley-2400.toml", "mixed.toml"


def checked(file: str, *faults: str) -> tuple[WiringChecked, Bench]:
    config = wired_config(file, *faults)
    bench = wired_bench(config)
    *_, last = check(bench, wiring_of(config))
    assert isinstance(last, WiringChecked)
    return last, bench


def named(findings: tuple[Finding, ...]) -> list[tuple[str, str]]:
    return [(found.role, found.kind) for found in findings]


@pytest.fixture
def events() -> list[Event]:
    config = SimulatedBenchConfig()
    return list(check(open_bench(config, seed=1), wiring_of(config)))


def test_junctions_in_process_are_wired_right(events: list[Event]) -> None:
    (result,) = [event for event in events if isinstance(event, WiringChecked)]
    assert events[-1] is result
    assert all(found.verdict == "ok" for found in result.findings)


def test_no_junction_carries_more_than_the_probe_current_and_each_move_is_journalled_first(events: list[Event]) -> None:
    planned = [event for event in events if isinstance(event, ProbePlanned)]
    assert [plan.source for plan in planned] == [0, 1, 2]
    for plan in planned:
        for transition in plan.transitions:
            assert [len(step.downs) + len(step.ups) for step in transition.sub_steps] == [1]
            assert all(abs(current) <= 10 for way in junction_currents_on_the_way_ua(transition) for current in way)
        first = next(
            k for k, event in enumerate(events) if isinstance(event, SurveyTaken) and event.source == plan.source
        )
        assert events.index(plan) < first


def test_every_survey_is_journalled_with_what_was_moved(events: list[Event]) -> None:
    taken = [(event.source, event.current_ua, event.settled) for event in events if isinstance(event, SurveyTaken)]
    each = [(10, True), (-10, False), (-10, True)]
    assert taken == [(None, 0, True), *((k, current, settled) for k in range(3) for current, settled in each)]


def test_every_event_survives_the_journal() -> None:
    """Including events of an open chain, where voltmeters give no readings."""
    config = wired_config(ACROSS, "junction J1:open")
    for event in check(wired_bench(config), wiring_of(config)):
        assert from_json(to_json(event)) == event


@pytest.mark.parametrize("file", [ACROSS, TO_GROUND, MIXED])
def test_a_right_bench_of_instruments_passes(file: str) -> None:
    result, bench = checked(file)
    assert all(found.verdict == "ok" for found in result.findings)
    assert bench.currents_ua == (0, 0, 0)


@pytest.mark.parametrize("file", [ACROSS, TO_GROUND, MIXED])
@pytest.mark.parametrize(
    ("fault", "found"),
    [
        ("voltmeters:swapped=J1,J2", [("voltmeters J1, J2", "swapped")]),
        ("sources:swapped=J2,J3", [("sources J2, J3", "swapped")]),
        ("voltmeter J1:reversed", [("voltmeter J1", "reversed")]),
        ("junction J1:open", [("J1", "open")]),
        ("junction J2:open", [("J2", "open")]),
        ("junction J3:open", [("J3", "open")]),
        ("junction J2:short", [("J2", "short")]),
        ("source J2:dead-output", [("source J2", "dead")]),
        ("voltmeter J2:stuck", [("voltmeter J2", "stuck")]),
        ("sources:settling=0.1", [(f"source J{k}", "settling") for k in (1, 2, 3)]),
    ],
)
def test_a_simulated_mistake_is_found_and_named(file: str, fault: str, found: list[tuple[str, str]]) -> None:
    result, bench = checked(file, fault)
    assert named(result.mistakes) == found
    bench.go_safe()
    assert bench.is_safe


@pytest.mark.parametrize(
    ("file", "fault", "found"),
    [
        (ACROSS, "source J3:reversed", [("source J3", "reversed")]),
        (TO_GROUND, "source J3:reversed", [("source J3", "reversed")]),
        (TO_GROUND, "sources:swapped=J1,J3", [("sources J1, J3", "swapped")]),
        (ACROSS, "voltmeter J1:on-junction=J2", [("voltmeter J1", "misplaced")]),
        (TO_GROUND, "voltmeter J2:on-junction=J1", [("voltmeter J2", "misplaced")]),
    ],
)
def test_a_mistake_shows_according_to_the_type_of_instrument(
    file: str, fault: str, found: list[tuple[str, str]]
) -> None:
    """A source-meter with reversed leads also measures reversed: one mistake."""
    assert named(checked(file, fault)[0].mistakes) == found


@pytest.mark.parametrize(
    ("file", "fault", "role", "kind"),
    [
        (ACROSS, "source J2:on-node=J3", "source J2", "misplaced"),
        (TO_GROUND, "source J2:on-node=J3", "source J2", "misplaced"),
        (MIXED, "source J1:on-node=J2", "source J1", "misplaced"),
        (ACROSS, "source J1:gain=0.8", "source J1", "gain"),
        (TO_GROUND, "source J2:gain=0.95", "source J2", "gain"),
        (MIXED, "source J3:gain=0.5", "source J3", "gain"),
        (TO_GROUND, "voltmeter J2:gain=0.5", "voltmeter J2", "gain"),
    ],
)
def test_an_ambiguous_mistake_is_named_or_listed(file: str, fault: str, role: str, kind: str) -> None:
    result, _ = checked(file, fault)
    assert result.mistakes
    assert (role, kind) in [(one.part, one.kind) for one in result.explanations]
    assert len(result.explanations) <= 4
    assert bool(result.quick_look) == (len(result.explanations) > 1)
    assert all(one.misfit < 2 and one.remedy for one in result.explanations)
    first = result.explanations[0]
    assert [first.part] == [found.role for found in result.mistakes]


@pytest.mark.parametrize(
    ("faults", "found"),
    [
        (
            ("voltmeters:swapped=J1,J2", "source J3:reversed"),
            [("source J3", "reversed"), ("voltmeters J1, J2", "swapped")],
        ),
        (("junction J2:short", "voltmeter J1:reversed"), [("J2", "short"), ("voltmeter J1", "reversed")]),
        (
            ("source J1:dead-output", "voltmeters:swapped=J2,J3"),
            [("source J1", "dead"), ("voltmeters J2, J3", "swapped")],
        ),
        (("junction J2:open", "source J3:reversed"), [("J2", "open"), ("voltmeter J3", "reversed")]),
        (("sources:swapped=J1,J3", "junction J2:open"), [("sources J1, J3", "swapped"), ("J2", "open")]),
        (("junction J1:short", "junction J2:short", "junction J3:short"), [("chain", "chain-silent")]),
    ],
    ids=lambda value: " ".join(value) if isinstance(value[0], str) else "",
)
def test_several_mistakes_are_found(faults: tuple[str, ...], found: list[tuple[str, str]]) -> None:
    assert named(checked(ACROSS, *faults)[0].mistakes) == found


def test_a_range_too_small_for_the_reset_is_found(tmp_path: Path) -> None:
    config = wired_config(ACROSS)
    small = config.voltmeters["J2"].model_copy(update={"range_mv": 10.0})
    config = config.model_copy(update={"voltmeters": {**config.voltmeters, "J2": small}})
    *_, result = check(wired_bench(config), wiring_of(config))
    assert isinstance(result, WiringChecked)
    assert named(result.mistakes) == [("voltmeter J2", "range")]
    assert "Set voltmeters.J2.range_mv to 750" in result.mistakes[0].remedy


def test_a_source_in_compliance_is_a_finding_and_the_bench_knows_its_currents() -> None:
    result, bench = checked(ACROSS, "junction J1:open")
    assert named(result.mistakes) == [("J1", "open")]
    assert bench.currents_ua == (0, 0, 0)


@pytest.mark.parametrize("role", ["voltmeter J2", "source J2"])
def test_a_lost_instrument_is_a_fault(role: str) -> None:
    config = wired_config(ACROSS, f"{role}:no-reply@1.5")
    bench = wired_bench(config)
    with pytest.raises(BenchFaultError, match=role):
        list(check(bench, wiring_of(config)))


def test_a_lost_reply_is_requested_again() -> None:
    assert checked(ACROSS, "voltmeter J2:no-reply=1@1.5")[0].mistakes == ()


def test_a_run_stops_at_mistakes_and_names_them() -> None:
    config = wired_config(ACROSS, "voltmeter J1:reversed", "source J2:dead-output")
    procedure = demand_right_wiring(wired_bench(config), wiring_of(config))
    with pytest.raises(
        BenchFaultError, match=r"not right.*source J2: takes 10 uA.*voltmeter J1: reversed.*Swap its two leads"
    ):
        list(procedure)


def test_a_run_stopped_by_mistakes_names_other_explanations_and_how_to_decide() -> None:
    config = wired_config(ACROSS, "source J1:on-node=J2")
    with pytest.raises(BenchFaultError) as refused:
        list(demand_right_wiring(wired_bench(config), wiring_of(config)))
    message = str(refused.value)
    assert "Or " in message
    assert all(
        part in message for part in ("J1: short", "source J1: feeds the top of J2", "voltmeter J1: not connected")
    )
    assert message.endswith("is it at J1?")
