"""The measured vowels and their surrogate. The reader is tried on files written here in the layout of the original."""

import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from mtjlab.vowels.data_set import DataError
from mtjlab.vowels.hillenbrand import HILLENBRAND, SURROGATE, read_hillenbrand, surrogate
from tests.vowels.measured import LINES, written

VOWELS = ("ae", "ah", "aw", "er", "ih", "iy", "uw")


def test_a_whole_file_gives_the_259_selected_tokens(tmp_path: Path) -> None:
    data = read_hillenbrand(written(tmp_path, LINES))
    assert (data.name, data.classes, len(data.tokens)) == (HILLENBRAND, VOWELS, 259)
    assert set(Counter(token.label for token in data.tokens).values()) == {37}


def test_the_features_are_three_formants_at_four_places(tmp_path: Path) -> None:
    """Columns 4-6, 8-10, 11-13 and 14-16, counted from 1: duration, f0 and F4 are left out."""
    data = read_hillenbrand(written(tmp_path, LINES))
    first = next(token for token in data.tokens if token.name == "w01ae")
    line = next(line for line in LINES if line.startswith("w01ae"))
    columns = line.split()
    assert first.features == tuple(map(float, (*columns[3:6], *columns[7:16])))
    assert (first.talker, first.label) == ("w01", "ae")
    assert data.feature_names[:3] == ("F1_steady", "F2_steady", "F3_steady")


@pytest.mark.parametrize(
    "saved",
    [
        pytest.param(lambda whole: whole + b"\r\n\r\n", id="blank lines at the end"),
        pytest.param(lambda whole: whole + b"\x1a", id="an end mark of DOS"),
        pytest.param(lambda whole: b"\xef\xbb\xbf" + whole.replace(b"\r\n", b"\n"), id="a byte order mark"),
        pytest.param(lambda whole: "\r\n".join(LINES).encode(), id="no header"),
        pytest.param(lambda whole: whole.replace(b"\r\nw01ae", b"\r\n\r\nw01ae"), id="a blank line between"),
    ],
)
def test_a_file_that_a_program_saved_again_is_the_same(tmp_path: Path, saved: Callable[[bytes], bytes]) -> None:
    path = written(tmp_path, LINES)
    whole = read_hillenbrand(path)
    path.write_bytes(saved(path.read_bytes()))
    assert read_hillenbrand(path) == whole


def replaced(name: str, by: str) -> list[str]:
    return [by if line.startswith(name) else line for line in LINES]


@pytest.mark.parametrize(
    ("lines", "complaint"),
    [
        (replaced("w07uw", "w07uw 200 240 470 oops 2700 0 470 1000 2700 470 1000 2700 470 1000 2700"), r"line \d+"),
        (replaced("w07uw", "w07uw 200 240 470 1000"), r"line \d+"),
        (replaced("w07uw", "w07uw 200 240 -470 1000 2700 0 470 1000 2700 470 1000 2700 470 1000 2700"), r"line \d+"),
        (replaced("w07uw", "w07xx 200 240 470 1000 2700 0 470 1000 2700 470 1000 2700 470 1000 2700"), r"line \d+"),
        (replaced("w07uw", LINES[0]), r"line \d+"),
        (replaced("w07uw", "w07uw 200 240 0 1000 2700 0 470 1000 2700 470 1000 2700 470 1000 2700"), "w07uw"),
        (LINES[:-1], "1667 data lines instead of 1668"),
    ],
    ids=["not a number", "too few columns", "negative", "unknown vowel", "twice the same", "not measured", "cut off"],
)
def test_a_damaged_file_is_refused_by_file_and_line(tmp_path: Path, lines: list[str], complaint: str) -> None:
    path = written(tmp_path, lines)
    with pytest.raises(DataError, match=complaint) as refused:
        read_hillenbrand(path)
    assert str(path) in str(refused.value)


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "vowdata.dat"
    path.touch()
    with pytest.raises(DataError, match="empty"):
        read_hillenbrand(path)


def test_the_surrogate_is_always_the_same_and_says_what_it_is() -> None:
    data = surrogate()
    assert data == surrogate()
    assert data.name == SURROGATE
    assert set(Counter(token.label for token in data.tokens).values()) == {37}
    assert data.classes == VOWELS


def test_the_surrogate_has_the_moments_it_is_drawn_from() -> None:
    """Means of 37 draws lie within five standard errors of the published ones, 84 of them."""
    for label, mean_hz, sd_hz in (("ae", 661.5, 47.2), ("uw", 462.2, 38.2), ("iy", 435.8, 41.0)):
        f1 = [token.features[0] for token in surrogate().tokens if token.label == label]
        assert np.mean(f1) == pytest.approx(mean_hz, abs=5 * sd_hz / 37**0.5)
        assert np.std(f1, ddof=1) == pytest.approx(sd_hz, rel=5 / (2 * 36) ** 0.5)


@pytest.mark.skipif(not os.environ.get("MTJLAB_VOWELS"), reason="the measured file may not be copied into the project")
def test_the_original_has_the_published_moments() -> None:
    data = read_hillenbrand(Path(os.environ["MTJLAB_VOWELS"]))
    f1 = [token.features[0] for token in data.tokens if token.label == "ae"]
    assert np.mean(f1) == pytest.approx(661.5, abs=0.05)
    assert np.std(f1, ddof=1) == pytest.approx(47.2, abs=0.05)
