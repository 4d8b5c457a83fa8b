"""Tables of results: columns with names, units and dimensions, and the rows that the events of a run give.

A column is declared once. Whatever writes plain tables (CSV, PyMeasure, pandas) heads it with its name and unit;
whatever writes data sets (NetCDF, xarray) makes a variable of it. Both names are public.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any, TypeAlias

Value: TypeAlias = float | int | str | None
Row: TypeAlias = Any
"""Whatever the columns of a table take their values from."""

IN_TITLES = {"uA s-1": "uA/s"}
"""Units that plain tables write in another way than UDUNITS."""


@dataclass(frozen=True, slots=True)
class Axis:
    """A dimension; ``label`` names each place along it, as in the titles of columns; None where a column does.

    ``size`` is that of one which is always as long.
    """

    name: str
    long_name: str = ""
    label: Callable[[int], str] | None = None
    size: int | None = None

    def label_of(self, index: int) -> str:
        """The name of a place."""
        return self.label(index) if self.label else str(index)


@dataclass(frozen=True, slots=True)
class Codes:
    """One of a few words; data sets hold its number."""

    meanings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its ``name`` in plain tables, what it is (``long_name``), and how its ``value`` comes from a row.

    ``variable`` is what data sets call it, made of its name where none is given. With an empty name it is in data sets
    only, with an empty ``variable`` in plain tables only.

    A value has one entry for each place along each axis of ``by``, nested; missing ones are None or left out at the
    end. ``{junction}`` in the name stands for the place along that axis. ``cell`` is what plain tables show where that
    is not the value. ``holds`` is the type of the entries: for an axis their place along it.

    The variable has the dimensions of its table, but for those that it is ``without``, and then ``by``. A variable that
    is called like its dimension is the coordinate. ``is_complete``: no entry is ever missing. ``instance``: the
    dimension whose index it is, as ragged arrays have it by the CF conventions.
    """

    name: str
    long_name: str
    value: Callable[[Row], Any]
    unit: str = ""
    holds: type[float] | type[int] | type[str] | Codes | Axis = float
    variable: str | None = None
    by: tuple[Axis, ...] = ()
    without: tuple[str, ...] = ()
    cell: Callable[[Row], Any] | None = None
    is_complete: bool = False
    instance: str = ""

    def title(self, **labels: str) -> str:
        """As a plain table is headed, such as ``J1 voltage (mV)``."""
        name = self.name.format(**labels)
        return f"{name} ({IN_TITLES.get(self.unit, self.unit)})" if self.unit else name

    @property
    def variable_name(self) -> str:
        """As a data set calls it; empty for a column that it does not have."""
        return self.name.lower().replace(" ", "_") if self.variable is None else self.variable

    def dims(self, of_table: Sequence[str]) -> tuple[str, ...]:
        """The dimensions of its variable."""
        return (*(dim for dim in of_table if dim not in self.without), *(axis.name for axis in self.by))


@dataclass(frozen=True, slots=True)
class Each:
    """Columns that plain tables repeat together, place by place along an axis."""

    axis: Axis
    columns: "tuple[Column | Each, ...]"


Columns: TypeAlias = tuple[Column | Each, ...]


@dataclass(frozen=True, slots=True)
class DataSet:
    """A data set, which several tables may fill: the name of its file, and what it holds."""

    name: str
    title: str


@dataclass(frozen=True, slots=True)
class Table:
    """Columns, and the rows that events give.

    ``name`` is that of its CSV file, ``results`` that of its file for PyMeasure; empty if it has none there. With a
    place for a number, as in ``curves-{:03}``, it has a file for each number in its first column, with the
    ``parameters`` of that number. ``rows`` gives the rows of each event of a type, in order (of the base class: of any
    event), ``last`` those that are known when there are no more events.

    ``dims`` are its dimensions in ``data_set``: with one, rows follow each other along it, with none there is one row.
    Where a table ``is_keyed``, each row has its place by those columns whose variables are called like the dimensions.
    ``without_cells`` tells the rows that a plain table leaves out.
    """

    name: str
    columns: Columns
    rows: Mapping[type, Callable[[Any], Iterable[Row]]] = field(default_factory=dict)
    last: Callable[[], Iterable[Row]] = tuple
    data_set: DataSet | None = None
    dims: tuple[str, ...] = ("row",)
    is_keyed: bool = False
    results: str = ""
    parameters: Callable[[Any], Mapping[str, str]] = field(default=lambda _number: {})
    without_cells: Callable[[Row], bool] = field(default=lambda _row: False)

    @property
    def all_columns(self) -> tuple[Column, ...]:
        """Every column once."""
        return tuple(_flat(self.columns))


