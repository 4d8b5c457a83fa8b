"""Run folders: numbered, never overwritten; and run.toml, which says what was asked, or that it is damaged."""

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from hypothesis import given, settings
from hypothesis import strategies as st

from mtjlab.errors import RefusedError
from mtjlab.store import REQUEST, create_run_folder, read_request, run_id, write_request
from tests.support.journals import Damage, damages, tried

DAY = datetime(2026, 11, 23, 2, 0)
ASKED: dict[str, Any] = {
    "run": {"procedure": "train", "host": "bench-pc", "pid": 17, "process_created_s": 1.5, "command": ["mtjlab"]},
    "plan": {"name": "Vokale, schön", "seed": 7, "training": {"steps": 80}},
}


def test_run_folders_are_numbered_within_their_day(tmp_path: Path) -> None:
    folders = [create_run_folder(tmp_path, procedure, DAY) for procedure in ("train", "sweep", "train")]
    assert [f.relative_to(tmp_path).as_posix() for f in folders] == [
        "2026-11-23/0001-train",
        "2026-11-23/0002-sweep",
        "2026-11-23/0003-train",
    ]
    assert run_id(folders[0]) == "2026-11-23/0001-train"


def test_what_else_lies_in_the_folder_of_a_day_does_not_disturb(tmp_path: Path) -> None:
    for name in ("notes.txt", "²³¹⁴ odd", "0041-train"):
        (tmp_path / "2026-11-23" / name).mkdir(parents=True)
    assert create_run_folder(tmp_path, "train", DAY).name == "0042-train"


def test_a_place_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("a file, not a folder")
    with pytest.raises(RefusedError, match="Nothing was started"):
        create_run_folder(tmp_path / "runs", "train", DAY)


def test_what_was_asked_comes_back_without_what_was_none(tmp_path: Path) -> None:
    write_request(tmp_path, {**ASKED, "bench": {"field": {"address": None, "field_mt": 6.0}}})
    assert read_request(tmp_path) == {**ASKED, "bench": {"field": {"field_mt": 6.0}}}


def test_it_is_plain_toml_for_everybody_else(tmp_path: Path) -> None:
    write_request(tmp_path, ASKED)
    assert tomllib.loads((tmp_path / REQUEST).read_text(encoding="utf-8")) == ASKED


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match=r"run\.toml: cannot be read \(No such file or directory\)"):
        read_request(tmp_path)


@given(damage=damages("cut", "byte", "newline", "line"))
@settings(max_examples=150)
def test_a_damaged_file_is_refused_or_says_what_it_said(
    tmp_path_factory: pytest.TempPathFactory, damage: Damage
) -> None:
    folder = tmp_path_factory.mktemp("run")
    write_request(folder, ASKED)
    path = folder / REQUEST
    path.write_bytes(damage.done_to(path.read_bytes()))
    read, complaint = tried(lambda: read_request(folder))
    assert read == ASKED or complaint.startswith(f"{path}: is damaged: ")


def test_a_file_that_somebody_edited_says_so_and_is_taken_without_its_first_line(tmp_path: Path) -> None:
    write_request(tmp_path, ASKED)
    path = tmp_path / REQUEST
    edited = path.read_text(encoding="utf-8").replace("steps = 80", "steps = 90")
    path.write_text(edited, encoding="utf-8")
    with pytest.raises(RefusedError, match=r"checksum does not match \(if it was edited on purpose, remove"):
        read_request(tmp_path)
    path.write_text(edited.partition("\n")[2], encoding="utf-8")
    assert read_request(tmp_path)["plan"]["training"]["steps"] == 90


plain = st.booleans() | st.integers() | st.floats() | st.sampled_from(["", "x", "\0/.."])
values = plain | st.lists(plain, max_size=2) | st.dictionaries(st.sampled_from("ab"), plain, max_size=2)


@given(table=st.sampled_from(["run", "plan", "new"]), key=st.sampled_from([None, *ASKED["run"]]), value=values)
def test_any_value_anywhere_is_refused_or_taken(
    tmp_path_factory: pytest.TempPathFactory, table: str, key: str | None, value: Any
) -> None:
    folder = tmp_path_factory.mktemp("run")
    asked = {**ASKED, table: {**ASKED.get(table, {}), key: value} if key else value}
    (folder / REQUEST).write_text(tomli_w.dumps(asked), encoding="utf-8")
    read, complaint = tried(lambda: read_request(folder)["run"])
    if read is None:
        assert "run.toml: is damaged: " in complaint
    else:
        assert isinstance(read["procedure"], str)
        assert isinstance(read["pid"], int)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "run.procedure is None"),
        ("run = 3", "run is not a table"),
        ("plan = []\n[run]\nprocedure = 'train'", "plan is not a table"),
        ("[run]\nprocedure = 'train'\npid = 'x'", "run.pid is 'x'"),
        ("[run", "Expected"),
        ("x = " + "9" * 5000, "limit"),
        ("x = " + "[" * 5000, "recursion"),
    ],
    ids=["empty", "no table", "no plan", "no pid", "no TOML", "a number without end", "brackets without end"],
)
def test_what_is_wrong_with_a_file_is_named(tmp_path: Path, text: str, complaint: str) -> None:
    (tmp_path / REQUEST).write_text(text, encoding="utf-8")
    with pytest.raises(RefusedError, match=complaint):
        read_request(tmp_path)


def test_what_a_program_saved_again_says_what_it_said(tmp_path: Path) -> None:
    write_request(tmp_path, ASKED)
    path = tmp_path / REQUEST
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert read_request(tmp_path) == ASKED
    path.write_bytes(path.read_bytes().decode("utf-8-sig").encode("utf-16"))
    with pytest.raises(RefusedError, match=r"run\.toml: is damaged: is not UTF-8 but UTF-16.*Save it as UTF-8"):
        read_request(tmp_path)
