"""Inference: present tokens at learnt control currents; a token without a clear result gets no class."""

from collections import Counter
from collections.abc import Iterable, Sequence

from mtjlab.bench import Bench
from mtjlab.config import PlanConfig, PresentationSettings
from mtjlab.domain import ClassTable
from mtjlab.events import Event, JunctionsMeasured, Presented
from mtjlab.procedures.classify.events import TokenClassified, TokensClassified
from mtjlab.procedures.classify.plan import ClassifyPlan
from mtjlab.procedures.curves import get_references
from mtjlab.procedures.deviation_check import DeviationCheck
from mtjlab.procedures.inputs import input_mode
from mtjlab.procedures.present import is_final, prepare_presenter
from mtjlab.procedures.types import Procedure


def classify(
    bench: Bench,
    config: PlanConfig,
    plan: ClassifyPlan,
    calibrated: JunctionsMeasured | None = None,
    taken_over: Sequence[Event] = (),
) -> Procedure[TokensClassified]:
    """Present every token not among the events ``taken_over``; returns the classified tokens.

    Raises:
        LimitExceededError: control currents outside the limits; nothing was written.
        BenchFaultError: the junctions cannot be measured or reset, or a source is faulty.
    """
    measured = yield from get_references(bench, config, calibrated)
    inputs = yield from input_mode(bench, config, measured)
    presenter = yield from prepare_presenter(inputs, plan.network.controls, 0)
    yield from inputs.demand_reset()
    deviation_check = DeviationCheck(bench, measured.references)
    shown = [one for one in taken_over if isinstance(one, Presented)]
    done = Counter(one.token.name for one in shown if is_final(one, config.presentation))
    for token in plan.encoded:
        for _ in range(plan.times - done[token.name]):
            shown.append((yield from presenter.present(token, 0, "classify")))
            yield from deviation_check.check_resets(shown[-1])
    names = [(token.name, token.label) for token in plan.tokens]
    classified = classified_as(bench.time_s, names, shown, config.presentation, plan.network.table)
    yield classified
    return classified


def classified_as(
    t_s: float,
    tokens: Iterable[tuple[str, str]],
    shown: Sequence[Presented],
    settings: PresentationSettings,
    table: ClassTable,
) -> TokensClassified:
    """Classify ``tokens``, given by name and label, by their final presentations among ``shown``."""
    final = [one for one in shown if is_final(one, settings)]
    return TokensClassified(t_s, tuple(_classified(name, label, final, table) for name, label in tokens))


def _classified(name: str, label: str, shown: Sequence[Presented], table: ClassTable) -> TokenClassified:
    seen = [one.configuration for one in shown if one.token.name == name]
    classes = Counter(table.class_of(configuration) for configuration in seen)
    most = max(classes.values(), default=0)
    first, *others = [answer for answer, count in classes.items() if count == most] or [None]
    counted = tuple(Counter(seen).most_common())
    return TokenClassified(name, label, counted, None if others else first, most / max(1, len(seen)))
