"""The supplied configurations: their folder and their names."""

import os
from pathlib import Path

from mtjlab.errors import RefusedError, reason_of, remedy_of

_PACKAGE = Path(__file__).parent
CONFIGS = _PACKAGE / "configs" if os.path.isdir(_PACKAGE / "configs") else _PACKAGE.parent / "configs"
"""In the installed package, or beside it in a checkout."""
DEFAULT_BENCH, DEFAULT_PLAN = CONFIGS / "simulated.toml", CONFIGS / "vowels.toml"


def supplied_names() -> tuple[str, ...]:
    """Names of all supplied configurations."""
    return tuple(sorted(path.stem for path in CONFIGS.glob("*.toml")))


def supplied_file(named: Path) -> Path:
    """Return the file ``named``, or the supplied configuration of that name if it does not exist."""
    if os.path.exists(named) or named.parent not in (Path(), Path("configs")) or named.suffix not in ("", ".toml"):
        return named
    supplied = CONFIGS / f"{named.stem if named.suffix else named.name}.toml"
    return supplied if os.path.isfile(supplied) else named


def copy_supplied(name: str, to: Path) -> Path:
    """Copy a supplied configuration to the file ``to``, or into the folder ``to``.

    Raises:
        RefusedError: the name is not known, the target exists, or it cannot be written.
    """
    source = CONFIGS / f"{Path(name).stem}.toml"
    if not os.path.isfile(source):
        raise RefusedError(f"{name}: is not a supplied configuration. There are {', '.join(supplied_names())}.")
    target = to / source.name if os.path.isdir(to) else to
    try:
        with target.open("xb") as file:
            file.write(source.read_bytes())
    except FileExistsError:
        raise RefusedError(f"{target}: exists already, and nothing is overwritten. Give another name.") from None
    except OSError as error:
        raise RefusedError(f"{target}: cannot be written ({reason_of(error)}). {remedy_of(error)}.") from error
    return target
