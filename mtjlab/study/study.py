"""A study from its file to its tables."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from mtjlab.errors import RefusedError, reason_of, remedy_of
from mtjlab.study.figure import draw
from mtjlab.study.file import read_study
from mtjlab.study.running import Progress, run_cells
from mtjlab.study.tables import tables_of, write_tables
from mtjlab.study.trainings import cells_of
from mtjlab.vowels.hillenbrand import SURROGATE

FIGURE = "recognition.png"


@dataclass(frozen=True, slots=True)
class Studied:
    """Result of a study as ``--json`` prints it, and whether it was stopped before its end."""

    result: dict[str, Any]
    stopped: bool


def study(file: Path, folder: Path, cluster: str, progress: Progress) -> Studied:
    """Make the trainings of ``file`` that ``folder`` does not have yet, then write tables and figure of all it has.

    Raises:
        RefusedError: the file has a mistake, the folder cannot be used, or there is no cluster.
    """
    described = read_study(file)
    cells = cells_of(described, file)
    seeds = range(described.first_seed, described.first_seed + described.seeds)
    made = run_cells(cells, seeds, described.engine, folder, cluster, progress)
    surrogate = any(cell.data.name == SURROGATE for cell in cells)
    tables = tables_of(made.rows, surrogate)
    try:
        written = write_tables(tables, folder)
        has_curves = len(tables["curves"]) > 0
        drawn = str(draw(tables["curves"], described.name, surrogate, folder / FIGURE)) if has_curves else None
    except OSError as error:
        raise RefusedError(f"{folder}: tables cannot be written ({reason_of(error)}). {remedy_of(error)}.") from error
    failed = sum(bool(row["failed"]) for row in made.rows)
    summary = tables["summary"].astype(object).replace({np.nan: None})
    return Studied(
        {
            "study": described.name,
            "folder": str(folder),
            "simulated": True,
            "surrogate": surrogate,
            "trainings": len(cells) * described.seeds,
            "done": len(made.rows) - failed,
            "failed": failed,
            "stopped": made.stopped,
            "tables": [str(path) for path in written],
            "figure": drawn,
            "summary": summary.to_dict(orient="records"),
        },
        made.stopped,
    )
