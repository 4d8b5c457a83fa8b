"""Terminal view of manual operation: state of each junction, and the answer to the last request."""

from types import TracebackType
from typing import Any, Self

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.text import Text

from mtjlab.analysis.resistances import resistance_kohm
from mtjlab.counted import counted
from mtjlab.domain import Verdict, junction_label
from mtjlab.events import Event, RunStarted
from mtjlab.procedures.manual.events import JunctionsRead, RequestPlanned, RequestRefused
from mtjlab.terminal import Listing, show_end

PER_SECOND = 10
STATES = {Verdict.P: "bold dark_orange", Verdict.AP: "bold steel_blue1"}
HINT = "In another terminal: mtjlab ask last --input 300 --controls -500,-500,-500   Ctrl-C ends, sources at zero"


class ManualView:
    """Viewer of manual operation: a live table in a terminal, log lines elsewhere."""

    def __init__(self, console: Console, shown: bool) -> None:
        self._console = console
        self._is_table = shown and console.is_terminal
        self._shown = shown
        self._live = Live(console=console, refresh_per_second=PER_SECOND, auto_refresh=False, transient=True)
        self._banner = self._answer = Text()

    def __enter__(self) -> Self:
        if self._is_table:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._is_table:
            self._live.stop()

    def show(self, event: Event) -> None:
        """Add the next event."""
        match event:
            case RunStarted():
                self._banner = _banner(event)
            case RequestPlanned() | RequestRefused():
                self._answer = Text(event.sentence, style="red" if event.is_trouble else "green")
            case JunctionsRead() if self._is_table:
                self._live.update(self._picture(event), refresh=True)
        sentence = event.sentence
        if self._shown and not self._is_table and sentence:
            self._console.print(sentence, style="yellow" if event.is_trouble else None)

    def _picture(self, read: JunctionsRead) -> RenderableType:
        return Group(self._banner, junctions_table(read), self._answer, Text(HINT, style="dim"))


def junctions_table(read: JunctionsRead) -> Listing:
    """Table of current, voltage, resistance and state of each junction."""
    reading = read.readings[-1]
    table = Listing(f"input {reading.input_ua:.6g} uA", "state")
    for name in ("control / uA", "current / uA", "V / mV", "R / kohm"):
        table.add_numbers(name)
    verdicts = read.verdicts or read.nominal or (None,) * len(reading.currents_ua)
    mark = "" if read.verdicts else " (nominal law)"
    for k, (current_ua, voltage_mv, verdict) in enumerate(
        zip(reading.currents_ua, reading.mean_mv, verdicts, strict=True)
    ):
        kohm = resistance_kohm(voltage_mv, current_ua)
        table.add_row(
            junction_label(k),
            Text(
                f"{verdict}{mark}" if verdict else "not judged", style=STATES.get(verdict, "dim") if verdict else "dim"
            ),
            f"{current_ua - reading.input_ua:.1f}",
            f"{current_ua:.1f}",
            f"{voltage_mv:.1f}",
            "" if kohm is None else f"{kohm:.2f}",
        )
    return table


def show_manual(result: dict[str, Any], console: Console) -> None:
    """Print status, and the numbers of looks and requests."""
    label = "  SIMULATED BENCH" if result["simulated"] else ""
    colour = {"finished": "green", "stopped": "green"}.get(result["status"], "red")
    counts = (
        f", {counted(result['looks'], 'reading')}, "
        f"{counted(result['granted'], 'request')} granted, {result['refused']} refused, "
        f"{result['duration_s']:.1f} s{label}"
    )
    console.print(Text.assemble((result["status"], f"bold {colour}"), counts))
    show_end(result, console)
    console.print(f"run  {result['run']}")


def _banner(started: RunStarted) -> Text:
    simulated = started.bench.simulated
    kind = (" SIMULATED ", "black on yellow") if simulated else (" REAL BENCH ", "white on red")
    return Text.assemble(kind, f"  {started.bench.name}, {started.run}, operated by hand")
