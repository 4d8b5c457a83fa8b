"""The magnetic field during a run: the one way to move it."""

from mtjlab.bench import Bench
from mtjlab.domain import junction_label
from mtjlab.envelope import demand_field
from mtjlab.errors import LimitExceededError
from mtjlab.events import FieldPlanned, FieldSet
from mtjlab.procedures.types import Procedure
from mtjlab.rack import MagneticField


def move_field(
    bench: Bench, field: MagneticField, to_mt: float, most_ua: float, is_step: bool = False
) -> Procedure[FieldSet]:
    """Move the field to ``to_mt`` while no junction carries more than ``most_ua``; returns what was read then.

    Yields ``FieldPlanned`` before anything is set, and ``FieldSet`` after; ``is_step``: it is one of many.

    Raises:
        LimitExceededError: the field is beyond that of the supply, or a junction carries more; nothing was set.
        BenchFaultError: the field is not reached.
    """
    demand_field(to_mt, field.largest_mt)
    demand_little_current(bench, most_ua)
    from_mt = field.read().supply_mt
    yield FieldPlanned(bench.time_s, from_mt, to_mt, field.ramp_mt_per_s, bench.currents_ua, most_ua)
    report = field.set_mt(to_mt)
    reached = FieldSet.of(bench.time_s, report, is_step)
    yield reached
    return reached


def demand_little_current(bench: Bench, most_ua: float) -> None:
    """Raise LimitExceededError if a junction carries more than ``most_ua`` in either direction."""
    over = [
        f"{junction_label(k)} carries {current_ua:.6g} uA"
        for k, current_ua in enumerate(bench.currents_ua)
        if abs(current_ua) > most_ua
    ]
    if over:
        raise LimitExceededError(
            f"The field was to be moved with at most {most_ua:.6g} uA through each junction, but {', '.join(over)}. "
            "Nothing was set. Take the control currents down first."
        )
