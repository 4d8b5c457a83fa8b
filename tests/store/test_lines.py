"""Lines of a journal without their events: from its end backwards, and as they come."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtjlab.store import JOURNAL, Follower, Line, lines_before, read_lines
from tests.support.journals import TRAINING, written


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("run")
    written(made, TRAINING)
    return made


@pytest.fixture(scope="module")
def lines(folder: Path) -> list[Line]:
    return list(read_lines(folder))


@given(place=st.integers(0, len(TRAINING)), most=st.integers(1, 8))
def test_lines_are_read_backwards_from_anywhere(folder: Path, lines: list[Line], place: int, most: int) -> None:
    position = sum(len(line.text) for line in lines[:place])
    assert lines_before(folder, position, most) == lines[max(0, place - most) : place]
    assert lines_before(folder, position + 5, most) == lines[max(0, place - most) : place]


def test_a_follower_gives_each_line_once_and_no_more_than_it_was_asked_for(folder: Path, lines: list[Line]) -> None:
    follower = Follower(folder)
    assert follower.lines(2) == lines[:2]
    assert follower.lines(None) == lines[2:]
    assert follower.lines(2) == []


@pytest.mark.parametrize(
    "saved",
    [
        pytest.param(lambda whole: whole.replace(b"\n", b"\r\n"), id="CRLF"),
        pytest.param(lambda whole: b"\xef\xbb\xbf" + whole, id="byte order mark"),
        pytest.param(lambda whole: b"\xef\xbb\xbf" + whole.replace(b"\n", b"\r\n"), id="both"),
    ],
)
def test_a_journal_that_a_program_saved_again_is_as_sound_as_before(
    tmp_path: Path, folder: Path, lines: list[Line], saved: Callable[[bytes], bytes]
) -> None:
    content = saved((folder / JOURNAL).read_bytes())
    (tmp_path / JOURNAL).write_bytes(content)
    for read in (list(read_lines(tmp_path)), Follower(tmp_path).lines(), lines_before(tmp_path, len(content), 99)):
        assert [line.text for line in read] == [line.text for line in lines]
        assert sum(line.length for line in read) == len(content)
