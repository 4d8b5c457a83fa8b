"""Before a run on real instruments whose field is set by hand: a person reads the gaussmeter."""

import sys

import typer

from instruments.interfaces import InstrumentError
from mtjlab.config import BenchConfig, InstrumentBenchConfig
from mtjlab.errors import RefusedError
from mtjlab.runs.memory import field_said, remember_field
from mtjlab.typed_numbers import read_number

MT_DECIMALS = 6


def ask_for_field(bench: BenchConfig, simulate: bool) -> None:
    """Have a person at a terminal read the gaussmeter, once for each change of bench, chip or field.

    Raises:
        RefusedError: they give no number. Nothing was connected.
    """
    if simulate or not isinstance(bench, InstrumentBenchConfig) or not bench.field.by_hand:
        return
    if not sys.stdin.isatty() or field_said(bench) is not None:
        return
    from instruments.magnets import MT_PER_T, field_by_hand_t  # noqa: PLC0415  a driver: slow to import

    try:
        field_t = field_by_hand_t(_ask, bench.field.field_mt / MT_PER_T, read_number)
    except InstrumentError as error:
        raise RefusedError(f"{error} Nothing was connected. Read the gaussmeter, then start again.") from error
    remember_field(bench, round(field_t * MT_PER_T, MT_DECIMALS))


def _ask(question: str) -> str:
    return str(typer.prompt(question, default="", show_default=False, prompt_suffix=" ", err=True))
