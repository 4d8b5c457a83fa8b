"""What goes wrong on simulated instruments, as asked for on the command line."""

from mtjlab.config import BenchConfig, InstrumentBenchConfig
from mtjlab.errors import RefusedError


def with_faults(bench: BenchConfig, faults: tuple[str, ...], speed: float | None = None) -> BenchConfig:
    """``bench`` whose simulated instruments have ``faults`` too, and ``speed`` bench seconds in a second.

    Raises:
        RefusedError: the bench has no instruments that could have a fault.
    """
    if not isinstance(bench, InstrumentBenchConfig):
        if faults:
            raise RefusedError("--fault is for simulated instruments: give a bench file of kind 'instruments'.")
        return bench
    simulation = bench.simulation.model_copy(
        update={
            "faults": (*bench.simulation.faults, *faults),
            "speed": bench.simulation.speed if speed is None else speed,
        }
    )
    return bench.model_copy(update={"simulation": simulation})
