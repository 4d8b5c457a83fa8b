"""The measured vowel file of this user: found, imported or downloaded. The project itself holds no copy."""

import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import platformdirs

from mtjlab.errors import reason_of, remedy_of
from mtjlab.vowels.data_set import DataError, DataSet
from mtjlab.vowels.hillenbrand import read_hillenbrand, surrogate
from mtjlab.vowels.tables import read_table
from mtjlab.whole_files import put

ENVIRONMENT_VARIABLE = "MTJLAB_VOWELS"
CANONICAL_URL = "http://homepages.wmich.edu/~hillenbr/voweldata/vowdata.dat"
MIRRORS = (
    "https://homepages.wmich.edu/~hillenbr/voweldata/vowdata.dat",
    "https://web.archive.org/web/2016id_/http://homepages.wmich.edu/~hillenbr/voweldata/vowdata.dat",
)
"""Where else the author's file can be had: his server by another protocol, and the Internet Archive's copy of it."""
SHA256 = "05a4a69e2c6b0f444077245b1427d12bc86f8d7a32ae7a4b63f7e06e5712e4b1"
FILE_NAME = "vowdata.dat"


def user_folder() -> Path:
    """Folder of this user in which the vowel file is stored."""
    return platformdirs.user_data_path("mtjlab")


def find_vowels(environment: Mapping[str, str] = os.environ, folder: Path | None = None) -> DataSet:
    """The vowels to learn: the file that MTJLAB_VOWELS names, else the one in the user's folder, else the surrogate.

    MTJLAB_VOWELS may name vowdata.dat or a table (``.csv``).

    Raises:
        DataError: there is a file, but it cannot be used. The surrogate never replaces a damaged file.
    """
    if named := environment.get(ENVIRONMENT_VARIABLE):
        path = Path(named)
        return read_table(path) if path.suffix.lower() == ".csv" else read_hillenbrand(path)
    stored = (folder or user_folder()) / FILE_NAME
    return read_hillenbrand(stored) if os.path.exists(stored) else surrogate()


def import_vowels(path: Path, folder: Path | None = None) -> Path:
    """Check the measured file ``path`` and keep a copy in the user's folder, whole or not at all; returns the copy.

    Raises:
        DataError: the file is damaged, or the copy cannot be written.
    """
    read_hillenbrand(path)
    stored = (folder or user_folder()) / FILE_NAME
    try:
        stored.parent.mkdir(parents=True, exist_ok=True)
        put(stored, path.read_bytes())
    except OSError as error:
        raise DataError(
            f"{stored}: cannot be written ({reason_of(error)}). {remedy_of(error)}, or set {ENVIRONMENT_VARIABLE} to "
            f"{path}."
        ) from error
    return stored


def download_vowels(
    url: str = CANONICAL_URL, mirrors: Sequence[str] = (), sha256: str = SHA256, folder: Path | None = None
) -> Path:
    """Download the measured file from ``url`` or else the first of ``mirrors`` that has it, and keep it.

    Raises:
        DataError: no address gave the file with this checksum (says why for each), or it cannot be stored.
    """
    import pooch  # type: ignore[import-untyped]  # noqa: PLC0415  only downloads need it

    failures = []
    with tempfile.TemporaryDirectory() as scratch:
        for address in (url, *mirrors):
            try:
                fetched = pooch.retrieve(address, f"sha256:{sha256}", fname=FILE_NAME, path=scratch)
            except (
                OSError,
                ValueError,
            ) as error:  # requests' exceptions are OSErrors; pooch's on a hash are ValueErrors
                failures.append(f"  {address}: {error}")
            else:
                return import_vowels(Path(fetched), folder)
    raise DataError(
        "The vowel file could not be downloaded:\n"
        + "\n".join(failures)
        + "\nTry a mirror, or get vowdata.dat another way and import it."
    )
