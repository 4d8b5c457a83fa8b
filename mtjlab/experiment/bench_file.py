"""The bench that a command asks for: a bench file, whether it is simulated, and what goes wrong then."""

from pathlib import Path

from mtjlab.config import BenchConfig, InstrumentBenchConfig, read_bench
from mtjlab.errors import RefusedError


def read_requested_bench(
    file: Path, simulate: bool, faults: tuple[str, ...] = (), speed: float | None = None
) -> BenchConfig:
    """The bench in ``file``, its instruments held against what their models can do.

    Raises:
        RefusedError: something in it cannot be done; the message names file, key and remedy.
    """
    return checked_bench(file, with_faults(read_bench(file), simulate, faults, speed), simulate)


def checked_bench(file: Path, bench: BenchConfig, simulate: bool) -> BenchConfig:
    """``bench`` as it stands in ``file``, its instruments held against what their models can do.

    Raises:
        RefusedError: a model cannot do what is asked; the message names file, key and remedy.
    """
    if isinstance(bench, InstrumentBenchConfig):
        from mtjlab.benches.models_check import demand_instruments  # noqa: PLC0415  all drivers: slow to import

        demand_instruments(file, bench, simulate)
    return bench


def with_faults(bench: BenchConfig, simulate: bool, faults: tuple[str, ...], speed: float | None = None) -> BenchConfig:
    """``bench`` whose simulated instruments have ``faults`` too, and ``speed`` bench seconds in a second.

    Raises:
        RefusedError: faults or a speed are asked for, and no instruments will be simulated.
    """
    asked = [name for name, value in (("--fault", faults), ("--speed", speed)) if value]
    if asked and not isinstance(bench, InstrumentBenchConfig):
        raise RefusedError(f"{asked[0]} is for simulated instruments: give a bench file of kind 'instruments'.")
    if asked and not simulate:
        raise RefusedError(f"{asked[0]} is for simulated instruments: give --simulate too, or leave it out.")
    if not isinstance(bench, InstrumentBenchConfig):
        return bench
    simulation = bench.simulation.model_copy(
        update={
            "faults": (*bench.simulation.faults, *faults),
            "speed": bench.simulation.speed if speed is None else speed,
        }
    )
    return bench.model_copy(update={"simulation": simulation})
