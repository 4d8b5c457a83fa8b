"""Text files as people and programs save them: read if they mean the same, refused with what to do if not."""

import os
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtjlab.errors import RefusedError
from mtjlab.text import read_text, read_toml, text_of

HERE = Path("a.toml")
line = st.text(st.characters(exclude_characters="\0\r\n\x1a\ufeff", exclude_categories=["Cs"]))


@given(lines=st.lists(line), end=st.sampled_from(["\n", "\r\n", "\r"]), mark=st.booleans(), dos=st.booleans())
def test_marks_and_ends_of_line_say_nothing(lines: list[str], end: str, mark: bool, dos: bool) -> None:
    content = b"\xef\xbb\xbf" * mark + end.join(lines).encode() + b"\x1a" * dos
    assert text_of(content, HERE) == "\n".join(lines)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_what_is_not_utf_8_is_refused_with_what_to_do(encoding: str) -> None:
    with pytest.raises(RefusedError, match=r"a\.toml: is not UTF-8 but UTF-16.* Save it as UTF-8"):
        text_of('name = "x"'.encode(encoding), HERE)


def test_what_windows_saved_is_shown_as_it_would_read() -> None:
    with pytest.raises(RefusedError, match=r"a\.toml: line 2 is not UTF-8.*would read 'name = \"schön\"'. Save it"):
        text_of('# 1\nname = "schön"\n'.encode("cp1252"), HERE)


def test_noise_is_no_text() -> None:
    with pytest.raises(RefusedError, match=r"a\.toml: line 1 is not text. The file is damaged"):
        text_of(b"\x81\xfe\x01", HERE)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "absent.toml", tmp_path, Path("nul\0")):
        with pytest.raises(RefusedError, match="cannot be read"):
            read_text(path)


@pytest.mark.parametrize(
    ("wrong", "advice"),
    [
        ("field_mt = 6,0", "Write numbers with a decimal point: 6.0 and not 6,0"),
        ("name = “bench”", "Write straight quotes"),
        ('table = "C:\\data\\my.csv"', r"write paths as 'C:\\folder\\file' or C:/folder/file"),
        ('table = "C:\\Users\\my.csv"', "a backslash begins an escape"),
        ("a = [1,\n2", "line|end"),
    ],
)
def test_what_people_often_write_is_refused_with_what_to_write(tmp_path: Path, wrong: str, advice: str) -> None:
    (tmp_path / "bench.toml").write_text(f"# bench\n{wrong}\n", encoding="utf-8")
    with pytest.raises(RefusedError, match=advice) as refused:
        read_toml(tmp_path / "bench.toml")
    assert "bench.toml: is not valid TOML" in str(refused.value)


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such files")
def test_what_is_no_regular_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.toml")
    (tmp_path / "endless.toml").symlink_to("/dev/zero")
    for name in ("pipe.toml", "endless.toml"):
        with pytest.raises(RefusedError, match="is not a regular file"):
            read_toml(tmp_path / name)
