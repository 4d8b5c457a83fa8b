"""Console of the program: prints plain text, without markup."""

import os
from collections.abc import Iterable
from typing import Any

import click
from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from mtjlab.plain_text import visible


class PlainConsole(Console):
    """Prints text unchanged: no markup, no emoji codes, no automatic colours, control characters escaped.

    The terminal wraps sentences and paths. Styles come with ``Text`` or with ``style``.
    """

    def __init__(self, *, stderr: bool = False, **options: Any) -> None:
        super().__init__(stderr=stderr, markup=False, emoji=False, highlight=False, **options)

    @property
    def has_known_width(self) -> bool:
        """Whether lines have to fit into ``width``; else, as in a pipe, they are printed whole."""
        return self.is_terminal or "COLUMNS" in os.environ

    def print(self, *objects: Any, **options: Any) -> None:
        """Print as ``Console`` does."""
        options.setdefault("soft_wrap", all(isinstance(one, str | Text) for one in objects))
        super().print(*objects, **options)

    def print_lines(self, lines: Iterable[str]) -> None:
        """Print lines that have their styles as escape codes already, which only a terminal is sent."""
        text = "".join(f"{line}\n" for line in lines)
        self.file.write(text if self.is_terminal and not self.no_color else click.unstyle(text))

    def print_prose(self, text: str, style: str = "") -> None:
        """Print a paragraph, broken between words where the width is known: for text that nobody copies to a shell."""
        self.print(text, style=style, soft_wrap=not self.has_known_width)

    def print_beside(self, label: Text, text: str) -> None:
        """Print ``text`` beside ``label``, wrapped in its own column; unwrapped if the width is not known."""
        if not self.has_known_width:
            self.print(label + Text(text))
            return
        grid = Table.grid()
        grid.add_column(no_wrap=True)
        grid.add_column(overflow="fold")
        grid.add_row(label, text)
        self.print(grid)

    def render_str(self, text: str, **options: Any) -> Text:
        """A string as text, with its width as displayed."""
        return super().render_str(visible(text), **options)

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """Segments of ``renderable``, with control characters escaped."""
        for segment in super().render(renderable, options):
            if segment.control:
                yield segment
            else:
                yield Segment(visible(segment.text), segment.style)
