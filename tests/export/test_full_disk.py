"""An export to a full disk: one sentence, the exit code of what is refused, no crash at exit, and nothing is left."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mtjlab.export.unfailing_file import UnfailingFile
from tests.support.engines import surrounded
from tests.support.made_runs import made_training
from tests.support.small_disk import small_disk

FORMATS = ("csv", "netcdf", "pymeasure")


@pytest.fixture(scope="module")
def training(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_training(tmp_path_factory.mktemp("made"))


@pytest.mark.parametrize("to", FORMATS)
def test_a_full_disk_is_said_and_nothing_is_left(training: Path, tmp_path: Path, to: str) -> None:
    with small_disk(tmp_path / "small", "16k") as disk:
        out = disk.folder / "out"
        command = [sys.executable, "-m", "mtjlab", "export", str(training), "--to", to, "--out", str(out)]
        ended = subprocess.run(command, env=surrounded(tmp_path), capture_output=True, text=True, check=False)
        assert ended.stderr.startswith(f"mtjlab: {out}: the export cannot be written (No space left on device). ")
        assert ended.stderr.count("\n") == 1
        assert ended.returncode == 2
        assert list(disk.folder.iterdir()) == []


def test_a_file_that_can_take_no_more_reads_back_what_was_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = UnfailingFile(tmp_path / "file")
    file.write(b"0123456789")

    def full(*_: object) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(file, "_write", full)
    for place, part in ((8, b"abcd"), (10, b"X"), (20, b"end")):
        file.seek(place)
        assert file.write(part) == len(part)
    read = bytearray(25)
    file.seek(0)
    file.readinto(read)
    assert read == b"01234567abXd\0\0\0\0\0\0\0\0end\0\0"
    assert file.seek(0, os.SEEK_END) == 23
    assert file.failure is not None
    assert file.failure.errno == 28
    file.close()
