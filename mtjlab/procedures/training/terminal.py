"""Terminal view of a training: live progress, and a summary at its end."""

from collections.abc import Sequence
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Any, Self

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.panel import Panel
from rich.progress_bar import ProgressBar
from rich.text import Text

from mtjlab.counted import counted
from mtjlab.domain import ControlCurrents, input_label, junction_label
from mtjlab.events import Event, Presented, RunStarted, SweepPoint, TakenOver, original_event
from mtjlab.extent import ProgressMeter
from mtjlab.figures.undrawn import figures_text
from mtjlab.procedures.training.events import RecognitionMeasured, ThresholdsProbed
from mtjlab.procedures.training.state import TrainingState
from mtjlab.record import Record
from mtjlab.terminal import Listing, show_end

REPAINT_S = 0.1
LINE_EVERY_STEPS = 10
SPARKS = "▁▂▃▄▅▆▇█"
WIDTH = 78


class TrainingView:
    """Viewer of a training: a live panel in a terminal, occasional lines elsewhere."""

    def __init__(self, meter: ProgressMeter, steps: int, console: Console, shown: bool) -> None:
        self._meter = meter
        self._steps = steps
        self._console = console
        self._shown = shown
        self._state, self._learnt = Record(), TrainingState()
        self._taken_over = 0.0
        self._began_s = self._painted_s = monotonic()
        self._live = (
            Live(console=console, auto_refresh=False, transient=True) if shown and console.is_terminal else None
        )

    def __enter__(self) -> Self:
        if self._live:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live:
            self._live.stop()

    def show(self, event: Event) -> None:
        """Add the next event; repaint if it is time to."""
        self._state.take(event)
        self._learnt.take(original_event(event))
        self._meter.take(event)
        if isinstance(event, RunStarted | TakenOver):
            self._taken_over = self._meter.share
        now_s = monotonic()
        if self._live and not self._meter.is_taking_over and now_s - self._painted_s > REPAINT_S:
            self._painted_s = now_s
            self._live.update(self._panel(event), refresh=True)
        elif self._shown and not self._live and isinstance(event, RecognitionMeasured):
            self._print_line(event)

    def _print_line(self, measured: RecognitionMeasured) -> None:
        if measured.step % LINE_EVERY_STEPS == 0:
            self._console.print(f"step {measured.step:3}  {_rates(measured)}  {self._time_left()}")

    def _panel(self, event: Event) -> RenderableType:
        state, learnt = self._state, self._learnt
        bar = Listing.grid(padding=(0, 2))
        bar.add_row(
            f"step {learnt.step} of {self._steps}",
            ProgressBar(total=1.0, completed=self._meter.share, width=34),
            self._time_left(),
        )
        parts: list[RenderableType] = [_banner(state), bar, Text()]
        if learnt.recognition:
            parts += [_recognition(learnt.recognition, drawn=not self._console.options.ascii_only), Text()]
        if learnt.controls:
            parts.append(controls_table(learnt.controls))
        if state.suspended:
            parts.append(Text(f"suspended: {state.suspended.why}", style="yellow"))
        parts.append(Text(_doing(event), style="dim"))
        return Panel(
            Group(*parts), width=WIDTH, title=Text(f"mtjlab train {state.started.run if state.started else ''}")
        )

    def _time_left(self) -> str:
        if self._state.suspended:
            return "suspended"
        done = self._meter.share - self._taken_over
        if done <= 0:
            return "measuring the junctions"
        return f"{max(0.0, (monotonic() - self._began_s) * (1 - self._meter.share) / done):.0f} s left"


def show_result(result: dict[str, Any], console: Console) -> None:
    """Print how the run ended, and its result."""
    colour = {"finished": "green", "stopped": "yellow", "running": "cyan"}.get(result["status"], "red")
    labels = " · ".join(_labels(result["simulated"], result["vowels"]))
    after = f" after {counted(result['steps'], 'step')}, {result['duration_s']:.1f} s  {labels}"
    console.print(Text.assemble((result["status"], f"bold {colour}"), after))
    show_end(result, console)
    if result["recognition"]:
        rates = result["recognition"]
        train, test = ((f"{rates[subset]:.1%}", "bold") for subset in ("train", "test"))
        console.print(Text.assemble("recognition  train ", train, "  test ", test))
        console.print(f"95 % interval  {_intervals_text(result)}", style="dim")
    _show_course(result, console)
    if result["control_currents_ua"]:
        for letter, row in result["control_currents_ua"].items():
            console.print(f"control currents {letter.upper()}  " + "  ".join(f"{c:.6g}" for c in row) + " uA")
    if result["assignment_proven_optimal"] is False:
        console.print("configurations were assigned by a seeded search; not proven to be the best assignment")
    for trouble in ("without_configuration", "reset_failures"):
        if result[trouble]:
            text = (
                f"{trouble.replace('_', ' ')}: {result[trouble]} of {counted(result['presentations'], 'presentation')}"
            )
            console.print(text, style="yellow")
    if result["suspensions"]:
        console.print(
            f"suspended {counted(result['suspensions'], 'time')}, references measured again each time", style="yellow"
        )
    if result["parent"]:
        console.print(f"resumes {result['parent']}")
    if result["held_moves"]:
        held = f"moves of control currents held at the limit of the allowed range: {result['held_moves']}"
        console.print(held, style="yellow")


