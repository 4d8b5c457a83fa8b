"""What the README and the guide say is true."""

import re
import runpy
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import chdir, contextmanager, nullcontext
from pathlib import Path
from time import monotonic, sleep
from typing import Any, NoReturn

import pytest

from mtjlab import experiment
from mtjlab.benches.simulators import redirected, simulated
from mtjlab.config import InstrumentBenchConfig, PlanConfig, SimulatedBenchConfig, read_bench
from mtjlab.events import Presented
from mtjlab.guide import topics
from mtjlab.run_status import status_of
from mtjlab.runs.finding import find_run
from mtjlab.store import JOURNAL
from tests.support.asking import TrainingRequest, prepare_training
from tests.support.commands import ACROSS, CommandHere, RealBench
from tests.support.engines import PATIENCE_S, PROJECT, surrounded
from tests.support.made_runs import plan_in, stopper
from tests.support.trainings import TABLE

sys.path.append(str(PROJECT / "scripts"))

import environment

README = (PROJECT / "README.md").read_text(encoding="utf-8")
RUNS = Path("runs")
SHORT_PLAN = """
[data]
table = "few.csv"

[sweep]
input_step_ua = 25
repetitions = 1

[training]
steps = 1
recognition_every_steps = 0
"""
SCRIPTS = "python3 scripts/"
WINDOW = """
from PyQt5.QtCore import QTimer
from PyQt5.QtWidgets import QApplication
from mtjlab.cli import main
from mtjlab.gui import application

application.freeze_objects = lambda: QTimer.singleShot(0, QApplication.closeAllWindows)
main()
"""
"""A window that is closed as soon as it is there."""


def code_blocks(text: str) -> list[list[str]]:
    """Lines of each indented block."""
    blocks = re.findall(r"(?:^    .*\n)+", text, re.MULTILINE)
    return [[line.strip() for line in block.splitlines()] for block in blocks]


def commands_in(text: str) -> list[str]:
    """Every line of every block of commands, without its comment."""
    return [
        shlex.join(shlex.split(line, comments=True))
        for block in code_blocks(text)
        if block[0].startswith(("mtjlab ", SCRIPTS))
        for line in block
    ]


