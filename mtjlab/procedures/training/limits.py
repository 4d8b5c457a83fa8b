"""Check of the start of a training against the limits."""

from collections.abc import Sequence
from math import log, log10
from pathlib import Path

from mtjlab.analysis.rest import HELD_S
from mtjlab.analysis.switching_law import sensitivity_per_ua
from mtjlab.config import PlanConfig
from mtjlab.config.bench import SHORTEST_OF_MODEL_S
from mtjlab.counted import counted
from mtjlab.domain import input_label
from mtjlab.envelope import Envelope
from mtjlab.errors import LimitExceededError, RefusedError
from mtjlab.procedures.limits import controls_applied_for_s
from mtjlab.procedures.reach import REFERENCE_KEYS
from mtjlab.procedures.reference_sweep import staircase_ua
from mtjlab.procedures.training.plan import TrainPlan

LONGEST_PULSE_S = 1.0
"""With longer ones a presentation takes too long."""
POSSIBLE_DECADES = log10(LONGEST_PULSE_S / SHORTEST_OF_MODEL_S)
MOST_PART_UA = 75.0
"""Control part that leaves room for training on a chip such as the paper's: states are lost from some 90 uA on."""
NOMINAL_SPREAD_UA = 4.3
"""Of critical currents, before a chip is measured."""


def demand_near_boundaries(config: PlanConfig, junctions: int, settle_s: float) -> None:
    """Check that control parts which lose no state can reach all boundaries: pulses start in the middle of them.

    Those that envelop a pulse are applied for less time than held ones, so they may be larger.

    Raises:
        RefusedError: the boundaries are too far apart for pulses.
    """
    spacing_ua, half = config.encoding.boundary_spacing_ua, (junctions - 1) / 2
    settings = config.presentation
    shorter = HELD_S / controls_applied_for_s(settings, settle_s)
    most_ua = MOST_PART_UA + round(log(shorter) / sensitivity_per_ua(NOMINAL_SPREAD_UA))
    if settings.is_pulsed and half * spacing_ua > most_ua:
        raise RefusedError(
            f"Boundaries {spacing_ua:.6g} uA apart need control parts of {half * spacing_ua:.6g} uA in both "
            f"directions, and with more than some {most_ua:.6g} uA junctions at rest lose their states. Set "
            f"encoding.boundary_spacing_ua to {most_ua / half:.3g} or less.",
            ("encoding.boundary_spacing_ua",),
        )


def demand_coded_by_amplitude(config: PlanConfig, junctions: int, spread_ua: float) -> None:
    """Check that the amplitude of pulses carries the inputs: their length would need too many decades.

    A pulse longer by a factor switches as one with more current would, by its logarithm over s:
    I_eff = I + ln(t / t_ref) / s. ``spread_ua`` is the standard deviation of critical currents, which gives s.

    Raises:
        RefusedError: their length shall carry them; the message says how many decades that needs.
    """
    if not config.presentation.is_pulsed or config.presentation.coded_by == "amplitude":
        return
    ua_per_decade = log(10.0) / sensitivity_per_ua(spread_ua)
    span_ua = max(1, junctions - 1) * config.encoding.boundary_spacing_ua
    decades = span_ua / ua_per_decade
    raise RefusedError(
        f"Inputs cannot be coded by the length of pulses: a decade of length is worth {ua_per_decade:.3g} uA, so "
        f"boundaries {config.encoding.boundary_spacing_ua:.6g} uA apart need {decades:.0f} decades from the first to "
        f"the last, and no bench has more than {POSSIBLE_DECADES:.2g}, from {SHORTEST_OF_MODEL_S:.2g} to "
        f"{LONGEST_PULSE_S:.2g} s. Set presentation.coded_by to amplitude.",
        ("presentation.coded_by",),
    )


def demand_fits_chains(plan: TrainPlan, config: PlanConfig, chains: Sequence[int]) -> None:
    """Check that a training is one that parallel chains can learn, if the bench has several.

    Raises:
        RefusedError: they cannot.
    """
    if len(chains) == 1:
        return
    training, inputs = config.training, config.encoding.inputs
    if inputs != len(chains):
        raise RefusedError(
            f"The bench has {len(chains)} chains in parallel, one for each input, and the plan has "
            f"{counted(inputs, 'input')}. Set encoding.inputs = {len(chains)}.",
            ("encoding.inputs",),
        )
    needed = {
        "held inputs (no pulse width)": config.presentation.is_pulsed,
        "training.rule paper or none": training.rule == "paired",
        "training.probe_first = 0": training.probe_first > 0,
        "training.refresh_every_steps = 0": training.refresh_every_steps > 0,
        "no warm start": plan.warm_start,
        "encoding.table one or auto": config.encoding.table == "joint",
    }
    if any(needed.values()):
        missing = ", ".join(words for words, is_missing in needed.items() if is_missing)
        raise RefusedError(f"A training of several chains in parallel needs {missing}. Nothing was started.")


def demand_inside_limits(config: PlanConfig, envelope: Envelope, plan_file: Path, chains: Sequence[int]) -> None:
    """Check that the start control currents fit the bench, and that the limits allow them and the sweep.

    Raises:
        RefusedError: they do not; the message names key and file.
    """
    inputs = config.encoding.inputs
    controls = config.training.start_controls(chains, inputs)
    sizes = list(chains) if len(chains) > 1 else [envelope.junctions] * inputs
    if [len(row) for row in controls.by_input_ua] != sizes:
        each = " and ".join(map(str, dict.fromkeys(sizes)))
        raise RefusedError(
            f"{plan_file}: training.start_control_ua needs one list per input ({inputs}), each "
            f"with one current per junction ({each}); or one number for all of them.",
            REFERENCE_KEYS[:1],
        )
    top_ua, zero_ua = staircase_ua(config.sweep)[-1], (0.0,) * envelope.junctions
    first_ua = controls.first_ua(envelope.junctions)
    for j, row_ua in enumerate(controls.by_input_ua if len(chains) == 1 else (first_ua,)):
        try:
            envelope.plan(zero_ua, row_ua)
        except LimitExceededError as error:
            message = f"{plan_file}: training.start_control_ua, input {input_label(j)}: {error}"
            raise RefusedError(message, REFERENCE_KEYS[:1]) from error
    try:
        envelope.plan(zero_ua, [control + top_ua for control in first_ua])
    except LimitExceededError as error:
        raise RefusedError(f"{plan_file}: sweep.input_stop_ua = {top_ua:.6g}: {error}", REFERENCE_KEYS) from error
