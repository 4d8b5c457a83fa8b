"""What a measurement would reach on a bench, held against its limits before there is a run."""

from collections.abc import Sequence

from mtjlab.benches import envelope_of
from mtjlab.config import BenchConfig, PlanConfig
from mtjlab.counted import counted
from mtjlab.domain import PerJunction
from mtjlab.errors import RefusedError
from mtjlab.experiment.calibration import Calibration
from mtjlab.procedures.curves import reference_row_ua
from mtjlab.procedures.limits import demand_inside_limits
from mtjlab.procedures.sweep import staircase_ua


def demand_possible(
    bench: BenchConfig,
    config: PlanConfig,
    calibration: Calibration | None,
    rows_ua: Sequence[PerJunction],
    inputs_ua: Sequence[float],
) -> None:
    """Make sure that ``inputs_ua`` may be applied under ``rows_ua``, and references measured if there are none.

    Raises:
        RefusedError: there is not one control current for each junction; or the limits would be left: the message names
            what would have been reached, and where.
    """
    envelope, zero_ua = envelope_of(bench), (0.0,) * bench.junctions
    if calibration is None:
        reference_ua = reference_row_ua(config, bench.junctions)
        demand_one_for_each([reference_ua], bench, "training.start_control_ua of the plan: ")
        demand_inside_limits(envelope, zero_ua, [reference_ua], staircase_ua(config.sweep))
    else:
        envelope = envelope.with_laws(calibration.laws)
    demand_inside_limits(envelope, zero_ua, rows_ua, inputs_ua)


def demand_one_for_each(rows_ua: Sequence[PerJunction], bench: BenchConfig, where: str = "") -> None:
    """Make sure that each row holds one control current for each junction. Raises RefusedError."""
    for row_ua in rows_ua:
        if len(row_ua) != bench.junctions:
            raise RefusedError(
                f"{where}{counted(len(row_ua), 'control current')} ({', '.join(f'{c:.6g}' for c in row_ua)} uA) "
                f"for the {counted(bench.junctions, 'junction')} of bench {bench.name!r}. Give one for each."
            )
