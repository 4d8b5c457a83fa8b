"""Check of a measurement against the limits before anything is written."""

from collections.abc import Sequence
from itertools import pairwise

from mtjlab.analysis.rest import HELD_S
from mtjlab.config import PresentationSettings
from mtjlab.domain import PerJunction
from mtjlab.envelope import Envelope
from mtjlab.errors import LimitExceededError, RefusedError, blamed_on
from mtjlab.transitions import controls_applied_s
from mtjlab.typed_numbers import shown_number


def demand_inside_limits(
    envelope: Envelope,
    held_ua: PerJunction,
    rows_ua: Sequence[PerJunction],
    inputs_ua: Sequence[float],
    keys: tuple[str, str] = ("", ""),
) -> None:
    """Check ``inputs_ua`` at each of ``rows_ua``, and the moves between rows, against the limits.

    The control currents are held in turn, starting from ``held_ua``; after the last, the first are held again.
    ``keys`` are those of control currents and inputs.

    Raises:
        LimitExceededError: names the input, the control currents, and the junction with its current.
    """
    for row_ua in rows_ua:
        for input_ua in (0.0, min(inputs_ua), max(inputs_ua)):
            reached_ua = tuple(control + input_ua for control in row_ua)
            try:
                envelope.plan(reached_ua, reached_ua)
            except LimitExceededError as error:
                raise LimitExceededError(
                    f"An input of {shown_number(input_ua)} uA with control currents {_listed(row_ua)} uA: {error}",
                    keys if input_ua else keys[:1],
                ) from error
    for before_ua, row_ua in pairwise((held_ua, *rows_ua, rows_ua[0])):
        try:
            envelope.plan(before_ua, row_ua)
        except LimitExceededError as error:
            raise LimitExceededError(f"Control currents {_listed(row_ua)} uA: {error}", keys[:1]) from error


def demand_possible_widths(envelope: Envelope, settings: PresentationSettings) -> None:
    """Check that no pulse is too short for the wiring of the bench. Raises RefusedError."""
    with blamed_on("presentation.width_s", "presentation.reset_s"):
        for width_s in settings.widths_s:
            envelope.limits.demand_width(width_s)


def controls_applied_for_s(settings: PresentationSettings, settle_s: float) -> float:
    """Time for which control currents are applied for a pulse, without the time that the link needs."""
    return HELD_S if settings.control == "held" else controls_applied_s(settings.width_s, settle_s)


def demand_same_inputs(pulse_width_s: float | None, settings: PresentationSettings, key: str) -> None:
    """Check that inputs are applied as in the training of a network: critical currents depend on how long.

    ``key`` is that of a pulse width. Raises RefusedError.
    """
    if pulse_width_s == settings.pulse_width_s:
        return
    if pulse_width_s is None:
        raise RefusedError(
            "The network was trained with held inputs, and the plan asks for pulses. Take a plan with "
            'presentation.mode = "dc", and give no pulse width.',
            ("presentation.mode", key),
        )
    asked = "held inputs" if settings.pulse_width_s is None else f"pulses of {settings.pulse_width_s:.6g} s"
    raise RefusedError(
        f"The network was trained with pulses of {pulse_width_s:.6g} s, and the plan asks for {asked}. Give a pulse "
        f"width of {pulse_width_s:.6g} s: --pulse-width {pulse_width_s:.6g}.",
        (key,),
    )


def demand_pulses_inside_limits(envelope: Envelope, rows_ua: Sequence[PerJunction], highest_ua: float) -> None:
    """Check pulses of up to ``highest_ua`` on top of each of ``rows_ua`` against the limits.

    Raises:
        LimitExceededError: names the pulse, the control currents, and the junction with its current.
    """
    for row_ua in rows_ua:
        what = f"A pulse of {shown_number(highest_ua)} uA with control currents {_listed(row_ua)} uA"
        try:
            envelope.demand_pulse(tuple(control + highest_ua for control in row_ua), what)
        except LimitExceededError as error:
            raise LimitExceededError(str(error), ("staircase.input_stop_ua",)) from error


def _listed(currents_ua: PerJunction) -> str:
    return ", ".join(map(shown_number, currents_ua))
