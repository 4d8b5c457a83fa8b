"""The data set of a run, read again from its file: the run folder holds input currents, not features."""

import os
from pathlib import Path

from mtjlab.errors import RefusedError
from mtjlab.store import REQUEST, read_request
from mtjlab.vowels.data_set import DataSet
from mtjlab.vowels.files import ENVIRONMENT_VARIABLE, find_vowels
from mtjlab.vowels.hillenbrand import HILLENBRAND, SURROGATE, read_hillenbrand, surrogate
from mtjlab.vowels.tables import read_table


def data_of_run(folder: Path) -> DataSet:
    """Read the data set of the run in ``folder``, from the file it names or else the vowel file of this user.

    Raises:
        RefusedError: the data is missing or changed, or ``run.toml`` does not name it.
    """
    name, source, sha256 = _asked(folder)
    data = _look_for(name, source)
    if data.checksum != sha256:
        raise RefusedError(
            f"{folder}: the data of the run ({name} from {source}, sha256 {sha256[:12]}...) is not the data found now "
            f"({data.name} from {data.source}, sha256 {data.checksum[:12]}...). Restore that file, or, if "
            f"it is lost, name a copy of it in {ENVIRONMENT_VARIABLE}."
        )
    return data


def _asked(folder: Path) -> tuple[str, Path, str]:
    """Name, file and SHA-256 of the data set that ``run.toml`` names."""
    try:
        data = read_request(folder)["data"]
        return str(data["name"]), Path(data["source"]), str(data["sha256"])
    except (KeyError, TypeError) as error:
        raise RefusedError(
            f"{folder / REQUEST}: does not name the data of the run ({error}). Give the folder of a training, or "
            "restore the file from a copy."
        ) from error


def _look_for(name: str, source: Path) -> DataSet:
    """The data set in ``source``; the vowels of this user if that file does not exist."""
    if name == SURROGATE:
        return surrogate()
    if not os.path.isfile(source):
        return find_vowels()
    return read_hillenbrand(source) if name == HILLENBRAND else read_table(source)
