"""Work that the operator requested and that is not over yet, as the window shows it."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Activity:
    """Work in progress. ``detail`` may change while it lasts ("5 of 22"), ``text`` does not.

    ``share`` is the share done (0 to 1), None where it is not known. ``cancel`` ends the work, None where nothing may
    end it.
    """

    text: str
    detail: str = ""
    share: float | None = None
    cancel: Callable[[], object] | None = None

    @property
    def sentence(self) -> str:
        """Text and detail."""
        return f"{self.text}: {self.detail}" if self.detail else self.text
