"""Help texts in which an example stays on one line, so that it can be copied to a shell."""

import re
from collections.abc import Iterable
from typing import Any

import click

_EXAMPLE = re.compile(r"(?<!\w)'[^']+'(?!\w)|`[^`]+`")
_BREAKS = {" ": "\ue000", "-": "\ue001"}
"""Characters at which lines are broken, and unused ones of the same width that take their place meanwhile."""
_KEPT = str.maketrans(_BREAKS)
_BACK = str.maketrans({kept: text for text, kept in _BREAKS.items()})


class HelpFormatter(click.HelpFormatter):
    """Never breaks a line inside quotes or backquotes."""

    def write_text(self, text: str) -> None:
        """Write paragraphs."""
        super().write_text(_unbroken(text))

    def write_dl(self, rows: Iterable[tuple[str, str]], *args: Any, **options: Any) -> None:
        """Write names with their descriptions."""
        super().write_dl([(name, _unbroken(text)) for name, text in rows], *args, **options)

    def getvalue(self) -> str:
        """The help."""
        return super().getvalue().translate(_BACK)


def _unbroken(text: str) -> str:
    return _EXAMPLE.sub(lambda found: found[0].translate(_KEPT), text)
