"""What lists and stories of runs look like in a terminal."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from mtjlab.cli.console import PlainConsole
from mtjlab.runs.listed import Listed

if TYPE_CHECKING:
    from mtjlab.experiment import Story

COLOURS = {
    "running": "cyan",
    "finished": "green",
    "stopped": "yellow",
    "failed": "red",
    "crashed": "bold red",
    "damaged": "bold red",
    "unknown": "magenta",
}
LONGEST_WHOLE = 26
"""Letters of the name of a run that stay in one line, however narrow the terminal is."""


def show_runs(runs: Sequence[Listed], console: Console) -> None:
    """A line for each run, and below how those ended that did not finish, or may have left outputs on."""
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    longest = max((len(run.run) for run in runs), default=0)
    table.add_column("run", overflow="fold", min_width=min(longest, LONGEST_WHOLE))
    table.add_column("status", no_wrap=True)
    of_trainings = {"step": _step, "train": _train, "test": _test}
    shown = {name: cell for name, cell in of_trainings.items() if any(map(cell, runs))}
    for name in shown:
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("began", no_wrap=True)
    table.add_column("bench")  # where there is little room it takes more lines, and no number is cut
    for run in runs:
        table.add_row(
            Text(run.run),
            Text(run.standing.status, style=COLOURS[run.standing.status]),
            *(cell(run) for cell in shown.values()),
            f"{run.began_at:%H:%M}" if run.began_at else "",
            Text(f"SIM {run.bench}" if run.simulated else run.bench),
        )
    console.print(table)
    for run in runs:
        stands = run.standing
        if stands.may_be_on or stands.why:
            style = "bold red" if stands.may_be_on else "dim"
            console.print(f"{run.run}: {stands.sentence}", style=style)


def show_story(result: dict[str, Any], told: "Story", console: PlainConsole, notes: str = "") -> None:
    """What was asked, what people noted, what happened, what came of it, warnings."""
    run = told.asked.get("run", {})
    status = result["status"]
    console.print(Text.assemble((status, f"bold {COLOURS[status]}"), f"  {run.get('id', '')}"))
    console.print()
    for name, value in _asked(result, told.asked):
        console.print_beside(Text(f"{name:16}", style="dim"), value)
    console.print()
    if notes:
        console.print("notes", style="dim")
        console.print(Padding(Text(notes), (0, 0, 1, 0)))
    console.print("what happened", style="dim")
    for at_s, sentence in told.history:
        console.print_beside(Text(f"{_clock(at_s)}  "), sentence)
    if told.warnings:
        console.print("warnings", style="yellow")
    for since_s, sentence in told.warnings:
        console.print_beside(Text(f"{_clock(since_s)}  "), sentence)


def _step(run: Listed) -> str:
    return f"{run.step}/{run.steps}" if run.steps is not None and run.data else ""


def _train(run: Listed) -> str:
    return f"{run.recognition.train:.1%}" if run.recognition else ""


def _test(run: Listed) -> str:
    return f"{run.recognition.test:.1%}" if run.recognition else ""


def _asked(result: dict[str, Any], asked: dict[str, Any]) -> list[tuple[str, str]]:
    run, plan = asked.get("run", {}), asked.get("plan", {})
    dirty = ", with uncommitted changes" if run.get("git_dirty") else ""
    rows = {
        "command": " ".join(["mtjlab", *map(str, run.get("command", [""])[1:])]),
        "bench": f"{result['bench']}{' (SIMULATED)' if result['simulated'] else ''}",
        "plan": plan.get("name"),
        "data": asked.get("data", {}).get("name"),
        "seed": run.get("seed"),
        "resumes": run.get("parent"),
        "repeats": run.get("rerun_of"),
        "recovered from": run.get("recovered_from"),
        "by": f"{run.get('user')} on {run.get('host')}, {run.get('created_at')}",
        "software": f"{run.get('software')}, revision {str(run.get('git_revision'))[:10]}{dirty}",
        "took": f"{result['duration_s']:.1f} s",
    }
    return [(name, str(value)) for name, value in rows.items() if value is not None]


def _clock(at_s: float | None) -> str:
    if at_s is None:
        return " " * 8
    minutes, seconds = divmod(int(at_s), 60)
    return f"{minutes // 60:2}:{minutes % 60:02}:{seconds:02}"
