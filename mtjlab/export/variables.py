"""Variables of a data set as they grow block by block: missing numbers NaN, missing counts and codes -1."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, product
from math import prod
from pathlib import Path
from typing import Any, BinaryIO

import h5netcdf
import h5py
import numpy as np
from numpy.typing import NDArray

from mtjlab.export.unfailing_file import UnfailingFile
from mtjlab.schema import Axis, Codes, Column, Row, Table, entries, sizes_of

MISSING = -1
COMPRESSED_FROM = 1000
"""Entries of a chunk."""


def without_nul(text: str) -> str:
    """``text`` with NUL, which would end it in HDF5, as an escape."""
    return text.replace("\0", r"\x00")


@dataclass(frozen=True, slots=True)
class _Stored:
    """How entries of a type are stored: their type in the file, what stands for a missing one, and the code of one."""

    dtype: Any
    missing: Any
    code: Callable[[Any], Any] = lambda value: value


def _stored(column: Column) -> _Stored:
    match column.holds:
        case Codes(meanings=meanings):
            return _Stored(np.dtype(np.int8), MISSING, {word: code for code, word in enumerate(meanings)}.__getitem__)
        case Axis():
            return _Stored(h5py.string_dtype(), "", column.holds.label_of)
        case kind if kind is str:
            return _Stored(h5py.string_dtype(), "", lambda value: without_nul(str(value)))
        case kind if kind is int:
            return _Stored(np.dtype(np.int32), MISSING)
        case _:
            return _Stored(np.dtype(np.float64), np.nan)


def _array(column: Column, values: Sequence[Any], shape: Sequence[int]) -> NDArray[Any]:
    """Values of a column as they are stored: ``[row, ...]``."""
    stored, whole = _stored(column), (len(values), *shape)
    if column.holds is float and (regular := _regular(values, whole)) is not None:
        return regular
    flat = chain.from_iterable(entries(value, shape) for value in values)
    codes = [stored.missing if one is None else stored.code(one) for one in flat]
    return np.array(codes, dtype=object if stored.dtype.kind == "O" else stored.dtype).reshape(whole)


def _regular(values: Sequence[Any], shape: tuple[int, ...]) -> NDArray[Any] | None:
    """Numbers of which none is left out; made faster than entry by entry."""
    try:
        array = np.array(values, dtype=np.float64)
    except (TypeError, ValueError):
        return None
    return array if array.shape == shape else None


class DataSetFile:
    """A data set that several tables fill.

    Its dimensions grow with them, but for those of junctions, inputs and the like: ``sizes`` are those that are known.
    """

    def __init__(self, file: Path | BinaryIO, sizes: Mapping[str, int]) -> None:
        self._written = UnfailingFile(file) if isinstance(file, Path) else None
        self._hdf5 = h5py.File(self._written or file, "w", track_order=True)
        """The same file, for all values: h5netcdf looks at every variable of a growing dimension before it reads."""
        self._file = h5netcdf.File(self._hdf5, "w")
        self._sizes = dict(sizes)
        self._axes: dict[str, Axis] = {}
        self._values: dict[str, dict[float, int]] = defaultdict(dict)
        """Places along a dimension whose coordinate holds numbers, as they came."""
        self._tables: dict[int, Table] = {}

    def close(self) -> None:
        """Close the file, as it is. Raises OSError if it could not be written."""
        self._file.close()
        self._hdf5.close()
        if self._written is not None:
            self._written.close()
        self._demand_written()

    def _demand_written(self) -> None:
        if self._written is not None and self._written.failure is not None:
            raise self._written.failure

    def finish(self, tables: Iterable[Table], attributes: Mapping[str, Any]) -> None:
        """Add coordinates, what nothing was known of, and attributes of the whole."""
        for table in tables:
            self._fill(table)
        for name, places in self._values.items():
            self._sort(name, list(places))
        for name, axis in self._axes.items():
            if axis.label is not None and name not in self._file.variables:
                labels = [axis.label(k) for k in range(self._sizes[name])]
                self._variable(_coordinate(axis, labels), (name,), (len(labels),))[:] = np.array(labels, dtype=object)
        self._file.attrs.update(attributes)

    def take(self, table: Table, rows: Sequence[Row]) -> None:
        """Write rows.

        Raises:
            OSError: the file cannot be written.
        """
        columns = [column for column in table.all_columns if column.variable_name]
        self._sizes = sizes_of(columns, rows[0], self._sizes)
        if table.is_keyed:
            self._take_keyed(table, columns, rows)
        elif table.dims:
            (dim,) = table.dims
            first = self._sizes.get(dim, 0)
            self._grow(dim, first + len(rows))
            for column in columns:
                values = _array(column, [column.value(row) for row in rows], self._shape(column))
                self._variable(column, table.dims, values.shape)[first:] = values
        else:
            (row,) = rows
            self._take_single(columns, row)
        self._demand_written()

    def _take_single(self, columns: Sequence[Column], row: Row) -> None:
        """What is not known has no variable."""
        for column in columns:
            if (value := column.value(row)) is not None:
                values = _array(column, [value], self._shape(column))[0]
                self._variable(column, (), values.shape)[...] = values

    def _take_keyed(self, table: Table, columns: Sequence[Column], rows: Sequence[Row]) -> None:
        """Each row has its place; what lies between the first and the last of these places is written at once."""
        keys = {column.variable_name: column for column in columns if column.variable_name in table.dims}
        places = {dim: self._places(dim, keys[dim], rows) for dim in table.dims}
        for column in columns:
            if column.variable_name in keys:
                continue
            dims = [dim for dim in table.dims if dim not in column.without]
            box = [slice(int(places[dim].min()), int(places[dim].max()) + 1) for dim in dims]
            inside = tuple(places[dim] - side.start for dim, side in zip(dims, box, strict=True))
            values = _array(column, [column.value(row) for row in rows], self._shape(column))
            extent = tuple(side.stop - side.start for side in box)
            variable = self._variable(column, table.dims, (*extent, *values.shape[1:]))
            held = _texts(variable[tuple(box)]) if values.dtype == object else variable[tuple(box)]
            held[inside] = values
            variable[tuple(box)] = held

    def _places(self, dim: str, key: Column, rows: Sequence[Row]) -> NDArray[np.int64]:
        """The place of each row along a dimension, which grows as it needs to."""
        values = [key.value(row) for row in rows]
        if isinstance(key.holds, Axis):
            self._axes[dim] = key.holds
            self._sizes.setdefault(dim, key.holds.size or 1 + max(values))
        elif key.holds is float:
            known = self._values[dim]
            values = [known.setdefault(value, len(known)) for value in values]
            self._grow(dim, len(known))
        else:
            self._grow(dim, 1 + max(values))
        return np.array(values, dtype=np.int64)

    def _shape(self, column: Column) -> tuple[int, ...]:
        return tuple(self._sizes[axis.name] for axis in column.by)

    def _grow(self, dim: str, size: int) -> None:
        """Make a dimension that can grow at least as long."""
        if dim not in self._file.dimensions:
            self._file.dimensions[dim] = None
        if size > self._sizes.get(dim, 0):
            self._file.resize_dimension(dim, size)
            self._sizes[dim] = size

    def _variable(self, column: Column, of_table: Sequence[str], extent: Sequence[int]) -> Any:
        """The variable of a column; it is made when it is first needed, in chunks of this ``extent`` if it can grow."""
        name, dims = column.variable_name, column.dims(of_table)
        if name in self._file.variables:
            return self._hdf5[self._file.variables[name].name]
        for axis in column.by:
            self._axes[axis.name] = axis
        for dim in dims:
            if dim not in self._file.dimensions:
                self._file.dimensions[dim] = self._sizes[dim]
        stored, is_coordinate = _stored(column), dims == (name,)
        is_text = stored.dtype.kind == "O"
        dtype = np.dtype(np.int64) if is_coordinate and column.holds is int else stored.dtype
        fill = None if is_text or is_coordinate or column.is_complete else dtype.type(stored.missing)
        can_grow = any(self._file.dimensions[dim].isunlimited() for dim in dims)
        is_large = prod(extent) >= COMPRESSED_FROM and not is_text
        variable = self._file.create_variable(
            name,
            dims,
            dtype,
            fillvalue=fill,
            chunks=tuple(max(1, n) for n in extent) if can_grow or is_large else None,
            **({"compression": "gzip", "compression_opts": 4, "shuffle": True} if is_large else {}),
        )
        variable.attrs.update(_attributes(column))
        return self._hdf5[variable.name]

    def _fill(self, table: Table) -> None:
        """Variables of a table without rows, as large as the others of the data set are; coordinates of any."""
        if not table.is_keyed:
            return
        columns = [column for column in table.all_columns if column.variable_name]
        for dim in table.dims:
            if dim not in self._sizes:
                self._grow(dim, 0)
                self._sizes[dim] = 0
        for column in columns:
            if column.variable_name not in table.dims:
                if all(axis.name in self._sizes for axis in column.by):
                    dims = column.dims(table.dims)
                    self._variable(column, table.dims, [self._sizes[dim] for dim in dims])
            elif not isinstance(column.holds, Axis):
                self._add_coordinate(column)

    def _add_coordinate(self, key: Column) -> None:
        """The coordinate of a dimension along which numbers count, or stand in their order."""
        dim = key.variable_name
        values = np.arange(self._sizes[dim]) if key.holds is int else np.sort(list(self._values[dim]))
        self._variable(key, (dim,), values.shape)[:] = values

    def _sort(self, dim: str, values: Sequence[float]) -> None:
        """Bring numbers along a dimension into their order, and all that lies there with them."""
        order = np.argsort(values)
        if np.any(np.diff(order) < 0):
            for variable in self._file.variables.values():
                if dim in variable.dimensions and variable.dimensions != (dim,):
                    _reorder(self._hdf5[variable.name], variable.dimensions.index(dim), order)


def _texts(held: Any) -> NDArray[np.object_]:
    """Texts as they are read from the file."""
    array = np.asarray(held, dtype=object)
    return np.array([one.decode() if isinstance(one, bytes) else one for one in array.flat], dtype=object).reshape(
        array.shape
    )


def _reorder(variable: Any, axis: int, order: NDArray[np.int64]) -> None:
    """Take what lies along an axis in another order, piece by piece."""
    for place in product(*map(range, variable.shape[:axis])):
        variable[place] = np.asarray(variable[place])[order]


def _coordinate(axis: Axis, labels: Sequence[str]) -> Column:
    return Column("", axis.long_name, lambda _: labels, holds=str, variable=axis.name)


def _attributes(column: Column) -> dict[str, Any]:
    told: dict[str, Any] = {"units": column.unit or "1", "long_name": column.long_name}
    if isinstance(column.holds, Codes):
        told["flag_values"] = np.arange(len(column.holds.meanings), dtype=np.int8)
        told["flag_meanings"] = " ".join(column.holds.meanings)
    if column.instance:
        told["instance_dimension"] = column.instance
    return told
