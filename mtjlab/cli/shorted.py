"""Before the first output after a change of bench or chip: the chain must be shorted while it is connected."""

import sys
from pathlib import Path

import typer

from mtjlab.config import BenchConfig, InstrumentBenchConfig
from mtjlab.errors import RefusedError
from mtjlab.runs.memory import is_known_bench, remember_bench


def ask_if_shorted(file: Path, bench: BenchConfig, simulate: bool, confirmed: bool) -> bool:
    """Have a person confirm that the chain was shorted, if this bench or chip is new; whether one just did.

    Raises:
        RefusedError: nobody confirms. Nothing was connected.
    """
    if simulate or not isinstance(bench, InstrumentBenchConfig) or is_known_bench(bench):
        return False
    asks = sys.stdin.isatty() and not confirmed
    if not confirmed and not (asks and _confirms(bench)):
        raise RefusedError(
            f"{file}: this bench, or its chip {bench.device.name!r}, is not the one of the last run. Tunnel barriers "
            "die of a few volts of static charge: short the chain while you connect it, with all sources at zero, then "
            "say so with --confirm-shorted. Nothing was connected."
        )
    remember_bench(bench)
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
