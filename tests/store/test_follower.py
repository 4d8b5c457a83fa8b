"""Following a journal while it is written: every event once, in order, and none before it is whole."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtjlab.errors import RefusedError
from mtjlab.events import Event
from mtjlab.reading import EventFollower
from mtjlab.store import JOURNAL
from tests.support.journals import TRAINING, Damage, damages, tried, written


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return written(tmp_path_factory.mktemp("whole"), TRAINING)


@given(cuts=st.lists(st.floats(0, 1), max_size=12), most=st.none() | st.integers(1, 4))
@settings(max_examples=50)
def test_whatever_pieces_a_journal_comes_in_each_event_is_told_once_it_is_whole(
    tmp_path_factory: pytest.TempPathFactory, whole: bytes, cuts: list[float], most: int | None
) -> None:
    folder = tmp_path_factory.mktemp("run")
    (folder / JOURNAL).touch()
    follower, told = EventFollower(folder), list[Event]()
    ends = [0, *sorted(int(cut * len(whole)) for cut in cuts), len(whole)]
    for start, end in pairwise(ends):
        with (folder / JOURNAL).open("ab") as file:
            file.write(whole[start:end])
        while news := follower.news(most):
            assert most is None or len(news) <= most
            told += news
        assert told == TRAINING[: whole[:end].count(b"\n")]
    assert told == TRAINING


@given(damage=damages("byte", "line", "newline"))
@settings(max_examples=50)
def test_what_is_sound_is_told_before_the_damage_is(
    tmp_path_factory: pytest.TempPathFactory, whole: bytes, damage: Damage
) -> None:
    folder = tmp_path_factory.mktemp("run")
    (folder / JOURNAL).write_bytes(damage.done_to(whole))
    follower = EventFollower(folder)
    told, _ = tried(follower.news)
    told = told or []
    more, complaint = tried(follower.news)
    assert told == TRAINING[: len(told)]
    assert not more
    assert f"line {len(told) + 1} is damaged" in complaint or len(told) == len(TRAINING) - 1


def test_a_journal_that_is_removed_meanwhile_is_a_sentence(tmp_path: Path) -> None:
    written(tmp_path, TRAINING)
    follower = EventFollower(tmp_path)
    assert follower.news(3) == TRAINING[:3]
    (tmp_path / JOURNAL).unlink()
    with pytest.raises(RefusedError, match="is no run folder"):
        follower.news()
