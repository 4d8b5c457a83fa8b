"""Before a run: what only a person can know of the bench."""

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
    """Whether a person just confirmed that the chain was shorted while it was connected; the field is asked for, too.

    ``confirmed``: an option says that it was.

    Raises:
        RefusedError: what has to be known is not. Nothing was connected.
    """
    bench = request.bench
    if request.simulate or not isinstance(bench, InstrumentBenchConfig):
        return False
    just_confirmed = _ask_if_shorted(request.bench_file, bench, confirmed)
    _ask_for_field(bench)
    return just_confirmed


def wants_check() -> bool:
    """Whether the person wants the new wiring looked at before anything else."""
    return click.confirm("Look for wiring mistakes first (a few microamperes, half a minute)?", default=True)


def _ask_if_shorted(file: Path, bench: InstrumentBenchConfig, confirmed: bool) -> bool:
    """Have a person confirm that the chain was shorted, if this bench or chip is new; whether one just did."""
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
    """Have a person at a terminal read the gaussmeter, once for each change of bench, chip or field."""
    if not bench.field.by_hand or not sys.stdin.isatty() or gaussmeter_reading(bench) is not None:
        return
    from instruments.magnets import MT_PER_T, field_by_hand_t  # noqa: PLC0415  a driver: slow to import

    try:
        field_t = field_by_hand_t(_ask, bench.field.field_mt / MT_PER_T, read_number)
    except InstrumentError as error:
        raise RefusedError(f"{error} Nothing was connected. Read the gaussmeter, then start again.") from error
    remember_field(bench, round(field_t * MT_PER_T, MT_DECIMALS))


def _ask(question: str) -> str:
    return str(click.prompt(question, default="", show_default=False, prompt_suffix=" ", err=True))
