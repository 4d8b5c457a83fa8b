"""The first day with real instruments: what is missing on the computer is one sentence, before anything is opened."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pyvisa.constants import InterfaceType
from pyvisa_py.sessions import Session, UnavailableSession

from tests.support.commands import CONFIGS, Result

Command = Callable[..., Result]
BENCH = CONFIGS / "keithley-6221-2182a.toml"


@pytest.fixture
def without_gpib(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A bench on GPIB, on a computer whose VISA library has no driver for it."""
    monkeypatch.setitem(Session._session_classes, (InterfaceType.gpib, "INTFC"), UnavailableSession)
    bench = tmp_path / "bench.toml"
    bench.write_text(BENCH.read_text(encoding="utf-8").replace('visa_library = ""', 'visa_library = "@py"'))
    return bench


@pytest.mark.parametrize("command", ["check", "train", "safe"])
def test_a_missing_driver_is_one_sentence_before_anything_is_opened(
    mtjlab: Command, tmp_path: Path, without_gpib: Path, command: str
) -> None:
    result = mtjlab(command, "--bench", without_gpib, "--runs", tmp_path / "runs")
    assert result.code == 2
    assert not (tmp_path / "runs").exists()
    sentence = result.sentence
    assert sentence.removeprefix("mtjlab: ").startswith("PyVISA-py has no driver for GPIB.")
    assert f"{without_gpib} needs it for GPIB0::12::INSTR and 5 other addresses." in sentence
    assert sentence.count("pip install") == 1
    assert sentence.endswith("Nothing was opened.")
    assert "SAFE" not in sentence
    assert "may be on" not in sentence


def test_a_rehearsal_needs_no_driver(mtjlab: Command, tmp_path: Path, without_gpib: Path) -> None:
    assert mtjlab("check", "--bench", without_gpib, "--simulate", "--runs", tmp_path / "runs", "--quiet").code == 0


def test_the_doctor_says_once_what_is_missing(
    mtjlab: Command, without_gpib: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mtjlab.cli.bus.find_resources", lambda library, ask: ())
    shown = mtjlab("doctor", "--bench", without_gpib).out
    assert shown.count("cannot be opened: PyVISA-py has no driver for GPIB.") == 1
    assert shown.count("as above") == 5
