"""Questions to the operator before a run on real instruments."""

import sys
from pathlib import Path

import click

from instruments.interfaces import InstrumentError
from mtjlab.config import InstrumentBenchConfig
from mtjlab.errors import RefusedError
from mtjlab.experiment import Request
from mtjlab.runs.memory import demand_confirmed, gaussmeter_reading, is_known_bench, remember_field
from mtjlab.typed_numbers import read_number

MT_DECIMALS = 6


def ask_first(request: Request, confirmed: bool) -> bool:
    """Ask the operator about a shorted chain and the field; return whether the shorting was confirmed just now.

    ``confirmed``: it was confirmed by an option.

    Raises:
        RefusedError: a necessary answer is missing. Nothing was connected.
    """
    bench = request.bench
    if request.simulate or not isinstance(bench, InstrumentBenchConfig):
        return False
    just_confirmed = _ask_if_shorted(request.bench_file, bench, confirmed)
    _ask_for_field(bench)
    return just_confirmed


def wants_check() -> bool:
    """Ask whether to check the new wiring first."""
    return click.confirm("Check the wiring first (a few microamperes, half a minute)?", default=True)


def _ask_if_shorted(file: Path, bench: InstrumentBenchConfig, confirmed: bool) -> bool:
    """Have the operator confirm the shorted chain of a new bench or chip; return whether that was done just now."""
    if is_known_bench(bench):
        return False
    asks = sys.stdin.isatty() and not confirmed
    demand_confirmed(file, bench, confirmed or (asks and _confirms(bench)), "--confirm-shorted")
    return asks


def _confirms(bench: InstrumentBenchConfig) -> bool:
    return click.confirm(
        f"Bench {bench.name!r} with chip {bench.device.name!r} is new. Were all sources at zero and was the chain "
        "shorted while it was connected?",
        default=False,
    )


def _ask_for_field(bench: InstrumentBenchConfig) -> None:
    """Ask for the reading of the gaussmeter, once for each change of bench, chip or field."""
    if not bench.field.asks_operator or not sys.stdin.isatty() or gaussmeter_reading(bench) is not None:
        return
    from instruments.magnets import MT_PER_T, field_by_hand_t  # noqa: PLC0415  a driver: slow to import

    try:
        field_t = field_by_hand_t(_ask, bench.field.field_mt / MT_PER_T, read_number)
    except InstrumentError as error:
        raise RefusedError(f"{error} Nothing was connected. Read the gaussmeter, then start again.") from error
    remember_field(bench, round(field_t * MT_PER_T, MT_DECIMALS))


def _ask(question: str) -> str:
    return str(click.prompt(question, default="", show_default=False, prompt_suffix=" ", err=True))
