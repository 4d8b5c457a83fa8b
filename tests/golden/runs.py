"""The runs that earlier versions wrote, by journal format and name."""

from pathlib import Path
from shutil import copytree

from mtjlab.store import REQUEST

SOMEWHERE = "/somewhere"
"""Where the runs say they were made."""
GOLDEN = Path(__file__).parent
FORMATS = sorted(path for path in GOLDEN.iterdir() if path.name.isdecimal())
RUNS = {
    f"{made.parent.name}/{made.name}": next(path.parent for path in made.glob(f"*/*/{REQUEST}"))
    for journals in FORMATS
    for made in sorted(journals.iterdir())
    if made.is_dir()
}


def copied(run: Path, folder: Path) -> Path:
    """A copy that lies in ``folder``, and finds there the table that it names."""
    copytree(run, folder / run.parent.name / run.name)
    there = folder / run.parent.name / run.name
    asked = (there / REQUEST).read_text(encoding="utf-8").split("\n", 1)[1]
    (there / REQUEST).write_text(asked.replace(SOMEWHERE, folder.as_posix()), encoding="utf-8")
    table = run.parents[2] / "few.csv"
    (folder / table.name).write_bytes(table.read_bytes())
    return there
