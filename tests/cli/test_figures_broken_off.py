"""A signal while figures are drawn breaks off the figures, not the program: the run keeps its own exit code."""

import os
import signal
import sys
from pathlib import Path

import pytest

from mtjlab import experiment
from mtjlab.cli.carry_out import figures_if_any

WATCHED = [signal.SIGINT, signal.SIGTERM] if sys.platform != "win32" else [signal.SIGINT]


@pytest.mark.parametrize("number", WATCHED, ids=lambda number: number.name)
def test_a_signal_ends_the_drawing_alone(
    number: signal.Signals, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def draw(_folder: Path) -> list[Path]:
        os.kill(os.getpid(), number)
        raise AssertionError("it went on drawing")

    monkeypatch.setattr(experiment, "draw", draw)
    before = signal.getsignal(number)
    assert figures_if_any(tmp_path, quiet=False) == []
    assert signal.getsignal(number) is before
    assert f"no figures: {number.name} interrupted their drawing" in " ".join(capsys.readouterr().err.split())
