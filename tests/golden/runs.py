"""The runs that earlier versions wrote, by journal format and name."""

from pathlib import Path

from mtjlab.store import REQUEST

GOLDEN = Path(__file__).parent
FORMATS = sorted(path for path in GOLDEN.iterdir() if path.name.isdecimal())
RUNS = {
    f"{made.parent.name}/{made.name}": next(path.parent for path in made.glob(f"*/*/{REQUEST}"))
    for journals in FORMATS
    for made in sorted(journals.iterdir())
    if made.is_dir()
}
