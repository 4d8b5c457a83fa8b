"""The story of a run in a terminal."""

from typing import TYPE_CHECKING, Any

from rich.padding import Padding
from rich.text import Text

from mtjlab.cli.run_list import COLOURS
from mtjlab.console import PlainConsole

if TYPE_CHECKING:
    from mtjlab.experiment import Story


def show_story(result: dict[str, Any], run_story: "Story", console: PlainConsole, notes: str = "") -> None:
    """Print request, notes, history and warnings of a run."""
    run = run_story.asked.get("run", {})
    status = result["status"]
    console.print(Text.assemble((status, f"bold {COLOURS[status]}"), f"  {run.get('id', '')}"))
    console.print()
    for name, value in _request_rows(result, run_story.asked):
        console.print_beside(Text(f"{name:16}", style="dim"), value)
    console.print()
    if notes:
        console.print("notes", style="dim")
        console.print(Padding(Text(notes), (0, 0, 1, 0)))
    console.print("history", style="dim")
    for at_s, sentence in run_story.history:
        console.print_beside(Text(f"{_clock(at_s)}  "), sentence)
    if run_story.warnings:
        console.print("warnings", style="yellow")
    for since_s, sentence in run_story.warnings:
        console.print_beside(Text(f"{_clock(since_s)}  "), sentence)


def _request_rows(result: dict[str, Any], asked: dict[str, Any]) -> list[tuple[str, str]]:
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
