"""A column is declared once, and every format has it; data sets grow block by block into what one block would give."""

from collections.abc import Callable
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from mtjlab.export import export_run
from mtjlab.export.variables import DataSetFile
from mtjlab.notebook.runs import read
from mtjlab.procedures.training import tables
from mtjlab.schema import Axis, Column, DataSet, Each, Sheet, Table, entries, once

Made = Callable[[str], Path]
PART = Axis("part", "part", ("left", "right").__getitem__)


class Row(NamedTuple):
    series: int
    input_ua: float
    volts: tuple[float, ...]
    note: str


GRID = Table(
    "grid",
    (
        Column("Series", "series", lambda row: row.series, holds=int),
        Column("Input", "input current", lambda row: row.input_ua, "uA", variable="input_current"),
        Each(
            PART,
            (
                Column("{part} voltage", "voltage", lambda row: row.volts, "V", variable="voltage", by=(PART,)),
                Column("{part} sign", "sign", lambda row: [v > 0 for v in row.volts], variable="sign", by=(PART,)),
            ),
        ),
        Column("Note", "note", lambda row: row.note, holds=str),
    ),
    data_set=DataSet("grid", "A grid"),
    dims=("series", "input_current"),
    is_keyed=True,
)


def test_one_more_column_is_one_line(made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "_STEP", (*tables._STEP, Column("Twice", "twice the step", lambda row: 2 * row.step)))
    for to in ("csv", "netcdf", "pymeasure"):
        export_run(made("train"), to, tmp_path / to)  # type: ignore[arg-type]
    assert pd.read_csv(tmp_path / "csv" / "steps.csv")["Twice"].tolist() == [0, 2, 4]
    assert pd.read_csv(tmp_path / "pymeasure" / "steps.csv", comment="#")["Twice"].tolist() == [0, 2, 4]
    with xr.open_dataset(tmp_path / "netcdf" / "training.nc", engine="h5netcdf") as training:
        assert training["twice"].values.tolist() == [0, 2, 4]
        assert training["twice"].attrs["long_name"] == "twice the step"
    assert read(made("train")).to_dataframe("steps")["Twice"].tolist() == [0, 2, 4]


@settings(max_examples=25, deadline=None)
@given(
    st.dictionaries(
        st.tuples(st.integers(0, 4), st.sampled_from([-20.0, -5.0, 0.0, 5.0, 300.0])),
        st.tuples(st.tuples(st.floats(-1, 1), st.floats(-1, 1)), st.text("ab", max_size=2)),
        min_size=1,
    ),
    st.lists(st.integers(0, 25)),
)
def test_rows_in_any_order_and_any_blocks_find_their_places(
    places: dict[tuple[int, float], tuple[tuple[float, ...], str]], cuts: list[int]
) -> None:
    rows = [Row(*place, *told) for place, told in places.items()]
    buffer = BytesIO()
    file = DataSetFile(buffer, {"part": 2})
    for first, end in pairwise(sorted({0, len(rows), *(cut for cut in cuts if cut < len(rows))})):
        file.take(GRID, rows[first:end])
    file.finish([GRID], {"title": "grid"})
    file.close()
    found = xr.load_dataset(buffer, engine="h5netcdf")
    assert found["input_current"].values.tolist() == sorted({row.input_ua for row in rows})
    assert found["series"].values.tolist() == list(range(1 + max(row.series for row in rows)))
    assert found["part"].values.tolist() == ["left", "right"]
    for row in rows:
        at = found.sel(series=row.series, input_current=row.input_ua)
        assert tuple(at["voltage"].values.tolist()) == row.volts
        assert at["note"].item() == row.note
    assert found["voltage"].count() == 2 * len(rows)


def test_what_tables_share_takes_each_event_once() -> None:
    taken: list[object] = []
    take = once(taken.append)
    first, equal = [1], [1]
    for event in (first, equal):
        assert [take(event) for _table in range(3)] == [(), (), ()]
    assert taken == [[1], [1]]


def test_columns_of_an_axis_are_laid_out_place_by_place() -> None:
    sheet = Sheet(GRID, Row(0, 1.0, (2.0, -3.0), ""), {})
    assert sheet.titles == [
        "Series", "Input (uA)", "left voltage (V)", "left sign", "right voltage (V)", "right sign", "Note",
    ]  # fmt: skip
    assert sheet.cells(Row(4, 1.0, (2.0,), "x")) == [4, 1.0, 2.0, True, None, None, "x"]


def test_what_is_missing_is_none_and_what_has_no_place_is_refused() -> None:
    assert entries([[1], None], (2, 2)) == [1, None, None, None]
    assert np.array(entries(np.eye(2), (2, 2))).tolist() == [1, 0, 0, 1]
    with pytest.raises(ValueError, match="3 entries where there are 2 places"):
        entries([1, 2, 3], (2,))
