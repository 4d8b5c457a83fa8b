"""Result of a classification in the terminal."""

from typing import Any

from rich.console import Console
from rich.text import Text

from mtjlab.counted import counted
from mtjlab.domain import NO_CLASS
from mtjlab.terminal import Listing, show_end


def show_classified(result: dict[str, Any], console: Console) -> None:
    """Print a line for each token, and the recognition rate."""
    table = Listing()
    for name in ("token", "is", "recognised as"):
        table.add_column(name)
    table.add_numbers("confidence")
    table.add_numbers("95 % interval")
    table.add_column("configurations")
    for token in result["tokens"]:
        table.add_row(*_cells(token))
    console.print(table)
    if result["recognition"] is not None:
        share, of = (f"{result['recognition']:.1%}", "bold"), counted(result["known"], "token")
        interval = _interval(result["recognition_interval"])
        console.print(Text.assemble("recognised ", share, f" of {of} of known class (95 % interval {interval})"))
    if result["simulated"]:
        console.print("SIMULATED BENCH")
    show_end(result, console)
    console.print(f"run      {result['run']}")


def _cells(token: dict[str, Any]) -> list[str | Text]:
    wrong = token["label"] is not None and token["class"] != token["label"]
    seen = ", ".join(f"{name or NO_CLASS} x{count}" for name, count in token["configurations"])
    recognised = Text(token["class"] or NO_CLASS, style="yellow" if wrong else "")
    share, interval = f"{token['confidence']:.0%} of {token['presentations']}", token["confidence_interval"]
    return [token["name"], token["label"] or "", recognised, share, _interval(interval) if interval else "", Text(seen)]


def _interval(ends: list[float]) -> str:
    return f"{100 * ends[0]:.0f} .. {ends[1]:.0%}"
