"""What is saved of a damaged journal: every sound event in its order, and a mark exactly where one was lost."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings

from mtjlab.errors import RefusedError
from mtjlab.events import Event, EventLost
from mtjlab.reading import read_events
from mtjlab.store import JOURNAL, Recovered, read_lines, recover_journal, span_s
from tests.support.journals import TRAINING, Damage, damages, written
from tests.support.samples import STARTED


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return written(tmp_path_factory.mktemp("whole"), TRAINING)


def recovered(folder: Path, content: bytes) -> tuple[Path, Recovered]:
    (folder / "new").mkdir()
    (folder / JOURNAL).write_bytes(content)
    return folder / "new", recover_journal(folder, folder / "new")


def line_of(whole: bytes, place: int) -> int:
    return whole[:place].count(b"\n")


def lost_line(whole: bytes, damage: Damage) -> int | None:
    """The event that no longer can be told from the file, if there is one whose place the others show."""
    place = damage.place(whole)
    between_lines = whole[place : place + 1] == b"\n" or whole[place - 1 : place] in (b"", b"\n")
    match damage.kind:
        case "line":
            return place if place < len(TRAINING) - 1 else None
        case "byte":
            return None if whole[place : place + 1] == b"\n" else line_of(whole, place)
        case "newline":
            return None if between_lines else line_of(whole, place)
        case _:
            return None


def what_is_left(whole: bytes, damage: Damage) -> list[Event]:
    lost = lost_line(whole, damage)
    events: list[Event] = [EventLost(n + 1) if n == lost else event for n, event in enumerate(TRAINING)]
    if damage.kind == "cut":
        return events[: line_of(whole, damage.place(whole))]
    is_last_torn = damage.kind == "byte" and damage.place(whole) == len(whole) - 1
    is_last_removed = damage.kind == "line" and damage.place(whole) == len(TRAINING) - 1
    return events[:-1] if is_last_torn or is_last_removed else events


@given(damage=damages("cut", "byte", "line", "newline"))
@settings(max_examples=200)
def test_every_sound_event_is_saved_in_order_and_a_lost_one_is_marked_where_it_was(
    tmp_path_factory: pytest.TempPathFactory, whole: bytes, damage: Damage
) -> None:
    new, told = recovered(tmp_path_factory.mktemp("run"), damage.done_to(whole))
    read, left = list(read_events(new)), what_is_left(whole, damage)
    assert read == left
    assert told.lost == sum(isinstance(event, EventLost) for event in left)
    assert told.saved == len(left) - told.lost


def test_what_is_saved_is_saved_byte_for_byte(tmp_path: Path, whole: bytes) -> None:
    lines = whole.splitlines(keepends=True)
    new, told = recovered(tmp_path, b"".join([*lines[:4], lines[4][1:], *lines[5:]]))
    kept = (new / JOURNAL).read_bytes().splitlines(keepends=True)
    assert kept[:4] + kept[5:] == lines[:4] + lines[5:]
    assert told == Recovered(saved=len(lines) - 1, lost=1, damaged_lines=(5,))


@pytest.mark.parametrize("lost", [0, 4, len(TRAINING) - 1])
def test_a_lost_event_makes_no_run_longer_than_it_was(tmp_path: Path, whole: bytes, lost: int) -> None:
    """It is recovered days later, perhaps; the mark bears a time of its neighbours."""
    lines = [line.replace(b'"at":"20', b'"at":"19') for line in whole.splitlines(keepends=True)]
    aged = [resealed(line) for line in lines]
    new, _ = recovered(tmp_path, b"".join([*aged[:lost], b"?\n", *aged[lost + 1 :]]))
    stamps = [line.at for line in read_lines(new)]
    assert {at.year // 100 for at in stamps} == {19}
    assert stamps == sorted(stamps)
    assert span_s(new) < 60


def resealed(line: bytes) -> bytes:
    from zlib import crc32  # noqa: PLC0415

    body = line[: line.rindex(b',"crc"')]
    return b'%s,"crc":"%08x"}\n' % (body, crc32(body))


def test_several_losses_are_all_marked(tmp_path: Path, whole: bytes) -> None:
    lines = whole.splitlines(keepends=True)
    for number in (2, 3, 7, len(lines) - 1):
        lines[number] = lines[number].replace(b'"t', b'"T', 1)
    new, told = recovered(tmp_path, b"".join(lines))
    marks = [(n, event.line) for n, event in enumerate(read_events(new)) if isinstance(event, EventLost)]
    assert marks == [(2, 3), (3, 4), (7, 8), (len(lines) - 1, len(lines))]
    assert told.damaged_lines == (3, 4, 8, len(lines))


def test_a_line_that_stands_twice_is_taken_once(tmp_path: Path, whole: bytes) -> None:
    lines = whole.splitlines(keepends=True)
    new, told = recovered(tmp_path, b"".join([*lines[:6], lines[2], *lines[6:]]))
    assert list(read_events(new)) == TRAINING
    assert (told.lost, told.damaged_lines) == (0, ())


def test_lines_that_ran_together_are_both_saved(tmp_path: Path, whole: bytes) -> None:
    new, told = recovered(tmp_path, whole.replace(b"\n", b"", 3))
    assert list(read_events(new)) == TRAINING
    assert told == Recovered(saved=len(TRAINING), lost=0, damaged_lines=(1,))


@pytest.mark.parametrize("content", [b"", b"\n", b"nothing of a journal\n", bytes(1000), b"\0\n\r\n{}\n"])
def test_where_nothing_is_sound_nothing_is_made_up(tmp_path: Path, content: bytes) -> None:
    new, told = recovered(tmp_path, content)
    assert told.saved == 0
    assert all(isinstance(event, EventLost) for event in read_events(new))


def test_without_a_journal_there_is_nothing_to_recover(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="is no run folder"):
        recover_journal(tmp_path, tmp_path)


@pytest.mark.parametrize("encoding", ["utf-16", "cp1252"])
def test_what_was_saved_again_in_another_encoding_is_saved_as_it_was_written(tmp_path: Path, encoding: str) -> None:
    events = [replace(STARTED, plan="Vokale, schön"), *TRAINING[1:]]
    whole = written(tmp_path, events)
    new, told = recovered(tmp_path, whole.decode().encode(encoding))
    assert (new / JOURNAL).read_bytes() == whole
    assert (told.saved, told.lost) == (len(events), 0)
