"""Messages for the operator: the latest ones, how many are unread, and the dangers that are not resolved."""

from collections import deque
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from PyQt5.QtCore import QObject, pyqtSignal

MOST = 200
"""Number of messages kept; a run keeps its own in its log."""


class Severity(StrEnum):
    """How much attention a message needs."""

    NOTE = "Note"
    WARNING = "Warning"
    DANGER = "Danger"


@dataclass(frozen=True, slots=True)
class Notice:
    """A message, and when it arrived."""

    at: datetime
    severity: Severity
    text: str


class Notices(QObject):
    """Collects messages. ``posted`` gives a new one; ``changed``: what is unread or dangerous has changed."""

    posted = pyqtSignal(object)
    changed = pyqtSignal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._notices: deque[Notice] = deque(maxlen=MOST)
        self._dangers: dict[Hashable, str] = {}
        self.unread = 0
        """Number of messages that arrived since the list was last opened, without those that answer a click."""

    @property
    def latest(self) -> Notice | None:
        """The last message."""
        return self._notices[-1] if self._notices else None

    @property
    def text(self) -> str:
        """Text of the last message; empty if there is none."""
        return self._notices[-1].text if self._notices else ""

    @property
    def newest_first(self) -> tuple[Notice, ...]:
        """The messages that are kept."""
        return tuple(reversed(self._notices))

    @property
    def dangers(self) -> dict[Hashable, str]:
        """Dangers that are not resolved, by what they concern; the latest last."""
        return dict(self._dangers)

    def notify(self, text: str, is_trouble: bool = True) -> None:
        """Add a message."""
        self._post(Severity.WARNING if is_trouble else Severity.NOTE, text)

    def confirm(self, text: str) -> None:
        """Add a message that only answers what the operator has just done: it is read as it appears."""
        self._add(Notice(datetime.now(), Severity.NOTE, text))

    def warn_of_danger(self, concerns: Hashable, text: str) -> None:
        """Add a danger that stays visible until what it ``concerns`` is resolved; a later one replaces it."""
        if self._dangers.get(concerns) != text:
            self._dangers.pop(concerns, None)
            self._dangers[concerns] = text
            self._post(Severity.DANGER, text)

    def resolve(self, concerns: Hashable) -> None:
        """End a danger, if there is one."""
        if self._dangers.pop(concerns, None) is not None:
            self.changed.emit()

    def mark_read(self) -> None:
        """All messages were seen."""
        self.unread = 0
        self.changed.emit()

    def _post(self, severity: Severity, text: str) -> None:
        latest = self.latest
        if self.unread and latest is not None and (latest.severity, latest.text) == (severity, text):
            self._notices.pop()
        else:
            self.unread = min(self.unread + 1, MOST)
        self._add(Notice(datetime.now(), severity, text))

    def _add(self, notice: Notice) -> None:
        self._notices.append(notice)
        self.posted.emit(notice)
        self.changed.emit()
