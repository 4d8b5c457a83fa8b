"""CSV files: a plain table of each kind, and beside them ``origin.toml``, which says where they come from.

A row says by itself whether it is simulated, because a table is soon somewhere else than its ``origin.toml``.
"""

from pathlib import Path

import tomli_w

from mtjlab.export.exported import Exported, Take
from mtjlab.export.origin import origin
from mtjlab.export.plain_files import PlainFile
from mtjlab.schema import Table
from mtjlab.whole_files import put

ORIGIN = "origin.toml"


def write_csv(exported: Exported, target: Path) -> list[Path]:
    """Write ``curves.csv``, ``steps.csv``, ... as far as the run has them, and where they come from.

    Raises:
        OSError: a file cannot be written.
        RefusedError: the journal is damaged.
    """
    files: list[PlainFile] = []

    def begin(table: Table) -> Take | None:
        if not table.name:
            return None
        files.append(PlainFile(target / f"{table.name}.csv", exported.labelled(table), exported.sizes))
        return files[-1].take

    exported.pour(begin)
    paths = [file.path for file in files if file.has_rows]
    if paths:
        asked = tomli_w.dumps({**origin(exported), "asked": exported.request})
        paths.append(put(target / ORIGIN, asked.encode()))
    return paths