def _show_course(result: dict[str, Any], console: Console) -> None:
    """Print how the control currents were found, how long that took, and what drift they followed."""
    if probes := result["inputs_before_training"]:
        expected = result["warm_start"] and result["warm_start"]["expected"]
        rates = f"; expected: train {expected['train']:.1%}, test {expected['test']:.1%}" if expected else ""
        found = f"found by {counted(probes, 'probe')}" if expected else f"not found by {counted(probes, 'probe')}"
        console.print(f"thresholds   {found}{rates}")
    if result["steps"] or result["warm_start"]:
        console.print(f"bench time   {result['bench_time_s']:.1f} s, without measuring recognition")
    if (mean_s := result.get("presentation_s")) and (needs_s := result.get("presentation_needs_s")):
        needed = f"settling, dwell and apertures need {1e3 * needs_s:.0f} ms"
        console.print(f"presentation {1e3 * mean_s:.0f} ms; {needed}")
    if drift := result["drift_ua"]:
        own = ", ".join(f"{name} {one:+.1f} ± {drift['own_error'][name]:.1f}" for name, one in drift["own"].items())
        refreshes = counted(result["refreshes"], "refresh", "refreshes")
        common = f"{drift['common']:+.1f} ± {drift['common_error']:.1f} uA common (field)"
        console.print(f"drift        {common}, followed in {refreshes}\n             {own} uA beyond it")


def _intervals_text(result: dict[str, Any]) -> str:
    """Such as "train 96 .. 99% of 173 tokens, test 90 .. 98% of 86 tokens"."""
    return ", ".join(
        f"{subset} {100 * low:.0f} .. {high:.0%} of {counted(result['recognition_tokens'][subset], 'token')}"
        for subset, (low, high) in result["recognition_interval"].items()
    )


def show_summary(result: dict[str, Any], figures: Sequence[Path], console: Console) -> None:
    """Print the result, and paths of the run and its figures."""
    show_result(result, console)
    console.print(f"run      {result['run']}")
    if figures:
        console.print(f"figures  {figures_text(figures)}")


def _labels(simulated: bool, data: str) -> list[str]:
    return [
        word for word, holds in (("SIMULATED BENCH", simulated), ("surrogate vowels", data == "surrogate")) if holds
    ]


def _banner(state: Record) -> Text:
    if state.started is None:
        return Text()
    bench = state.started.bench
    words = Text(
        " SIMULATED " if bench.simulated else " REAL BENCH ",
        style="black on yellow" if bench.simulated else "white on red",
    )
    return words + Text(f"  {bench.name} learns {state.started.data}, seed {state.started.seed}", style="not bold")


def _recognition(course: Sequence[RecognitionMeasured], drawn: bool) -> RenderableType:
    """Latest rates; if ``drawn``, also their course as block characters, which not every terminal has."""
    grid = Listing.grid(padding=(0, 2))
    for subset in ("train", "test"):
        rates = [getattr(measured, subset) for measured in course]
        grid.add_row(
            f"recognition {subset}", Text(f"{rates[-1]:6.1%}", style="bold"), _sparkline(rates) if drawn else ""
        )
    return grid


def _sparkline(rates: list[float]) -> str:
    width = 40
    shown = rates if len(rates) <= width else [rates[i * (len(rates) - 1) // (width - 1)] for i in range(width)]
    return "".join(SPARKS[min(len(SPARKS) - 1, int(rate * len(SPARKS)))] for rate in shown)


def controls_table(controls: ControlCurrents) -> Listing:
    """Table of the control current of each junction and input."""
    table = Listing("control currents / uA")
    for k in range(len(controls.by_input_ua[0])):
        table.add_numbers(junction_label(k))
    for j, row in enumerate(controls.by_input_ua):
        table.add_row(f"input {input_label(j)}", *(f"{current:.6g}" for current in row))
    return table


def _rates(measured: RecognitionMeasured) -> str:
    return f"recognition train {measured.train:6.1%}  test {measured.test:6.1%}"


def _doing(event: Event) -> str:
    match event:
        case Presented():
            inputs = ", ".join(f"{current:.0f}" for current in event.token.inputs_ua)
            return f"{event.purpose}: {event.token.name} ({inputs} uA) -> {event.configuration or 'no configuration'}"
        case ThresholdsProbed():
            return f"probe at {', '.join(f'{current:.0f}' for current in event.currents_ua)} uA"
        case SweepPoint():
            return f"sweep {event.repetition + 1}: input {event.reading.input_ua:.0f} uA"
        case _:
            return event.type.replace("-", " ")
