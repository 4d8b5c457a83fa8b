"""Reading a journal: what was written, or a sentence that names line and remedy; never anything else."""

import json
import zlib
from collections.abc import Callable
from io import BytesIO
from itertools import zip_longest
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtjlab.domain import Reading
from mtjlab.errors import RefusedError
from mtjlab.events import Event, RunEnded, SweepPoint, WentSafe
from mtjlab.reading import EventFollower, read_events
from mtjlab.store import JOURNAL, Journal, last_line, read_lines, span_s, torn_bytes
from tests.support.journals import TRAINING, Damage, damages, tried, written
from tests.support.samples import STARTED

EVENTS: list[Event] = [STARTED, WentSafe(0.1 + 0.2, (0.0, -0.0, 1e-300)), RunEnded("finished", "")]

number = st.floats(allow_nan=False, allow_infinity=False)
triple = st.tuples(number, number, number)
points = st.builds(
    SweepPoint,
    st.integers(0, 9),
    st.booleans(),
    st.builds(Reading, number, number, triple, st.lists(triple).map(tuple)),
    st.integers(0, 9),
    st.sampled_from(["reference", "curve"]),
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The journal of a short training."""
    return written(tmp_path_factory.mktemp("whole"), TRAINING)


def holding(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> Path:
    folder = tmp_path_factory.mktemp("run")
    (folder / JOURNAL).write_bytes(content)
    return folder


def sealed(body: bytes) -> bytes:
    return b'%s,"crc":"%08x"}\n' % (body, zlib.crc32(body))


def test_events_come_back_as_they_were(tmp_path: Path) -> None:
    written(tmp_path, TRAINING)
    assert list(read_events(tmp_path)) == TRAINING


@given(events=st.lists(points, max_size=5))
@settings(max_examples=30)
def test_every_number_round_trips_exactly(tmp_path_factory: pytest.TempPathFactory, events: list[Event]) -> None:
    folder = tmp_path_factory.mktemp("run")
    written(folder, events)
    assert list(read_events(folder)) == events


def test_a_line_is_one_object_with_number_time_type_and_checksum(tmp_path: Path) -> None:
    first = written(tmp_path, EVENTS).splitlines()[0]
    line = json.loads(first)
    assert list(line)[:2] == ["n", "at"]
    assert list(line)[-1] == "crc"
    assert (line["n"], line["type"], line["format"]) == (0, "run-started", 1)
    assert int(line["crc"], 16) == zlib.crc32(first[: first.rindex(b',"crc"')])


def test_an_event_is_in_the_file_as_soon_as_it_is_appended(tmp_path: Path) -> None:
    with Journal(tmp_path) as journal:
        journal.append(STARTED)
        assert list(read_events(tmp_path)) == [STARTED]


@given(damage=damages("cut"))
def test_a_journal_cut_anywhere_gives_its_whole_lines(
    tmp_path_factory: pytest.TempPathFactory, whole: bytes, damage: Damage
) -> None:
    kept = damage.done_to(whole)
    assert list(read_events(holding(tmp_path_factory, kept))) == TRAINING[: kept.count(b"\n")]


@given(damage=damages("byte", "newline", "line"))
def test_other_damage_is_an_error_that_names_the_line_or_a_torn_last_line(
    tmp_path_factory: pytest.TempPathFactory, whole: bytes, damage: Damage
) -> None:
    content = damage.done_to(whole)
    folder = holding(tmp_path_factory, content)
    lines = zip_longest(BytesIO(content), BytesIO(whole))
    first_bad = next(n for n, (now, was) in enumerate(lines) if now != was)
    read: list[Event] = []
    _, complaint = tried(lambda: read.extend(read_events(folder)))
    assert read == TRAINING[:first_bad]
    if complaint:
        assert f"line {first_bad + 1} is damaged" in complaint
        assert f"mtjlab recover {folder}" in complaint
    else:
        assert first_bad == len(TRAINING) - 1, "damage in the middle was read over"


def test_a_folder_that_is_no_run_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for place in (tmp_path, tmp_path / "absent", tmp_path / "file"):
        with pytest.raises(RefusedError, match="is no run folder"):
            list(read_events(place))


READERS: list[Callable[[Path], object]] = [
    lambda folder: list(read_lines(folder)),
    last_line,
    span_s,
    torn_bytes,
    lambda folder: EventFollower(folder).news(),
]


@pytest.mark.parametrize("read", READERS)
def test_a_journal_that_the_system_does_not_give_is_a_sentence(tmp_path: Path, read: Callable[[Path], object]) -> None:
    (tmp_path / JOURNAL).mkdir()
    with pytest.raises(RefusedError, match=r"events\.jsonl: cannot be read \(Is a directory\)|Permission denied"):
        read(tmp_path)


def test_another_format_is_refused_by_name(tmp_path: Path) -> None:
    body = written(tmp_path, [STARTED]).replace(b'"format":1', b'"format":2').rsplit(b',"crc"', 1)[0]
    (tmp_path / JOURNAL).write_bytes(sealed(body))
    with pytest.raises(RefusedError, match=r"is written in format 2; this version reads format 1\. Use the"):
        list(read_events(tmp_path))


def test_an_event_of_a_later_version_is_refused_by_its_line_and_kind(tmp_path: Path) -> None:
    body = b'{"n":1,"at":"2026-11-23T02:00:00+00:00","type":"magnet-heard","db":3'
    written(tmp_path, [STARTED])
    with (tmp_path / JOURNAL).open("ab") as file:
        file.write(sealed(body))
    with pytest.raises(RefusedError, match=r"line 2 \(magnet-heard\) is valid, but of a type that this version does"):
        list(read_events(tmp_path))


@given(damage=damages("cut"), chunk=st.integers(1, 300))
@settings(max_examples=50)
def test_the_last_line_and_what_is_torn_are_told_at_any_cut(
    tmp_path_factory: pytest.TempPathFactory, whole: bytes, damage: Damage, chunk: int
) -> None:
    kept = damage.done_to(whole)
    folder = holding(tmp_path_factory, kept)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("mtjlab.store.reading.CHUNK", chunk)
        line, torn = last_line(folder), torn_bytes(folder)
    lines = list(read_lines(folder))
    assert line == (lines[-1] if lines else None)
    assert torn == len(kept) - sum(len(sound.text) for sound in lines)


def test_a_last_line_that_is_damaged_is_none(tmp_path: Path, whole: bytes) -> None:
    (tmp_path / JOURNAL).write_bytes(whole[:-20] + b"?" + whole[-19:])
    assert last_line(tmp_path) is None


def stamped(n: int, second: int) -> bytes:
    return sealed(b'{"n":%d,"at":"2026-11-23T02:00:%02d.250+00:00","type":"run-ended"' % (n, second))


@pytest.mark.parametrize(
    ("content", "lasted_s"),
    [
        (b"", 0.0),
        (stamped(0, 3), 0.0),
        (stamped(0, 3) + stamped(1, 45), 42.0),
        (stamped(0, 3) + stamped(1, 45) + b'{"n":2,"at', 42.0),
        (stamped(0, 45) + stamped(1, 3), 0.0),
        (b"damaged\n" + stamped(1, 3), 0.0),
    ],
    ids=["nothing", "one event", "two", "two and a torn one", "the clock was set back", "the first is damaged"],
)
def test_how_long_a_run_took_is_told_from_its_ends(tmp_path: Path, content: bytes, lasted_s: float) -> None:
    (tmp_path / JOURNAL).write_bytes(content)
    assert span_s(tmp_path) == lasted_s
