"""Inference: tokens presented under control currents that were learnt; what they give is said, and nothing guessed."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from mtjlab.bench import Bench
from mtjlab.config import PlanConfig, PresentationSettings
from mtjlab.domain import ControlCurrents, SwitchingConfiguration
from mtjlab.events import (
    EncodedToken,
    JunctionsMeasured,
    Presented,
    Progress,
    TokenClassified,
    TokensClassified,
)
from mtjlab.procedures.curves import know_references
from mtjlab.procedures.doubts import Doubts
from mtjlab.procedures.mapping import presenter
from mtjlab.procedures.present import is_final
from mtjlab.procedures.types import Procedure

ClassOf = Callable[[SwitchingConfiguration], str | None]


@dataclass(frozen=True, slots=True)
class ClassifyPlan:
    """Tokens, each presented ``times`` times under ``controls``; ``class_of`` looks configurations up."""

    config: PlanConfig
    controls: ControlCurrents
    tokens: tuple[EncodedToken, ...]
    times: int
    class_of: ClassOf
    calibrated: JunctionsMeasured | None = None


def classify(bench: Bench, plan: ClassifyPlan, progress: Progress = Progress()) -> Procedure[TokensClassified]:  # noqa: B008
    """Present every token that ``progress`` does not hold; returns what was recognised.

    Raises:
        LimitExceededError: control currents outside the limits; nothing was written.
        BenchFaultError: the junctions cannot be measured or reset, or a source is wrong.
    """
    measured = yield from know_references(bench, plan.config, plan.calibrated)
    shows = yield from presenter(bench, plan.config, measured, plan.controls, 0)
    doubts = Doubts(bench, measured.references)
    shown = list(progress.shown)
    done = Counter(one.token.name for one in shown if is_final(one, plan.config.presentation))
    for token in plan.tokens:
        for _ in range(plan.times - done[token.name]):
            shown.append((yield from shows.present(token, 0, "classify")))
            yield from doubts.look_into_resets(shown[-1])
    names = [(token.name, token.label) for token in plan.tokens]
    classified = classified_as(bench.time_s, names, shown, plan.config.presentation, plan.class_of)
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
