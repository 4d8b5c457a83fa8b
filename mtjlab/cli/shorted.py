"""Before the first output after a change of bench or chip: the chain must be shorted while it is connected."""

import sys
from pathlib import Path

import typer

from mtjlab.config import BenchConfig, InstrumentBenchConfig
from mtjlab.runs.memory import demand_confirmed, is_known_bench


def ask_if_shorted(file: Path, bench: BenchConfig, simulate: bool, confirmed: bool) -> bool:
    """Have a person confirm that the chain was shorted, if this bench or chip is new; whether one just did.

    Raises:
        RefusedError: nobody confirms. Nothing was connected.
    """
    if simulate or not isinstance(bench, InstrumentBenchConfig) or is_known_bench(bench):
        return False
    asks = sys.stdin.isatty() and not confirmed
    demand_confirmed(file, bench, confirmed or (asks and _confirms(bench)), "--confirm-shorted")
    return asks


def wants_check() -> bool:
    """Whether the person wants the new wiring looked at before anything else."""
    return typer.confirm("Look for wiring mistakes first (a few microamperes, half a minute)?", default=True)


def _confirms(bench: InstrumentBenchConfig) -> bool:
    return typer.confirm(
        f"Bench {bench.name!r} with chip {bench.device.name!r} is new. Were all sources at zero and was the chain "
        "shorted while it was connected?",
        default=False,
    )
