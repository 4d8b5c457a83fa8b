"""Where junctions are held: what was asked, completed by what was measured of them."""

from collections.abc import Sequence

from mtjlab.analysis.telegraph import Levels
from mtjlab.bench import Bench
from mtjlab.config import PlanConfig
from mtjlab.detection.detector import samples_needed
from mtjlab.domain import PerJunction, junction_label
from mtjlab.errors import RefusedError
from mtjlab.events import JunctionsMeasured
from mtjlab.procedures.dwell.events import HoldsPlanned
from mtjlab.procedures.dwell.law import hops, middles_ua, resetting_input_ua, switches_after
from mtjlab.procedures.dwell.plan import DwellPlan

DWELLS = 10.0
"""Expected mean dwells that a hold without resets must have room for."""


def planned_holds(
    bench: Bench, plan: DwellPlan, config: PlanConfig, measured: JunctionsMeasured, differences: bool
) -> HoldsPlanned:
    """Control currents, inputs and levels of every hold.

    Raises:
        RefusedError: the states of no junction can be told apart there, or junctions would not be reset.
    """
    controls_ua, inputs_ua, resets = _currents(plan, config, measured)
    held_ua = [tuple(control + input_ua for control in controls_ua) for input_ua in inputs_ua]
    levels = tuple(tuple(_levels(measured, k, current, config) for k, current in enumerate(row)) for row in held_ua)
    blind = [k for k in range(len(controls_ua)) if all(row[k] is None for row in levels)]
    if len(blind) == len(controls_ua):
        raise RefusedError(
            f"At {', '.join(f'{current:.6g}' for current in held_ua[0])} uA the two states of no junction can be told "
            "apart: too little current for the noise of the voltmeters. Give other controls_ua or inputs_ua."
        )
    unseen = tuple(
        f"the states of {junction_label(k)} cannot be told apart there: too little current, or too much noise"
        for k in blind
    )
    high = dict.fromkeys(caution for row in held_ua for caution in bench.envelope.cautions(row))
    return HoldsPlanned(bench.time_s, controls_ua, inputs_ua, resets, levels, (*unseen, *high), differences)


def _currents(
    plan: DwellPlan, config: PlanConfig, measured: JunctionsMeasured
) -> tuple[PerJunction, PerJunction, bool]:
    """Control currents, inputs, and whether junctions are reset before each hold."""
    critical, margin_ua = measured.critical, config.encoding.reset_margin_ua
    if plan.controls_ua is not None:
        inputs_ua = plan.inputs_ua or (0.0,)
        is_reset = all(c < down - margin_ua for c, down in zip(plan.controls_ua, critical.down_ua, strict=True))
        asks_for_both = plan.way == "auto" and plan.inputs_ua is not None and is_reset
        return plan.controls_ua, inputs_ua, plan.way == "reset" or asks_for_both
    middle_ua, inputs_ua = middles_ua(critical), plan.inputs_ua or (0.0,)
    if plan.way == "hold" or (plan.way == "auto" and _all_hop(measured, middle_ua, inputs_ua, plan.for_s / DWELLS)):
        return middle_ua, inputs_ua, False
    target_ua = switches_after(critical)
    least_ua = resetting_input_ua(critical, target_ua, margin_ua)
    inputs_ua = plan.inputs_ua or (least_ua,)
    if inputs_ua[0] < least_ua:
        raise RefusedError(
            f"Without an input of {inputs_ua[0]:.6g} uA junctions would not be reset where they switch after a second "
            f"with it. Give inputs_ua from {least_ua:.6g} uA on, or way = 'hold'."
        )
    return tuple(round(target - inputs_ua[0], 1) for target in target_ua), inputs_ua, True


def _all_hop(
    measured: JunctionsMeasured, controls_ua: PerJunction, inputs_ua: Sequence[float], within_s: float
) -> bool:
    rows = [tuple(control + input_ua for control in controls_ua) for input_ua in inputs_ua]
    return all(hops(measured.critical, row, within_s) for row in rows)


def _levels(measured: JunctionsMeasured, junction: int, current_ua: float, config: PlanConfig) -> Levels | None:
    """None unless a single sample tells the states apart."""
    reference = measured.references[junction]
    if samples_needed(reference, current_ua, config.detector) != 1:
        return None
    return Levels(*(round(level, 6) for level in reference.levels_mv(current_ua)))