@pytest.fixture
def newcomer(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> CommandHere:
    """Somebody in a folder that is not the project's, whose default plan is short."""
    for name, value in surrounded(tmp_path).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.setattr("mtjlab.vowels.files.user_folder", lambda: tmp_path / "user")
    monkeypatch.setattr("mtjlab.runs.memory.platformdirs.user_state_path", lambda *_, **__: tmp_path / "state")
    monkeypatch.setattr("mtjlab.cli.drawing.draw_in_process", lambda *_: [])
    monkeypatch.setattr(experiment, "DEFAULT_PLAN", plan_in(tmp_path))
    experiment.DEFAULT_PLAN.write_text(SHORT_PLAN, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return CommandHere(monkeypatch, capsys)


@pytest.fixture
def files(newcomer: CommandHere) -> None:
    """The files and runs that commands name: a plan of the README, a stopped training, a damaged one."""
    (block,) = re.findall(r"```toml\n(.*?)```", README, re.DOTALL)
    Path("my-plan.toml").write_text(block, encoding="utf-8")
    Path("my-classes.csv").write_text(TABLE, encoding="utf-8")
    stopped_training("2026-11-23/0007-train")
    damaged = stopped_training("2026-11-23/0008-train") / JOURNAL
    damaged.write_bytes(damaged.read_bytes().replace(b'"type":"sweep-point"', b'"type":"sweep-pint"', 1))


def stopped_training(name: str) -> Path:
    folder = RUNS / name
    folder.parent.mkdir(parents=True, exist_ok=True)
    request = TrainingRequest(plan=experiment.DEFAULT_PLAN, seed=1)
    stop = stopper(Path("made"), 1, Presented)
    experiment.execute(prepare_training(request), Path("made"), [stop]).folder.rename(folder)
    return folder


@pytest.fixture
def instruments(tmp_path: Path) -> Iterator[RealBench]:
    """Instruments that answer, at the pace of the clock."""
    config = read_bench(ACROSS)
    assert isinstance(config, InstrumentBenchConfig)
    config = config.model_copy(update={"simulation": config.simulation.model_copy(update={"speed": 1.0})})
    log = tmp_path / "instruments.jsonl"
    with simulated(config, log, seed=0, linger_s=None) as running:
        yield RealBench(redirected(config, running), running, log)


@contextmanager
def a_bench_that_is_held() -> Iterator[None]:
    """Another terminal, in which a run goes on until it is stopped."""
    command = [sys.executable, "-m", "mtjlab", "live", "--quiet"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        end_s = monotonic() + PATIENCE_S
        while not list(RUNS.glob(f"*/*-live/{JOURNAL}")) or status_of(find_run(Path("last"), RUNS)).status != "running":
            assert process.poll() is None, process.communicate()
            assert monotonic() < end_s, "it did not start"
            sleep(0.05)
        yield
        assert process.wait(PATIENCE_S) == 3


def script_of(words: list[str]) -> list[str]:
    """What a script of the project starts in the environment that it makes."""
    started: list[str] = []

    def hand_over(command: list[str]) -> NoReturn:
        started.extend(command)
        raise SystemExit(0)

    with chdir("."), pytest.MonkeyPatch.context() as patch:  # they start tests in the folder of the project
        patch.setattr(environment, "prepare", lambda home: None)
        patch.setattr(environment, "hand_over", hand_over)
        patch.setattr("qt_libraries.ensure_qt_starts", lambda home: None)
        patch.setattr(sys, "argv", words[1:])
        with pytest.raises(SystemExit):
            runpy.run_path(str(PROJECT / words[1]), run_name="__main__")
    return [Path(started[0]).stem, *started[1:]]


@pytest.mark.usefixtures("files")
def test_every_command_runs_in_this_order(newcomer: CommandHere, instruments: RealBench) -> None:
    lines = commands_in(README)
    assert len(lines) > 20
    for line in lines:
        words = shlex.split(line)
        if line.startswith(SCRIPTS):
            words = script_of(words)
        if words == ["pytest"]:
            continue  # these tests
        if words == ["mtjlab", "gui"]:
            subprocess.run([sys.executable, "-c", WINDOW, *words[1:]], check=True)
            continue
        with a_bench_that_is_held() if words == ["mtjlab", "stop", "last"] else nullcontext():
            done = newcomer(*words[1:])
        assert done.code == (4 if "--fault" in words else 0), f"{line}: {done.out}{done.err}"
        if words[-1] == "my-bench.toml" and "copy" in words:
            instruments.write(Path("my-bench.toml"))
    assert {path.name.partition("-")[2] for path in RUNS.glob("*/*")} >= {"train", "sweep", "map", "dwell", "live"}


def test_the_notebook_form_runs_as_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (block,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    monkeypatch.chdir(tmp_path)
    exec(compile(block, "README.md", "exec"), {})
    steps = [re.fullmatch(r"(\d) \d+\.\d% \d+\.\d%", line) for line in capsys.readouterr().out.splitlines()]
    assert [step and step[1] for step in steps] == ["0", "1", "2"]
    (run,) = tmp_path.glob("runs/*/0001-sweep")
    assert (run / "events.jsonl").is_file()


PLACEHOLDERS = {"ARGS": [], "KIND": ["sweep"], "TOPIC": ["runs"]}


def test_every_command_that_is_named_has_these_options(newcomer: CommandHere) -> None:
    texts = [README, *(topic.text for topic in topics())]
    named = {line for text in texts for line in (*re.findall(r"`(mtjlab [^`]+)`", text), *commands_in(text))}
    assert len(named) > 50
    for line in sorted(line for line in named if not line.startswith(SCRIPTS)):
        words = [word for one in shlex.split(line)[1:] for word in PLACEHOLDERS.get(one, [one])]
        done = newcomer(*words, "--help")  # which is obeyed after options are looked up, and before they are used
        assert (done.code, "Usage" in done.out) == (0, True), f"{line}: {done.err}"


def test_the_guide_covers_what_the_readme_refers_to() -> None:
    referred = set(re.findall(r"`mtjlab help (\w+)`", " ".join([README, *(one.text for one in topics())])))
    assert referred <= {one.name for one in topics()}
    assert len(referred) > 3


@pytest.mark.parametrize("topic", topics(), ids=lambda topic: topic.name)
def test_a_page_of_the_guide_is_printed(topic: Any, newcomer: CommandHere) -> None:
    assert topic.title in newcomer("help").out
    printed = newcomer("help", topic.name)
    assert printed.code == 0
    assert topic.title in printed.out


def test_a_page_that_does_not_exist_is_refused_with_those_that_do(newcomer: CommandHere) -> None:
    done = newcomer("help", "cooking")
    assert done.code == 2
    assert "rehearsal" in done.sentence


def test_every_file_that_is_linked_exists() -> None:
    for target in re.findall(r"\]\((?!http)([^)]+)\)", README):
        assert (PROJECT / target).is_file(), target


def test_every_file_and_script_that_is_named_exists() -> None:
    named = re.findall(r"`((?:mtjlab|instruments|scripts|tests|gui|procedures)/[^`]*(?:/|\.\w+))`", README)
    assert len(named) > 10
    for name in named:
        assert any((root / name).exists() for root in (PROJECT, PROJECT / "mtjlab")), name


def test_the_readme_is_short() -> None:
    assert len(README.encode()) < 12_000
    assert len(README.split()) < 2_000


def test_every_package_of_the_house_is_there() -> None:
    rows = re.findall(r"^\| (`.*?) \|", README, re.MULTILINE)
    assert len(rows) > 8
    for row in rows:
        first, *others = re.findall(r"`([^`]+)`", row)
        folder = PROJECT / first.split("/")[0]
        for name in (first.split("/", 1)[1], *others):
            assert (folder / name).is_dir() or (folder / f"{name}.py").is_file(), name


def test_the_shipped_configurations_name_every_key_there_is() -> None:
    """Somebody who copies them sees all that can be set."""
    for file, model in (("simulated.toml", SimulatedBenchConfig()), ("vowels.toml", PlanConfig())):
        written = tomllib.loads((PROJECT / "configs" / file).read_text(encoding="utf-8"))
        for key, value in model.model_dump(exclude_none=True).items():
            assert key in written
            if isinstance(value, dict):
                assert set(value) == set(written[key]), f"[{key}] of {file}"