def _flat(columns: Columns) -> Iterator[Column]:
    for one in columns:
        if isinstance(one, Each):
            yield from _flat(one.columns)
        else:
            yield one


def once(take: Callable[[Any], None]) -> Callable[[Any], tuple[()]]:
    """``take`` for tables that share state: an event that several of them pass on is taken once. It gives no rows.

    All tables have to pass on an event before the next one comes.
    """
    latest: Any = None

    def taken(event: Any) -> tuple[()]:
        nonlocal latest
        if event is not latest:
            latest = event
            take(event)
        return ()

    return taken


def sizes_of(columns: Iterable[Column], row: Row, known: Mapping[str, int]) -> dict[str, int]:
    """How many places each axis of ``columns`` has, by a row; at least as many as are ``known``."""
    sizes = dict(known)
    for column in columns:
        values = [column.value(row)] if column.by else []
        for axis in column.by:
            nested = [value for value in values if value is not None]
            sizes[axis.name] = axis.size or max((sizes.get(axis.name, 0), *map(len, nested)))
            values = [inner for value in nested for inner in value]
    return sizes


def entries(value: Any, shape: Sequence[int]) -> Sequence[Any]:
    """All entries of a nested value, None for those that are missing.

    Raises:
        ValueError: it has more than there are places.
    """
    if not shape:
        return [value]
    given = () if value is None else value
    missing = shape[0] - len(given)
    if missing < 0:
        raise ValueError(f"{len(given)} entries where there are {shape[0]} places")
    padded = [*given, *[None] * missing] if missing else given
    if len(shape) == 1:
        return padded
    return [entry for inner in padded for entry in entries(inner, shape[1:])]


class Sheet:
    """The columns of a plain table as they are laid out side by side: its ``titles``, and the cells of each row."""

    def __init__(self, table: Table, row: Row, known: Mapping[str, int]) -> None:
        """As wide as the axes are long that are ``known``, or that the first ``row`` has."""
        columns = [column for column in table.all_columns if column.name]
        sizes = sizes_of(columns, row, known)
        self._values = [(cell_of(column), [sizes[axis.name] for axis in column.by]) for column in columns]
        places = list(_places(table.columns, sizes, {}))
        self.titles = [title for title, _, _ in places]
        number = {id(column): n for n, column in enumerate(columns)}
        self._places = [(number[id(column)], at) for _, column, at in places]
        self.texts = [n for n, (_, column, _) in enumerate(places) if column.holds is str]
        """Which cells hold free text."""

    def cells(self, row: Row) -> list[Value]:
        """The cells of a row."""
        flat = [entries(value(row), shape) if shape else (value(row),) for value, shape in self._values]
        return [flat[n][at] for n, at in self._places]


def cell_of(column: Column) -> Callable[[Row], Any]:
    """Gives what a plain table shows of a row in a column."""
    if column.cell is None and isinstance(column.holds, Axis):
        axis, value = column.holds, column.value
        return lambda row: axis.label_of(value(row))
    return column.cell or column.value


def _places(columns: Columns, sizes: Mapping[str, int], at: Mapping[str, int]) -> Iterator[tuple[str, Column, int]]:
    """Title, column and number of the entry of each cell, from left to right."""
    for one in columns:
        if isinstance(one, Each):
            for k in range(sizes[one.axis.name]):
                yield from _places(one.columns, sizes, {**at, one.axis.name: k})
        elif one.name:
            ranges = [[at[a.name]] if a.name in at else range(sizes[a.name]) for a in one.by]
            for places in product(*ranges):
                labels = {axis.name: axis.label_of(k) for axis, k in zip(one.by, places, strict=True)}
                number = 0
                for axis, k in zip(one.by, places, strict=True):
                    number = number * sizes[axis.name] + k
                yield one.title(**labels), one, number
