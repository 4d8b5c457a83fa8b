"""What the operating system says when a file cannot be written, and what helps against it."""

import errno
import os
from pathlib import Path

import pytest

from mtjlab.errors import joined_messages, reason_of, remedy_of
from mtjlab.log_messages import LOG, log_in


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("ENOSPC", "Make room"),
        ("EDQUOT", "Make room"),
        ("EROFS", "can only be read"),
        ("EACCES", "This user may not write there"),
        ("EIO", "fails: copy what it holds"),
        ("ESTALE", "drive is gone"),
        ("ENOTCONN", "drive is gone"),
        ("EISDIR", "Choose another place"),
    ],
)
def test_a_remedy_fits_what_failed(name: str, remedy: str) -> None:
    number = getattr(errno, name)
    error = OSError(number, os.strerror(number))
    assert reason_of(error) == os.strerror(number)
    assert remedy in remedy_of(error)


@pytest.mark.parametrize(
    "error", [OSError("a library's own words"), OSError(), OSError(None, None), OSError(99999, "")]
)
def test_an_error_without_words_has_some_all_the_same(error: OSError) -> None:
    assert reason_of(error) not in ("", "None")
    assert remedy_of(error) == "Choose another place"


def test_a_log_that_cannot_be_written_is_no_reason_for_a_run_to_fail(tmp_path: Path) -> None:
    (tmp_path / LOG).mkdir()
    with log_in(tmp_path):
        pass


@pytest.mark.parametrize(
    ("sentences", "told"),
    [
        ([], ""),
        (["source J1 (A): is off."], "source J1 (A): is off."),
        (["source J1 (A): is off.", "source J1 (A): is off."], "source J1 (A): is off."),
        (["source J1 (A): is off.", "voltmeter J2 (X, B) is off."], "source J1 (A), voltmeter J2 (X, B): is off."),
        (["source J1 (A): off.", "J2: open.", "source J2 (B): off."], "source J1 (A), source J2 (B): off. J2: open."),
        (
            [f"source J{n} (A{n}): off." for n in (1, 2, 3)],
            "3 instruments: off. They are source J1 (A1), source J2 (A2), source J3 (A3).",
        ),
        (["source J1 (A): a. source J1 (X, A): b.", "source J2 (B): a. b."], "source J1 (A), source J2 (B): a. b."),
        (["GPIB0::1::INSTR is held.", "GPIB0::2::INSTR is held."], "GPIB0::1::INSTR, GPIB0::2::INSTR: is held."),
    ],
)  # fmt: skip
def test_what_is_the_same_for_several_instruments_is_said_once(sentences: list[str], told: str) -> None:
    assert joined_messages(sentences) == told
