"""Tables of a study: one row for each training, one for each measurement of recognition, one for each cell."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from mtjlab.study.trainings import Row
from mtjlab.whole_files import write_whole

CELL = ["chip", "plan", "rule"]
SUBSETS = ("train", "test")
NET_CDF = "study.nc"
TOLD = ("key", *CELL, "seed", "engine", "failed", "steps", "learning_s", "probes")


def tables_of(rows: Sequence[Row], surrogate: bool) -> dict[str, pd.DataFrame]:
    """Tables ``runs``, ``curves`` and ``summary`` by name. Rates are fractions, of simulated benches.

    ``summary`` has means and standard errors of the last measurement, and of its difference from the first cell of the
    study in trainings with the same seed: these have the same split and the same random numbers.
    """
    last = [dict(row["recognition"][-1]) if row["recognition"] else {} for row in rows]
    runs = pd.DataFrame(
        [
            {**{key: row.get(key) for key in TOLD}, **{subset: one.get(subset) for subset in SUBSETS}}
            for row, one in zip(rows, last, strict=True)
        ],
        columns=[*TOLD, *SUBSETS],
    )
    for counted in ("steps", "probes"):
        runs[counted] = runs[counted].astype("Int64")  # also where some failed
    curves = pd.DataFrame(
        [{**{key: row[key] for key in (*CELL, "seed")}, **rates} for row in rows for rates in row["recognition"]],
        columns=[*CELL, "seed", "step", *SUBSETS, "learning_s"],
    )
    found = {"runs": runs, "curves": curves, "summary": _summary(runs)}
    for table in found.values():
        table["simulated"], table["surrogate"] = True, surrogate
    return found


def _summary(runs: pd.DataFrame) -> pd.DataFrame:
    cells = runs.groupby(CELL, sort=False)
    first = next((cell.set_index("seed") for _, cell in cells), None)
    summary = []
    for names, cell in cells:
        done = cell[cell["failed"] == ""].set_index("seed")
        one = {**dict(zip(CELL, names, strict=True)), "done": len(done), "failed": len(cell) - len(done)}
        for subset in SUBSETS:
            one |= _mean(subset, done[subset])
        one |= {"learning_s": done["learning_s"].mean(), "probes": done["probes"].mean()}
        for subset in SUBSETS:
            away = (done[subset] - first[subset]).dropna() if first is not None else done[subset]
            one |= _mean(f"{subset}_difference", away)
        summary.append({**one, "pairs": len(away)})
    return pd.DataFrame(summary)


def _mean(name: str, values: "pd.Series[float]") -> dict[str, float]:
    """Mean and standard error; the error of fewer than two is not known."""
    values = values.dropna().astype(float)
    error = float(values.std(ddof=1) / np.sqrt(len(values))) if len(values) > 1 else float("nan")
    return {f"{name}_mean": float(values.mean()) if len(values) else float("nan"), f"{name}_error": error}


def write_tables(tables: dict[str, pd.DataFrame], folder: Path) -> list[Path]:
    """Write each table as CSV, and all as groups of one NetCDF file; returns their paths. Raises OSError."""
    written = [
        write_whole(folder / f"{name}.csv", lambda path, table=table: table.to_csv(path, index=False))  # type: ignore[misc]
        for name, table in tables.items()
    ]
    return [*written, write_whole(folder / NET_CDF, lambda path: _write_netcdf(tables, path))]


def _write_netcdf(tables: dict[str, pd.DataFrame], path: Path) -> None:
    for number, (name, table) in enumerate(tables.items()):
        texts = table.select_dtypes(include=["object", "string"]).columns
        counted = table.select_dtypes(include=["Int64"]).columns
        known = table.assign(
            **{key: table[key].fillna("").astype(str) for key in texts},
            **{key: table[key].astype(float) for key in counted},
        ).rename_axis(name)
        data = xr.Dataset.from_dataframe(known)
        data.attrs = {"Conventions": "CF-1.11", "title": f"study: {name}", "source": "simulation"}
        data.to_netcdf(path, mode="a" if number else "w", group=name, engine="h5netcdf")
