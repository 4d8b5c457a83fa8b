"""Inference: tokens presented under control currents that were learnt; what they give is said, and nothing guessed."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from mtjlab.bench import Bench
from mtjlab.config import PlanConfig, PresentationSettings
from mtjlab.domain import SwitchingConfiguration
from mtjlab.events import Event, JunctionsMeasured, Presented
from mtjlab.procedures.classify.events import TokenClassified, TokensClassified
from mtjlab.procedures.classify.plan import ClassifyPlan
from mtjlab.procedures.curves import know_references
from mtjlab.procedures.deviation_check import DeviationCheck
from mtjlab.procedures.present import is_final, presenter
from mtjlab.procedures.types import Procedure

ClassOf = Callable[[SwitchingConfiguration], str | None]


def classify(
    bench: Bench,
    config: PlanConfig,
    plan: ClassifyPlan,
    calibrated: JunctionsMeasured | None = None,
    taken_over: Sequence[Event] = (),
) -> Procedure[TokensClassified]:
    """Present every token that is not among the events ``taken_over``; returns what was recognised.

    Raises:
        LimitExceededError: control currents outside the limits; nothing was written.
        BenchFaultError: the junctions cannot be measured or reset, or a source is wrong.
    """
    measured = yield from know_references(bench, config, calibrated)
    shows = yield from presenter(bench, config, measured, plan.network.controls, 0)
    deviation_check = DeviationCheck(bench, measured.references)
    shown = [one for one in taken_over if isinstance(one, Presented)]
    done = Counter(one.token.name for one in shown if is_final(one, config.presentation))
    for token in plan.encoded:
        for _ in range(plan.times - done[token.name]):
            shown.append((yield from shows.present(token, 0, "classify")))
            yield from deviation_check.check_resets(shown[-1])
    names = [(token.name, token.label) for token in plan.tokens]
    classified = classified_as(bench.time_s, names, shown, config.presentation, plan.network.class_of)
    yield classified
    return classified


def classified_as(
    t_s: float,
    tokens: Iterable[tuple[str, str]],
    shown: Sequence[Presented],
    settings: PresentationSettings,
    class_of: ClassOf,
) -> TokensClassified:
    """What ``tokens``, by name and label, were recognised as in the presentations ``shown``, as far as they count."""
    final = [one for one in shown if is_final(one, settings)]
    return TokensClassified(t_s, tuple(_told(name, label, final, class_of) for name, label in tokens))


def _told(name: str, label: str, shown: Sequence[Presented], class_of: ClassOf) -> TokenClassified:
    came = [one.configuration for one in shown if one.token.name == name]
    classes = Counter(class_of(configuration) if configuration else None for configuration in came)
    most = max(classes.values(), default=0)
    first, *others = [answer for answer, count in classes.items() if count == most] or [None]
    counted = tuple(Counter(came).most_common())
    return TokenClassified(name, label, counted, None if others else first, most / max(1, len(came)))
