"""Commands of somebody who never ran one before, and instruments that run."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mtjlab.benches.simulators import redirected, simulated
from mtjlab.config import InstrumentBenchConfig, read_bench
from tests.support.commands import ACROSS, CommandHere, RealBench, Result


@pytest.fixture
def drawn() -> None:
    """Figures are drawn at the end of a run, as the command does it."""


@pytest.fixture(autouse=True)
def _undrawn(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Figures take longer than all the rest of a short run: they are drawn for those tests alone that ask for it."""
    if "drawn" not in request.fixturenames:
        monkeypatch.setattr("mtjlab.cli.drawing.draw_in_process", lambda *_: [])


@pytest.fixture
def mtjlab(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Callable[..., Result]:
    """Runs a command in an empty folder, with an empty memory and without measured vowels."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MTJLAB_VOWELS", "")
    monkeypatch.setattr("mtjlab.vowels.files.user_folder", lambda: tmp_path / "user")
    monkeypatch.setattr("mtjlab.runs.memory.platformdirs.user_state_path", lambda *_, **__: tmp_path / "state")
    return CommandHere(monkeypatch, capsys)


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealBench]:
    """Six instruments of the paper's bench at the pace of the clock, which run until the last test of the file."""
    config = read_bench(ACROSS)
    assert isinstance(config, InstrumentBenchConfig)
    at_pace = config.simulation.model_copy(update={"speed": 1.0})
    config = config.model_copy(update={"simulation": at_pace})
    log = tmp_path_factory.mktemp("real") / "log.jsonl"
    with simulated(config, log, seed=0, linger_s=None) as running:
        yield RealBench(redirected(config, running), running, log)
