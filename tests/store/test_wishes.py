"""requests.jsonl: what was asked comes out in order and once; what is no wish is heard all the same."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtjlab.errors import RefusedError
from mtjlab.requests import ManualRequest
from mtjlab.store import JOURNAL, WISHES, Wishes, ask

currents = st.floats(-2000, 2000)
wishes = st.builds(
    ManualRequest,
    controls_ua=st.none() | st.lists(currents, min_size=1, max_size=5).map(tuple),
    input_ua=st.none() | currents,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / JOURNAL).touch()
    return tmp_path


@given(asked=st.lists(st.lists(wishes, max_size=4), max_size=4))
def test_what_was_asked_is_heard_once_and_in_order(asked: list[list[ManualRequest]], tmp_path_factory: object) -> None:
    folder = tmp_path_factory.mktemp("run")  # type: ignore[attr-defined]
    (folder / JOURNAL).touch()
    heard = Wishes(folder)
    numbers = []
    for together in asked:
        for wish in together:
            ask(folder, wish)
        news = heard.news()
        assert [one.wish for one in news] == together
        numbers += [one.number for one in news]
    assert numbers == list(range(1, len(numbers) + 1))


def test_nobody_has_asked_for_anything(folder: Path) -> None:
    assert Wishes(folder).news() == ()


def test_an_incomplete_line_waits_for_its_rest(folder: Path) -> None:
    heard = Wishes(folder)
    whole = json.dumps({"input_ua": 300.0}) + "\n"
    (folder / WISHES).write_text(whole[:8])
    assert heard.news() == ()
    (folder / WISHES).write_text(whole)
    assert [one.wish for one in heard.news()] == [ManualRequest(input_ua=300.0)]


@pytest.mark.parametrize("line", ["", "{", "[1]", '{"input": 3}', '{"input_ua": NaN}', '{"input_ua": "a"}', "[" * 9999])
def test_what_is_no_wish_is_heard_as_it_was_said(folder: Path, line: str) -> None:
    (folder / WISHES).write_text(f'{line}\n{{"input_ua": 1}}\n')
    first, second = Wishes(folder).news()
    assert first.wish is None
    assert line.startswith(first.said)
    assert second.wish == ManualRequest(input_ua=1.0)


def test_bytes_that_are_no_text_are_heard(folder: Path) -> None:
    (folder / WISHES).write_bytes(b"\xff\xfe\n")
    assert [one.wish for one in Wishes(folder).news()] == [None]


def test_a_folder_that_is_no_run_is_not_written_to(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="is no run folder"):
        ask(tmp_path, ManualRequest(input_ua=1.0))
    assert not (tmp_path / WISHES).exists()
