"""Variables of a NetCDF file: each with its unit and a long name; missing numbers NaN, missing counts and codes -1."""

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike, NDArray

from mtjlab.domain import input_label, junction_label
from mtjlab.schema import Column, Table

Dims: TypeAlias = tuple[str, ...]

MISSING = -1
DIRECTIONS = ("rising", "falling")
_COMPRESSED_FROM = 1000
_COMPRESSED: dict[str, Any] = {"zlib": True, "complevel": 4, "shuffle": True}


def real(dims: Dims, values: ArrayLike, units: str, long_name: str) -> xr.Variable:
    """Real numbers, NaN where there is none."""
    array = np.asarray(values, dtype=np.float64)
    encoding = _COMPRESSED if array.size >= _COMPRESSED_FROM else {}
    return xr.Variable(dims, array, {"units": units, "long_name": long_name}, encoding)


def count(dims: Dims, values: ArrayLike, long_name: str, complete: bool = False) -> xr.Variable:
    """Whole numbers from 0 on, -1 where there is none; ``complete`` if there always is one."""
    array = np.asarray(values, dtype=np.int32)
    return xr.Variable(dims, array, {"units": "1", "long_name": long_name}, _encoding(array, complete))


def codes(
    dims: Dims, values: ArrayLike, meanings: Sequence[str], long_name: str, complete: bool = False
) -> xr.Variable:
    """Indices into ``meanings``, -1 where there is none; ``complete`` if there always is one."""
    array = np.asarray(values, dtype=np.int8)
    attributes = {
        "units": "1",
        "long_name": long_name,
        "flag_values": np.arange(len(meanings), dtype=np.int8),
        "flag_meanings": " ".join(meanings),
    }
    return xr.Variable(dims, array, attributes, _encoding(array, complete))


def _encoding(array: NDArray[np.signedinteger[Any]], complete: bool) -> dict[str, Any]:
    fill = {} if complete else {"_FillValue": array.dtype.type(MISSING)}
    return {**fill, **(_COMPRESSED if array.size >= _COMPRESSED_FROM else {})}


def text(dims: Dims, values: ArrayLike, long_name: str) -> xr.Variable:
    """Words, empty where there is none."""
    array = np.asarray(values, dtype=object)
    held = np.array([without_nul(one) for one in array.flat], dtype=object).reshape(array.shape)
    return xr.Variable(dims, held, {"units": "1", "long_name": long_name})


def labels(dim: str, values: Sequence[str], long_name: str) -> xr.Variable:
    """A coordinate of names."""
    return text((dim,), values, long_name)


def without_nul(text: str) -> str:
    """``text`` with NUL, which would end it in HDF5, as an escape."""
    return text.replace("\0", r"\x00")


def numbers(dim: str, values: ArrayLike, units: str, long_name: str) -> xr.Variable:
    """A coordinate of numbers, none of which is missing."""
    return xr.Variable((dim,), np.asarray(values), {"units": units, "long_name": long_name}, {"_FillValue": None})


def junctions(count_: int) -> xr.Variable:
    """The coordinate of the junctions."""
    return labels("junction", [junction_label(k) for k in range(count_)], "junction, from source 1 to ground")


def inputs(count_: int) -> xr.Variable:
    """The coordinate of the inputs."""
    return labels("input", [input_label(j) for j in range(count_)], "input, in the order they are applied")


def dataset_of(table: Table) -> xr.Dataset | None:
    """A table as a data set whose one dimension are its rows; None without rows."""
    rows = list(table.rows)
    if not rows:
        return None
    columns = zip(table.columns, zip(*rows, strict=True), strict=True)
    return xr.Dataset({column.variable: _variable(column, values) for column, values in columns})


def _variable(column: Column, values: Sequence[Any]) -> xr.Variable:
    dims = ("row",)
    if column.holds is str:
        return text(dims, [value or "" for value in values], column.told)
    if column.holds is int:
        return count(dims, [MISSING if value is None else value for value in values], column.told)
    return real(dims, [np.nan if value is None else value for value in values], column.unit or "1", column.told)
