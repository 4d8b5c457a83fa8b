"""Tables of results, as they are exported: columns with units, and rows that come one after another."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

Value: TypeAlias = float | int | str | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column: ``name`` with its ``unit`` (empty for none), what it is (``told``), and the type of its values."""

    name: str
    told: str
    unit: str = ""
    holds: type[float] | type[int] | type[str] = float

    @property
    def title(self) -> str:
        """As a plain table is headed."""
        return f"{self.name} ({self.unit})" if self.unit else self.name

    @property
    def variable(self) -> str:
        """As a data set calls it."""
        return self.name.lower().replace(" ", "_")


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of values, None for none; ``name`` is that of its files. ``title`` says what it is."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: Iterable[tuple[Value, ...]]
