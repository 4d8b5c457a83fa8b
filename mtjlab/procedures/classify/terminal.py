"""Result of a classification in the terminal."""

from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from mtjlab.domain import NO_CLASS
from mtjlab.terminal import show_end


def show_classified(result: dict[str, Any], console: Console) -> None:
    """Print a line for each token, and the recognition rate."""
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for name in ("token", "is", "recognised as", "confidence", "configurations"):
        table.add_column(name, justify="right" if name == "confidence" else "left")
    for token in result["tokens"]:
        table.add_row(*_cells(token))
    console.print(table)
    if result["recognition"] is not None:
        share = (f"{result['recognition']:.1%}", "bold")
        console.print(Text.assemble("recognised ", share, " of the tokens of known class"))
    if result["simulated"]:
        console.print("SIMULATED BENCH")
    show_end(result, console)
    console.print(f"run      {result['run']}")


def _cells(token: dict[str, Any]) -> list[str | Text]:
    wrong = token["label"] is not None and token["class"] != token["label"]
    seen = ", ".join(f"{name or NO_CLASS} x{count}" for name, count in token["configurations"])
    recognised = Text(token["class"] or NO_CLASS, style="yellow" if wrong else "")
    return [token["name"], token["label"] or "", recognised, f"{token['confidence']:.0%}", Text(seen)]
