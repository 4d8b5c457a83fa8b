"""The bench of a request: bench file, simulation and simulated faults."""

from pathlib import Path
from typing import Any

from mtjlab.config import BenchConfig, InstrumentBenchConfig, read_bench
from mtjlab.errors import RefusedError


def read_requested_bench(
    file: Path, simulate: bool, faults: tuple[str, ...] = (), speed: float | None = None
) -> BenchConfig:
    """Read the bench in ``file`` and check its settings against the capabilities of its models.

    Raises:
        RefusedError: a setting is not possible; the message names file, key and remedy.
    """
    return checked_bench(file, with_faults(read_bench(file), simulate, faults, speed), simulate)


def checked_bench(file: Path, bench: BenchConfig, simulate: bool) -> BenchConfig:
    """Check the settings of ``bench``, which is in ``file``, against the capabilities of its models; return it.

    Raises:
        RefusedError: a model does not have a setting, or this computer lacks a driver; the message names file, key and
            remedy.
    """
    if isinstance(bench, InstrumentBenchConfig):
        from mtjlab.benches.models_check import demand_instruments  # noqa: PLC0415  all drivers: slow to import
        from mtjlab.benches.support_check import demand_support  # noqa: PLC0415

        demand_instruments(file, bench, simulate)
        if not simulate:
            demand_support(file, bench)
    return bench


def with_faults(bench: BenchConfig, simulate: bool, faults: tuple[str, ...], speed: float | None = None) -> BenchConfig:
    """Return ``bench`` with additional simulated ``faults`` and ``speed`` (bench seconds per second).

    Raises:
        RefusedError: faults or a speed are given, but no instruments are simulated.
    """
    given = [name for name, value in (("--fault", faults), ("--speed", speed)) if value]
    if given and not isinstance(bench, InstrumentBenchConfig):
        raise RefusedError(f"{given[0]} is for simulated instruments: give a bench file of kind 'instruments'.")
    if given and not simulate:
        raise RefusedError(f"{given[0]} is for simulated instruments: give --simulate too, or leave it out.")
    if not isinstance(bench, InstrumentBenchConfig):
        return bench
    simulation = bench.simulation.model_copy(
        update={
            "faults": (*bench.simulation.faults, *faults),
            "speed": bench.simulation.speed if speed is None else speed,
        }
    )
    return bench.model_copy(update={"simulation": simulation})


def with_field(bench: BenchConfig, field_mt: float | None) -> BenchConfig:
    """Return ``bench`` with another field, which is set before its outputs go on; None changes nothing.

    A field that is set by hand is asked of the operator.

    Raises:
        RefusedError: its supply does not make that field, or it has none and its field is constant.
    """
    if field_mt is None:
        return bench
    if bench.field is None:
        raise RefusedError(
            "--field-mt: the field of this bench is constant, as its file has no table [field]. Add one, or take a "
            "bench that has it, such as `--bench field --simulate`.",
            ("run.field_mt",),
        )
    if abs(field_mt) > bench.largest_field_mt > 0.0:
        raise RefusedError(
            f"--field-mt: the supply of this bench makes up to {bench.largest_field_mt:.6g} mT, not {field_mt:.6g} mT.",
            ("run.field_mt",),
        )
    changed: dict[str, Any] = {"field": bench.field.model_copy(update={"field_mt": field_mt})}
    if bench.largest_field_mt == 0.0:  # where instruments are simulated, a person has set it so too
        changed["simulation"] = bench.simulation.model_copy(update={"field_mt": field_mt})
    return bench.model_copy(update=changed)
