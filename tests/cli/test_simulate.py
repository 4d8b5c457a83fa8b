"""``mtjlab simulate``: simulated instruments started by hand, as a person starts them."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from threading import Timer
from types import SimpleNamespace
from typing import Any

import psutil
import pytest

from instruments.connect import query_identity
from instruments.simulated.log_reading import messages, read_log
from instruments.simulated.vocabulary.models import MODELS
from tests.support.commands import ACROSS, CONFIGS, Result
from tests.support.engines import PATIENCE_S, PROJECT

Run = Callable[..., Result]


@contextmanager
def simulate(folder: Path, *arguments: str | Path) -> Iterator[subprocess.Popen[str]]:
    """The command as a process of its own in ``folder``; killed if it does not end."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(PROJECT), os.environ.get("PYTHONPATH", "")])}
    process = subprocess.Popen(
        [sys.executable, "-m", "mtjlab", "simulate", *map(str, arguments)],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    patience = Timer(PATIENCE_S, process.kill)
    patience.start()
    try:
        yield process
    finally:
        patience.cancel()
        process.kill()
        process.communicate()


def first_line(process: subprocess.Popen[str]) -> dict[str, Any]:
    assert process.stdout is not None
    line: dict[str, Any] = json.loads(process.stdout.readline())
    return line


@pytest.mark.skipif(sys.platform == "win32", reason="a console signal cannot be sent to one child on Windows")
def test_they_answer_at_the_printed_addresses_log_everything_and_end_with_ctrl_c(tmp_path: Path) -> None:
    with simulate(tmp_path, "--bench", CONFIGS / "mixed.toml", "--json") as process:
        told = first_line(process)
        assert set(told["addresses"]) == {f"{part} J{k}" for part in ("source", "voltmeter") for k in (1, 2, 3)}
        identities = {role: query_identity(address, "@py").identity for role, address in told["addresses"].items()}
        process.send_signal(signal.SIGINT)
        _, complaint = process.communicate(timeout=PATIENCE_S)
    assert (process.returncode, complaint) == (0, "")
    for role, model in (("source J1", "GS2"), ("source J2", "6221"), ("voltmeter J3", "DMM6500")):
        assert identities[role] is not None
        assert model in identities[role]
        assert "SIM" in identities[role]
    log = tmp_path / told["log"]
    assert {message.role for message in messages(log) if message.text == "*IDN?"} == set(told["addresses"])
    assert [line["kind"] for line in read_log(log)][-1] == "end"


@pytest.mark.skipif(sys.platform == "win32", reason="a console signal cannot be sent to one child on Windows")
def test_a_person_gets_a_table_of_roles_models_and_addresses(tmp_path: Path) -> None:
    with simulate(tmp_path, "--bench", CONFIGS / "keithley-2400.toml", "--log", "mine.jsonl") as process:
        assert process.stdout is not None
        table = ""
        while "Ctrl-C stops them" not in table:
            table += process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE_S) == 0
    for part in ("SIMULATED", "three 2400", "source J1", "voltmeter J3", "TCPIP0::127.0.0.1::", "log mine.jsonl"):
        assert part in table
    assert (tmp_path / "mine.jsonl").is_file()


@pytest.fixture
def never_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """What should be refused and is not would wait for Ctrl-C in the process of the test."""

    def wait(_: float) -> None:
        raise AssertionError("they run")

    monkeypatch.setattr(import_module("mtjlab.cli.simulate"), "time", SimpleNamespace(sleep=wait))


refused = pytest.mark.usefixtures("never_waits")


@refused
def test_a_model_without_simulated_words_is_refused(
    mtjlab: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(MODELS, "34461A")
    file = tmp_path / "b.toml"
    text = ACROSS.read_text(encoding="utf-8").replace('model = "Keithley 2182A"', 'model = "Keysight 34461A"', 1)
    file.write_text(text, encoding="utf-8")
    result = mtjlab("simulate", "--bench", file)
    assert result.code == 2
    assert "b.toml: voltmeters.J1.model: Keysight 34461A cannot be simulated. Models that can: 6220, 6221" in (
        result.sentence
    )


def test_a_field_supply_and_a_gaussmeter_are_rehearsed_with_the_rest(mtjlab: Run) -> None:
    result = mtjlab("check", "--bench", CONFIGS / "field.toml", "--simulate", "--speed", "50", "--json")
    assert result.code == 0
    lines = (Path(result.json["run"]) / "events.jsonl").read_text(encoding="utf-8").splitlines()
    fields = [event for event in map(json.loads, lines) if event["type"] == "field-set"]
    assert [round(event["field_mt"], 1) for event in fields] == [6.0, 0.0]
    assert fields[0]["gaussmeter_mt"] == pytest.approx(5.85, abs=0.06)


@refused
def test_a_log_file_that_exists_is_never_written_over(mtjlab: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.jsonl").write_text("of yesterday", encoding="utf-8")
    result = mtjlab("simulate", "--bench", ACROSS, "--log", "mine.jsonl")
    assert result.code == 2
    assert "mine.jsonl" in result.sentence
    assert "exists" in result.sentence
    assert (tmp_path / "mine.jsonl").read_text(encoding="utf-8") == "of yesterday"


ENDINGS = [number for name in ("SIGTERM", "SIGHUP", "SIGKILL") if (number := getattr(signal, name, None))]


@pytest.mark.skipif(sys.platform == "win32", reason="signals to one process are a POSIX thing")
def test_however_the_command_ends_its_instruments_end_and_a_folder_takes_any_number_of_starts(tmp_path: Path) -> None:
    logs, processes = [], []
    for number in ENDINGS:
        with simulate(tmp_path, "--bench", ACROSS, "--json") as process:
            logs.append(tmp_path / first_line(process)["log"])
            processes.append(psutil.Process(next(read_log(logs[-1]))["pid"]))
            process.send_signal(number)
            process.wait(PATIENCE_S)
    assert [log.name for log in logs] == ["simulators.jsonl", "simulators-2.jsonl", "simulators-3.jsonl"]
    _, alive = psutil.wait_procs(processes, PATIENCE_S)
    assert alive == []
    assert [[line["kind"] for line in read_log(log)][-1] for log in logs] == ["end"] * len(logs)


@refused
def test_what_is_no_fault_is_refused_with_the_faults_there_are(mtjlab: Run, tmp_path: Path) -> None:
    result = mtjlab("simulate", "--bench", ACROSS, "--fault", "voltmeter J2:sings")
    assert result.code == 2
    assert "sings" in result.sentence
    assert "no-reply" in result.sentence


@refused
def test_a_bench_without_instruments_is_refused(mtjlab: Run) -> None:
    result = mtjlab("simulate", "--bench", CONFIGS / "simulated.toml")
    assert result.code == 2
    assert "simulated.toml: has no instruments" in result.sentence
