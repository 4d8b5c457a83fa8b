"""Currents of the holds: those of the plan, completed from the measured junctions."""

from collections.abc import Sequence
from dataclasses import dataclass

from mtjlab.analysis.telegraph import Levels
from mtjlab.bench import Bench
from mtjlab.config import PlanConfig
from mtjlab.detection.detector import samples_needed
from mtjlab.domain import PerJunction, junction_label
from mtjlab.errors import RefusedError
from mtjlab.events import JunctionsMeasured
from mtjlab.procedures.dwell.events import HoldsPlanned, JunctionsHeld
from mtjlab.procedures.dwell.law import currents_switching_after, hops, middles_ua, resetting_input_ua
from mtjlab.procedures.dwell.plan import DwellPlan

DWELLS = 10.0
"""Number of expected mean dwells that must fit into a hold without resets."""


@dataclass(frozen=True, slots=True)
class Currents:
    """Control currents and inputs (uA), and whether junctions are reset before each hold."""

    controls_ua: PerJunction
    inputs_ua: PerJunction
    resets: bool

    @property
    def held_ua(self) -> tuple[PerJunction, ...]:
        """Junction currents at each input."""
        return tuple(tuple(control + input_ua for control in self.controls_ua) for input_ua in self.inputs_ua)


def planned_holds(
    bench: Bench, currents: Currents, config: PlanConfig, measured: JunctionsMeasured, differences: bool
) -> HoldsPlanned:
    """Plan the currents and levels of every hold.

    Raises:
        RefusedError: the states of every junction are indistinguishable.
    """
    levels = tuple(levels_at(row, config, measured) for row in currents.held_ua)
    indistinct = indistinct_junctions(levels)
    if len(indistinct) == len(currents.controls_ua):
        raise RefusedError(
            f"At {', '.join(f'{current:.6g}' for current in currents.held_ua[0])} uA the two states cannot be "
            "distinguished for any junction: the current is too low for the noise of the voltmeters. Give other "
            "controls_ua or inputs_ua."
        )
    high = dict.fromkeys(caution for row in currents.held_ua for caution in bench.envelope.cautions(row))
    return HoldsPlanned(
        bench.time_s,
        currents.controls_ua,
        currents.inputs_ua,
        currents.resets,
        levels,
        (*indistinct, *high),
        differences,
    )


def indistinct_junctions(levels: Sequence[Sequence[Levels | None]]) -> tuple[str, ...]:
    """A sentence for each junction whose states cannot be distinguished at any input.

    Journals record these sentences, and a re-evaluation replaces them: the wording must not change.
    """
    return tuple(
        f"the states of {junction_label(k)} cannot be told apart there: too little current, or too much noise"
        for k, of_junction in enumerate(zip(*levels, strict=True))
        if all(one is None for one in of_junction)
    )


def levels_at(row_ua: PerJunction, config: PlanConfig, measured: JunctionsMeasured) -> tuple[Levels | None, ...]:
    """Levels of each junction at its current; None unless a single sample distinguishes its states."""
    return tuple(_levels(measured, k, current_ua, config) for k, current_ua in enumerate(row_ua))


def currents_of(event: JunctionsHeld, plan: DwellPlan) -> Currents:
    """Currents of the holds from one of them, for a journal that has lost the plan of the holds."""
    input_ua = event.reading.input_ua
    controls_ua = plan.controls_ua or tuple(round(current - input_ua, 3) for current in event.reading.currents_ua)
    return Currents(controls_ua, plan.inputs_ua or (input_ua,), event.reset_s is not None)


def currents_for(plan: DwellPlan, config: PlanConfig, measured: JunctionsMeasured) -> Currents:
    """Currents of the plan, completed from the measured junctions.

    Raises:
        RefusedError: junctions would not be reset, as the plan requires.
    """
    critical, margin_ua = measured.critical, config.encoding.reset_margin_ua
    if plan.controls_ua is not None:
        inputs_ua = plan.inputs_ua or (0.0,)
        is_reset = all(c < down - margin_ua for c, down in zip(plan.controls_ua, critical.down_ua, strict=True))
        allows_resets = plan.way == "auto" and plan.inputs_ua is not None and is_reset
        return Currents(plan.controls_ua, inputs_ua, plan.way == "reset" or allows_resets)
    middle_ua, inputs_ua = middles_ua(critical), plan.inputs_ua or (0.0,)
    holds = plan.without_resets or _all_hop(measured, middle_ua, inputs_ua, plan.for_s / DWELLS)
    if plan.way == "hold" or (plan.way == "auto" and holds):
        return Currents(middle_ua, inputs_ua, resets=False)
    target_ua = currents_switching_after(critical)
    least_ua = resetting_input_ua(critical, target_ua, margin_ua)
    inputs_ua = plan.inputs_ua or (least_ua,)
    if inputs_ua[0] < least_ua and plan.way == "auto":
        return Currents(middle_ua, inputs_ua, resets=False)
    if inputs_ua[0] < least_ua:
        raise RefusedError(
            f"With an input of {inputs_ua[0]:.6g} uA, junctions that switch within about a second would not reset at "
            f"zero input. Give inputs_ua of at least {least_ua:.6g} uA, or way = 'hold'."
        )
    return Currents(tuple(round(target - inputs_ua[0], 1) for target in target_ua), inputs_ua, resets=True)


def _all_hop(
    measured: JunctionsMeasured, controls_ua: PerJunction, inputs_ua: Sequence[float], within_s: float
) -> bool:
    rows = [tuple(control + input_ua for control in controls_ua) for input_ua in inputs_ua]
    return all(hops(measured.critical, row, within_s) for row in rows)


def _levels(measured: JunctionsMeasured, junction: int, current_ua: float, config: PlanConfig) -> Levels | None:
    reference = measured.references[junction]
    if samples_needed(reference, current_ua, config.detector) != 1:
        return None
    return Levels(*(round(level, 6) for level in reference.levels_mv(current_ua)))
