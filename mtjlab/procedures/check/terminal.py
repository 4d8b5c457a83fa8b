"""Wiring check in the terminal."""

from types import TracebackType
from typing import Any, Self

from rich import box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from mtjlab.counted import counted
from mtjlab.domain import junction_label
from mtjlab.events import Event, ProbePlanned, RunStarted
from mtjlab.terminal import Listing, show_end

COLOURS = {"ok": "green", "caution": "yellow", "mistake": "bold red"}
FAINT_SHARE = 0.02
"""Entries below this share of the largest are shown faint: practically zero."""


class CheckView:
    """Viewer of a wiring check: in a terminal, a status line with the source being moved."""

    def __init__(self, console: Console, shown: bool) -> None:
        self._status = console.status("connecting") if shown and console.is_terminal else None

    def __enter__(self) -> Self:
        if self._status:
            self._status.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._status:
            self._status.stop()

    def show(self, event: Event) -> None:
        """Show the next event."""
        match event:
            case RunStarted() if self._status:
                self._status.update(Text(f"connecting to {event.bench.name}"))
            case ProbePlanned() if self._status:
                self._status.update(f"moving source {junction_label(event.source)} alone by a few uA")


def show_check(result: dict[str, Any], console: Console) -> None:
    """Print the matrix, the verdict for each part, and how the check ended."""
    console.print(_banner(result))
    if result["matrix_ohm"]:
        console.print(Padding(_matrix(result["matrix_ohm"]), (1, 0, 0, 0)))
        console.print(Padding(_verdicts(result["findings"]), (1, 0)))
    if len(result["explanations"]) > 1:
        console.print(_explanations(result["explanations"]))
        console.print(Padding(Text.assemble(("To decide:  ", "bold"), result["quick_look"]), (1, 0)))
    show_end(result, console)
    console.print(_conclusion(result))
    console.print(f"run  {result['run']}")


def _banner(result: dict[str, Any]) -> Text:
    kind = (" SIMULATED ", "black on yellow") if result["simulated"] else (" REAL BENCH ", "white on red")
    probe = f", one source at a time moved by {result['probe_ua']:.6g} uA" if result["probe_ua"] else ""
    return Text.assemble(kind, f"  {result['bench']}{probe}")


def _matrix(matrix_ohm: list[list[float | None]]) -> Listing:
    largest = max((abs(ohm) for row in matrix_ohm for ohm in row if ohm is not None), default=0.0)
    table = _table("response / ohm")
    for k in range(len(matrix_ohm[0])):
        table.add_column(f"source {junction_label(k)}", justify="right")
    for m, row in enumerate(matrix_ohm):
        table.add_row(f"voltmeter {junction_label(m)}", *(_entry(ohm, largest) for ohm in row))
    return table


def _table(first_column: str) -> Listing:
    table = Listing(box=box.SIMPLE_HEAD, border_style="dim", show_edge=False)
    table.add_column(first_column, no_wrap=True)
    return table


def _entry(ohm: float | None, largest_ohm: float) -> Text:
    if ohm is None:
        return Text("none", style="red")
    return Text(str(round(ohm)), style="dim" if abs(ohm) < FAINT_SHARE * largest_ohm else "")


def _verdicts(findings: list[dict[str, Any]]) -> Listing:
    table = _table("part")
    table.add_column("verdict", no_wrap=True)
    table.add_column("what was measured, and what to do")
    for finding, following in zip(findings, [*findings[1:], None], strict=True):
        last_of_its_kind = following is not None and following["part"] != finding["part"]
        verdict = Text(finding["verdict"], style=COLOURS[finding["verdict"]])
        table.add_row(finding["role"], verdict, _measured_and_remedy(finding), end_section=last_of_its_kind)
    return table


def _measured_and_remedy(finding: dict[str, Any]) -> RenderableType:
    measured = Text(finding["measured"], style="red" if finding["verdict"] == "mistake" else "")
    measured.stylize("dim" if finding["kind"] == "untested" else "")
    if not finding["remedy"]:
        return measured
    remedy = Listing.grid("", "", padding=(0, 1, 0, 0))
    remedy.add_row(">", Text(finding["remedy"], style="bold" if finding["verdict"] == "mistake" else ""))
    return Group(measured, remedy)


def _explanations(explanations: list[dict[str, Any]]) -> Listing:
    """Explanations that the measurement cannot distinguish; the most likely first."""
    table = _table("possible explanation")
    table.columns[0].no_wrap = False
    table.add_numbers("misfit")
    table.add_column("how")
    for one in explanations:
        table.add_row(Text(one["part"]), f"{one['misfit']:.1f}", Text(one["mistake"]))
    return table


def _conclusion(result: dict[str, Any]) -> Text:
    mistakes = result["mistakes"]
    if mistakes is None:
        verdict = (f"{result['status']}: the wiring was not checked to the end", "bold red")
    elif mistakes:
        verdict = (f"{counted(mistakes, 'mistake')} found", "bold red")
    else:
        verdict = ("the wiring is right", "bold green")
    return Text.assemble(verdict, (f"  after {result['duration_s']:.1f} s", "dim"))
