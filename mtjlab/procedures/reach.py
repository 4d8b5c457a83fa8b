"""Check of the currents of a run against the limits, before its folder is made."""

from collections.abc import Sequence
from dataclasses import dataclass

from mtjlab.calibration import Calibration
from mtjlab.config import BenchConfig, PlanConfig
from mtjlab.counted import counted
from mtjlab.domain import PerJunction
from mtjlab.envelope import Envelope
from mtjlab.errors import RefusedError
from mtjlab.procedures.curves import reference_row_ua
from mtjlab.procedures.limits import demand_inside_limits
from mtjlab.procedures.reference_sweep import staircase_ua

REFERENCE_KEYS = ("training.start_control_ua", "sweep.input_stop_ua")
"""Keys of the plan for the sweep that measures references."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Sets of control currents that a run will hold, and inputs that it will apply at each (uA).

    ``keys`` are those of the request that set them.
    """

    rows_ua: tuple[PerJunction, ...]
    inputs_ua: tuple[float, ...]
    keys: tuple[str, str] = ("controls_ua", "staircase.input_stop_ua")


def demand_reachable(
    reach: Reach, envelope: Envelope, bench: BenchConfig, config: PlanConfig, calibration: Calibration | None
) -> None:
    """Check ``reach`` against the limits; without a calibration, also the reference sweep before it.

    Raises:
        RefusedError: there is not one control current for each junction, or a limit would be exceeded; the message
            names the current and the junction.
    """
    zero_ua = (0.0,) * bench.junctions
    demand_one_for_each(reach.rows_ua, bench, reach.keys[0])
    if calibration is None:
        reference_ua = reference_row_ua(config, bench.junctions)
        demand_one_for_each([reference_ua], bench, REFERENCE_KEYS[0], "training.start_control_ua of the plan: ")
        demand_inside_limits(envelope, zero_ua, [reference_ua], staircase_ua(config.sweep), REFERENCE_KEYS)
    demand_inside_limits(envelope, zero_ua, reach.rows_ua, reach.inputs_ua, reach.keys)


def demand_one_for_each(rows_ua: Sequence[PerJunction], bench: BenchConfig, key: str, where: str = "") -> None:
    """Check that each row, in ``key``, has one control current for each junction. Raises RefusedError."""
    for row_ua in rows_ua:
        if len(row_ua) != bench.junctions:
            listed = f" ({', '.join(f'{c:.6g}' for c in row_ua)} uA)" if row_ua else ""
            raise RefusedError(
                f"{where}{counted(len(row_ua), 'control current')}{listed} "
                f"for the {counted(bench.junctions, 'junction')} of bench {bench.name!r}. Give one for each.",
                (key,),
            )
