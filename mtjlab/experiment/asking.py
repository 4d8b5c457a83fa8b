"""What others ask of a run that goes on."""

from pathlib import Path

from mtjlab.errors import RefusedError
from mtjlab.requests import Wish
from mtjlab.run_status import standing
from mtjlab.runs.opened import kind_of
from mtjlab.store import ask


def ask_held(folder: Path, wish: Wish) -> None:
    """Ask the run in ``folder``, which is turned by hand, for other currents; its engine grants or refuses them.

    Raises:
        RefusedError: it is no such run, or does not go on.
    """
    kind = kind_of(folder)
    if not kind.is_held:
        raise RefusedError(f"{folder}: is a run of {kind.name}, which nobody turns by hand. `mtjlab live` begins one.")
    stands = standing(folder)
    if stands.is_over:
        raise RefusedError(f"{folder}: the run is {stands.status}; nothing was moved. `mtjlab live` begins another.")
    ask(folder, wish)
