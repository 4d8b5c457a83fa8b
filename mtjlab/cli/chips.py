"""``mtjlab chips``: thresholds, resistances and stress of each chip over all its runs."""

import csv
from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from typing import Any

import click

from mtjlab.cli.common import messages, print_json, results
from mtjlab.cli.options import AS_JSON, PATH, runs_option
from mtjlab.console import PlainConsole
from mtjlab.counted import counted
from mtjlab.domain import PerJunction
from mtjlab.errors import RefusedError, reason_of
from mtjlab.runs.chips import Chip, ChipRun, began, chip_named, chips_in
from mtjlab.terminal import Listing

PER_JUNCTION = (
    "critical_up_ua", "critical_down_ua", "resistance_parallel_ohm", "tmr", "offset_mv", "charges_c", "stressed_s",
)  # fmt: skip
COUNTS = ("pulses", "inputs", "resets")


@click.command()
@click.argument("name", required=False)
@runs_option()
@click.option("--figure", type=PATH, help="File for the figure of the chip, .png or .svg.")
@click.option("--csv", "table", type=PATH, help="File for the table of the runs of the chip.")
@AS_JSON
def chips(name: str | None, runs: Path, figure: Path | None, table: Path | None, as_json: bool) -> None:
    """Thresholds, resistances and stress of a chip over all its runs; without a name, list the chips.

    A chip is known by device.name of its bench file; simulated chips are kept apart from real ones.
    """
    shown = chips_in(runs) if name is None else chip_named(chips_in(runs), name)
    if figure is not None:
        _draw(shown, figure)
    if table is not None:
        _write(shown, table)
    if as_json:
        print_json({"chips": [_json(one, name is not None) for one in shown]})
    elif name is None:
        _show_all(shown, results)
    else:
        for one in shown:
            _show(one, results)
    for line in [one.problem for chip in shown for one in chip.runs if one.problem]:
        messages.print_prose(f"mtjlab: {line}")


def _json(chip: Chip, with_runs: bool) -> dict[str, Any]:
    last = chip.measured[-1] if chip.measured else None
    runs = [
        {
            "run": one.run.run,
            "procedure": one.run.procedure,
            "began": began(one).isoformat(timespec="seconds"),
            **{key: list(getattr(one.chip, key)) for key in PER_JUNCTION},
            **{key: getattr(one.chip, key) for key in COUNTS},
        }
        for one in chip.runs
    ]
    return {
        "chip": chip.name,
        "simulated": chip.simulated,
        "runs": runs if with_runs else len(runs),
        "last_measured": last.run.run if last else None,
        "critical_up_ua": list(last.chip.critical_up_ua) if last else [],
        "charges_c": list(chip.charges_c),
        "stressed_s": list(chip.stressed_s),
        **{key: chip.total(key) for key in COUNTS},
    }


def _show_all(shown: Sequence[Chip], console: PlainConsole) -> None:
    table = Listing("chip")
    table.add_numbers("runs")
    table.add_column("last run")
    table.add_column("AP -> P uA")
    table.add_numbers("above 0.5 V")
    for one in shown:
        last = _numbers(one.measured[-1].chip.critical_up_ua, 1) if one.measured else ""
        worn = f"{max(one.stressed_s, default=0.0):.0f} s"
        table.add_row(one.title, str(len(one.runs)), f"{began(one.runs[-1]):%Y-%m-%d}", last, worn)
    console.print(table)


def _show(chip: Chip, console: PlainConsole) -> None:
    console.print_prose(
        f"{chip.title}: {counted(len(chip.runs), 'run')}, {len(chip.measured)} of which measured its junctions"
    )
    table = Listing("run")
    for head in ("AP -> P uA", "P -> AP uA", "R_P ohm"):
        table.add_column(head, no_wrap=True)
    for one in chip.measured:
        values = one.chip
        table.add_row(
            one.run.run,
            _numbers(values.critical_up_ua, 1),
            _numbers(values.critical_down_ua, 1),
            _numbers(values.resistance_parallel_ohm, 0),
        )
    console.print(table)
    console.print_prose(
        f"in all runs: charge {_numbers(chip.charges_c, 3)} C, above 0.5 V for {_numbers(chip.stressed_s, 1)} s, "
        f"{counted(chip.total('inputs'), 'input')}, {counted(chip.total('resets'), 'reset')}, "
        f"{counted(chip.total('pulses'), 'pulse')}"
    )


def _numbers(values: PerJunction, digits: int) -> str:
    return " ".join(f"{one:.{digits}f}" for one in values)


def _draw(shown: Sequence[Chip], path: Path) -> None:
    from mtjlab.figures.chips import Point, chip_figure  # noqa: PLC0415  matplotlib: slow to import
    from mtjlab.figures.saving import save_figure  # noqa: PLC0415
    from mtjlab.provenance import software  # noqa: PLC0415

    chip = shown[0]
    points = [
        Point(began(one), *(getattr(one.chip, key) for key in PER_JUNCTION if key not in ("tmr", "offset_mv")))
        for one in chip.runs
    ]
    label = f"{'SIMULATED  ·  ' if chip.simulated else ''}{counted(len(points), 'run')}  ·  {software()}"
    save_figure(path, lambda: chip_figure(chip.title, points), label)


def _write(shown: Sequence[Chip], path: Path) -> None:
    junctions = max((len(one.chip.charges_c) for chip in shown for one in chip.runs), default=0)
    heads = [f"{key} J{k + 1}" for key in PER_JUNCTION for k in range(junctions)]
    text = StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["chip", "simulated", "run", "procedure", "began", *heads, *COUNTS])
    for chip in shown:
        rows.writerows(_row(chip, one, junctions) for one in chip.runs)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text.getvalue())
    except FileExistsError as error:
        raise RefusedError(f"{path}: exists already, and is not overwritten. Give another name with --csv.") from error
    except OSError as error:
        raise RefusedError(f"{path}: cannot be written ({reason_of(error)}). Give another path with --csv.") from error


def _row(chip: Chip, one: ChipRun, junctions: int) -> list[Any]:
    cells = [
        getattr(one.chip, key)[k] if k < len(getattr(one.chip, key)) else ""
        for key in PER_JUNCTION
        for k in range(junctions)
    ]
    start = [chip.name, int(chip.simulated), one.run.run, one.run.procedure, began(one).isoformat(timespec="seconds")]
    return [*start, *cells, *(getattr(one.chip, key) for key in COUNTS)]
