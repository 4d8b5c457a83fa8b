"""Where the measured file comes from: named, imported, downloaded; the surrogate only where there is none."""

import hashlib
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from mtjlab.errors import RefusedError
from mtjlab.vowels.data_set import DataError
from mtjlab.vowels.files import CANONICAL_URL, MIRRORS, download_vowels, find_vowels, import_vowels
from tests.vowels.measured import LINES, written


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """Address of a server on loopback that offers a file in the layout of the original."""
    (tmp_path / "web").mkdir()
    written(tmp_path / "web", LINES)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=tmp_path / "web")) as http:
        thread = threading.Thread(target=http.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{http.server_port}"
        http.shutdown()
        thread.join()


@pytest.fixture
def checksum(tmp_path: Path, server: str) -> str:
    return hashlib.sha256((tmp_path / "web" / "vowdata.dat").read_bytes()).hexdigest()


def test_without_a_file_the_surrogate_is_learnt(tmp_path: Path) -> None:
    assert find_vowels({}, tmp_path).name == "surrogate"


def test_the_environment_names_a_file(tmp_path: Path) -> None:
    path = written(tmp_path, LINES)
    assert find_vowels({"MTJLAB_VOWELS": str(path)}, tmp_path / "user").name == "hillenbrand-1995"


def test_a_file_that_is_named_but_missing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="absent"):
        find_vowels({"MTJLAB_VOWELS": str(tmp_path / "absent.dat")}, tmp_path)


def test_an_imported_file_is_kept_and_found(tmp_path: Path) -> None:
    path, user = written(tmp_path, LINES), tmp_path / "user"
    kept = import_vowels(path, user)
    assert kept.read_bytes() == path.read_bytes()
    assert find_vowels({}, user).name == "hillenbrand-1995"


def test_a_damaged_file_is_not_imported(tmp_path: Path) -> None:
    with pytest.raises(DataError):
        import_vowels(written(tmp_path, LINES[:100]), tmp_path / "user")
    assert not (tmp_path / "user").exists()


def test_a_download_is_checked_and_kept(tmp_path: Path, server: str, checksum: str) -> None:
    kept = download_vowels(f"{server}/vowdata.dat", sha256=checksum, folder=tmp_path / "user")
    assert kept.read_bytes() == (tmp_path / "web" / "vowdata.dat").read_bytes()


def test_a_mirror_helps_where_the_first_address_fails(tmp_path: Path, server: str, checksum: str) -> None:
    mirrors = [f"{server}/vowdata.dat"]
    assert download_vowels(f"{server}/moved.dat", mirrors, checksum, tmp_path / "user").is_file()


def test_more_than_one_mirror_is_known() -> None:
    assert len({CANONICAL_URL, *MIRRORS}) == 3
    assert all(address.endswith("homepages.wmich.edu/~hillenbr/voweldata/vowdata.dat") for address in MIRRORS)


def test_another_file_than_the_original_is_not_kept(tmp_path: Path, server: str) -> None:
    with pytest.raises(DataError, match=r"vowdata\.dat"):
        download_vowels(f"{server}/vowdata.dat", sha256="0" * 64, folder=tmp_path / "user")
    assert not (tmp_path / "user").exists()


def test_every_address_that_failed_is_named(tmp_path: Path, server: str) -> None:
    with pytest.raises(DataError, match=r"(?s)one\.dat.*two\.dat"):
        download_vowels(f"{server}/one.dat", [f"{server}/two.dat"], folder=tmp_path / "user")
