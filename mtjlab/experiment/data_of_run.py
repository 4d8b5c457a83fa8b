"""The data set that a run learnt, found again: the run folder holds input currents, not the features."""

import os
from pathlib import Path

from mtjlab.errors import RefusedError
from mtjlab.store import REQUEST, read_request
from mtjlab.vowels.data_set import DataSet
from mtjlab.vowels.files import ENVIRONMENT_VARIABLE, find_vowels
from mtjlab.vowels.hillenbrand import HILLENBRAND, SURROGATE, read_hillenbrand, surrogate
from mtjlab.vowels.tables import read_table


def data_of_run(folder: Path) -> DataSet:
    """The very tokens that the run in ``folder`` learnt, from the file it names or else the vowels of this user.

    Raises:
        RefusedError: they are not there any more, or not the same; or ``run.toml`` does not say which they were.
    """
    name, source, sha256 = _asked(folder)
    data = _look_for(name, source)
    if data.checksum != sha256:
        raise RefusedError(
            f"{folder}: what the run learnt ({name} from {source}, sha256 {sha256[:12]}...) is not what is found now "
            f"({data.name} from {data.source}, sha256 {data.checksum[:12]}...). Put back the file that it was, or, if "
            f"there is none any more, name a copy of it in {ENVIRONMENT_VARIABLE}."
        )
    return data


def _asked(folder: Path) -> tuple[str, Path, str]:
    """Name, file and SHA-256 of the data set that ``run.toml`` names."""
    try:
        data = read_request(folder)["data"]
        return str(data["name"]), Path(data["source"]), str(data["sha256"])
    except (KeyError, TypeError) as error:
        raise RefusedError(
            f"{folder / REQUEST}: does not say which data the run learnt ({error}). Give the folder of a training, or "
            "restore the file from a copy."
        ) from error


def _look_for(name: str, source: Path) -> DataSet:
    """What stands at ``source`` now; the vowels of this user if nothing does."""
    if name == SURROGATE:
        return surrogate()
    if not os.path.isfile(source):
        return find_vowels()
    return read_hillenbrand(source) if name == HILLENBRAND else read_table(source)
