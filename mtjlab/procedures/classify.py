"""Inference: tokens presented under control currents that were learnt; what they give is said, and nothing guessed."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from mtjlab.bench import Bench
from mtjlab.config import PlanConfig
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
from mtjlab.procedures.mapping import presenter
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
        BenchFaultError: the junctions cannot be measured or reset.
    """
    start_ua = plan.config.training.start_controls(bench.description.junctions, len(plan.controls.by_input_ua))
    measured = yield from know_references(bench, plan.config, start_ua.by_input_ua[0], plan.calibrated)
    shows = yield from presenter(bench, plan.config, measured, plan.controls, 0)
    shown = list(progress.shown)
    attempts = plan.config.presentation.attempts
    done = Counter(one.token.name for one in shown if counts(one, attempts))
    for token in plan.tokens:
        for _ in range(plan.times - done[token.name]):
            shown.append((yield from shows.present(token, 0, "classify")))
    names = [(token.name, token.label) for token in plan.tokens]
    classified = classified_as(bench.time_s, names, [one for one in shown if counts(one, attempts)], plan.class_of)
    yield classified
    return classified


def classified_as(
    t_s: float, tokens: Iterable[tuple[str, str]], shown: Sequence[Presented], class_of: ClassOf
) -> TokensClassified:
    """What ``tokens``, by name and label, were recognised as in the presentations ``shown``."""
    return TokensClassified(t_s, tuple(_told(name, label, shown, class_of) for name, label in tokens))


def counts(presented: Presented, attempts: int) -> bool:
    """A presentation without a configuration counts if it was not tried again."""
    return presented.configuration is not None or presented.attempt == attempts


def _told(name: str, label: str, shown: Sequence[Presented], class_of: ClassOf) -> TokenClassified:
    came = [one.configuration for one in shown if one.token.name == name]
    classes = Counter(class_of(configuration) if configuration else None for configuration in came)
    recognised_as, count = max(classes.items(), key=lambda item: (item[1], item[0] is None), default=(None, 0))
    counted = Counter(came).most_common()
    return TokenClassified(name, label, tuple(counted), recognised_as, count / max(1, len(came)))
