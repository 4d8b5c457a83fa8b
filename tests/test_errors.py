"""What the operating system says when a file cannot be written, and what helps against it."""

import errno
import os
from pathlib import Path

import pytest

from mtjlab.errors import reason_of, remedy_of
from mtjlab.narrative import LOG, log_in


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
