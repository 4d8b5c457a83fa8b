"""Small inputs as people have them: each is learnt to its end, and what was learnt classifies."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.commands import Result

Command = Callable[..., Result]
CASES = Path(__file__).parents[1] / "cases"


@pytest.mark.parametrize(
    "plan", sorted(set(CASES.glob("*.toml")) - set(CASES.glob("bench-*"))), ids=lambda path: path.stem
)
def test_what_is_learnt_classifies(mtjlab: Command, plan: Path) -> None:
    trained = mtjlab("train", "--plan", plan, "--steps", "2", "--json", "--quiet")
    assert (trained.code, trained.json["status"]) == (0, "finished")
    classified = mtjlab("classify", "last", "--times", "1", "--json", "--quiet")
    assert (classified.code, classified.json["status"]) == (0, "finished")


@pytest.mark.usefixtures("drawn")
def test_figures_that_cannot_be_drawn_spoil_no_run(mtjlab: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: object) -> list[Path]:
        raise ZeroDivisionError("oh")

    monkeypatch.setattr("mtjlab.cli.drawing.draw_in_process", failing)
    trained = mtjlab("train", "--plan", CASES / "binary.toml", "--steps", "1", "--json")
    assert (trained.code, trained.json["status"]) == (0, "finished")
    assert "no figures: ZeroDivisionError: oh. The run is sound" in trained.sentence


def test_a_number_with_an_underscore_is_refused_by_line_and_column(mtjlab: Command, tmp_path: Path) -> None:
    (tmp_path / "plan.toml").write_text(f'data.table = "{(CASES / "underscore.csv").as_posix()}"', encoding="utf-8")
    refused = mtjlab("train", "--plan", "plan.toml")
    assert refused.code == 2
    assert "line 2, column 'f1': holds '1_0', not a number" in refused.sentence


def test_files_with_a_byte_order_mark_are_read(mtjlab: Command, tmp_path: Path) -> None:
    for name in ("binary.toml", "binary.csv"):
        content = (CASES / name).read_bytes().replace(b"\n", b"\r\n")
        (tmp_path / name).write_bytes(b"\xef\xbb\xbf" + content)
    command = ("train", "--bench", CASES / "bench-bom.toml", "--plan", "binary.toml", "--steps", "1", "--quiet")
    assert mtjlab(*command).code == 0
    (network,) = tmp_path.glob("runs/*/*/network.toml")
    network.write_bytes(b"\xef\xbb\xbf" + network.read_bytes().replace(b"\n", b"\r\n"))
    assert mtjlab("classify", network, "--features", "0,0", "--times", "1", "--quiet").code == 0


def test_a_run_whose_text_files_were_converted_is_as_sound_as_before(mtjlab: Command, tmp_path: Path) -> None:
    assert mtjlab("train", "--plan", CASES / "binary.toml", "--steps", "1", "--quiet").code == 0
    (run,) = tmp_path.glob("runs/*/*-train")
    before = mtjlab("show", "last", "--json").json
    for name in ("run.toml", "events.jsonl", "network.toml", "log.txt"):
        path = run / name
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert mtjlab("show", "last", "--json").json == before
    assert mtjlab("recover", run).code == 2
    assert mtjlab("classify", "last", "--times", "1", "--quiet").code == 0
    assert mtjlab("rerun", run, "--quiet").code == 0


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="names of files are characters there")
def test_names_of_files_may_be_bytes_that_are_no_characters(
    mtjlab: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / os.fsdecode(b"b\xff")
    here.mkdir()
    monkeypatch.chdir(here)
    table = here / os.fsdecode(b"c\xfe.csv")
    table.write_bytes((CASES / "binary.csv").read_bytes())
    monkeypatch.setenv("MTJLAB_VOWELS", str(table))
    trained = mtjlab("train", "--steps", "1", "--json", "--quiet")
    assert (trained.code, trained.json["vowels"]) == (0, r"c\udcfe")
    assert mtjlab("classify", "last", "--tokens", table, "--times", "1", "--quiet").code == 0
    assert "recognised as" in mtjlab("show", "last").out
    for form in ("csv", "netcdf", "pymeasure"):
        assert mtjlab("export", "last", "--to", form).code == 0
