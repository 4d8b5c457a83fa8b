"""Commands that are written down instead of run."""

from dataclasses import dataclass, field
from types import SimpleNamespace


@dataclass
class Commands:
    """Commands that would have been run; they end with ``codes`` in turn, and then with 0."""

    codes: list[int] = field(default_factory=list)
    lines: list[list[str]] = field(default_factory=list)

    def run(self, command: list[str], **_: object) -> SimpleNamespace:
        self.lines.append([str(word) for word in command])
        return SimpleNamespace(returncode=self.codes.pop(0) if self.codes else 0, stdout=b"", stderr=b"no library")
