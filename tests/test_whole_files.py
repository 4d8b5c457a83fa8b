"""Files that are written whole, or not at all."""

import os
from pathlib import Path

import pytest

from mtjlab.whole_files import put, write_whole

posix = pytest.mark.skipif(os.name != "posix", reason="links need rights on Windows")


def test_a_file_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    path = tmp_path / "notes.md"
    for content in (b"", b"one\r\n", b"two"):
        assert put(path, content) == path
        assert path.read_bytes() == content
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("end", [OSError("no room"), KeyboardInterrupt()])
def test_a_file_that_cannot_be_finished_leaves_the_one_before_and_nothing_else(
    tmp_path: Path, end: BaseException
) -> None:
    path = tmp_path / "curves.nc"
    path.write_text("before", encoding="utf-8")

    def fail(unfinished: Path) -> None:
        unfinished.write_text("half", encoding="utf-8")
        raise end

    with pytest.raises(type(end)):
        write_whole(path, fail)
    assert path.read_text(encoding="utf-8") == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_of_that_name_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "figures").mkdir()
    with pytest.raises(OSError, match="figures"):
        put(tmp_path / "figures", b"1")
    assert [path.name for path in tmp_path.iterdir()] == ["figures"]


@posix
def test_a_link_is_replaced_and_what_it_points_to_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine", encoding="utf-8")
    (tmp_path / "notes.md").symlink_to("mine")
    put(tmp_path / "notes.md", b"notes")
    assert (tmp_path / "mine").read_text(encoding="utf-8") == "mine"
    assert not (tmp_path / "notes.md").is_symlink()
