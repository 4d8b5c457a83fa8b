"""requests.jsonl: requests are read once and in order; text that is no request is reported too."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtjlab.errors import RefusedError
from mtjlab.requests import ManualRequest
from mtjlab.store import JOURNAL, MANUAL_REQUESTS, RequestFollower, add_request

currents = st.floats(-2000, 2000)
requests = st.builds(
    ManualRequest,
    controls_ua=st.none() | st.lists(currents, min_size=1, max_size=5).map(tuple),
    input_ua=st.none() | currents,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / JOURNAL).touch()
    return tmp_path


@given(asked=st.lists(st.lists(requests, max_size=4), max_size=4))
def test_requests_are_read_once_and_in_order(asked: list[list[ManualRequest]], tmp_path_factory: object) -> None:
    folder = tmp_path_factory.mktemp("run")  # type: ignore[attr-defined]
    (folder / JOURNAL).touch()
    follower = RequestFollower(folder)
    numbers = []
    for together in asked:
        for request in together:
            add_request(folder, request)
        news = follower.news()
        assert [one.request for one in news] == together
        numbers += [one.number for one in news]
    assert numbers == list(range(1, len(numbers) + 1))


def test_without_a_file_there_are_no_requests(folder: Path) -> None:
    assert RequestFollower(folder).news() == ()


def test_an_incomplete_line_is_read_once_it_is_complete(folder: Path) -> None:
    follower = RequestFollower(folder)
    whole = json.dumps({"input_ua": 300.0}) + "\n"
    (folder / MANUAL_REQUESTS).write_text(whole[:8])
    assert follower.news() == ()
    (folder / MANUAL_REQUESTS).write_text(whole)
    assert [one.request for one in follower.news()] == [ManualRequest(input_ua=300.0)]


@pytest.mark.parametrize("line", ["", "{", "[1]", '{"input": 3}', '{"input_ua": NaN}', '{"input_ua": "a"}', "[" * 9999])
def test_text_that_is_no_request_is_reported_as_written(folder: Path, line: str) -> None:
    (folder / MANUAL_REQUESTS).write_text(f'{line}\n{{"input_ua": 1}}\n')
    first, second = RequestFollower(folder).news()
    assert first.request is None
    assert line.startswith(first.text)
    assert second.request == ManualRequest(input_ua=1.0)


def test_bytes_that_are_no_text_are_reported(folder: Path) -> None:
    (folder / MANUAL_REQUESTS).write_bytes(b"\xff\xfe\n")
    assert [one.request for one in RequestFollower(folder).news()] == [None]


def test_a_folder_that_is_no_run_is_not_written_to(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="is no run folder"):
        add_request(tmp_path, ManualRequest(input_ua=1.0))
    assert not (tmp_path / MANUAL_REQUESTS).exists()
