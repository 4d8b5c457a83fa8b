"""``mtjlab check`` as a person or a program uses it, on simulated instruments over TCP and on junctions in process."""

import json
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from instruments.simulated.log_reading import flows, safe_since_s
from mtjlab import experiment
from mtjlab.benches.simulators import LOG
from mtjlab.cli import main
from mtjlab.events import ControlsPlanned, WiringChecked
from mtjlab.procedures.check.terminal import show_check
from mtjlab.reading import read_events
from tests.support.asking import TrainingRequest, prepare_training
from tests.support.miswired import MISWIRED, miswired_run
from tests.support.wired import CONFIGS

Run = Callable[..., tuple[int, str, str]]
LIMITS_TOO_NARROW = "[limits]\njunction_current_min_ua = -5\njunction_current_max_ua = 5\n"


@pytest.fixture
def mtjlab(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Runs a command in an empty folder, without figures; exit code, standard output and standard error."""
    monkeypatch.setattr("mtjlab.cli.drawing.draw_in_process", lambda *_: [])
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MTJLAB_VOWELS", "")
    monkeypatch.setenv("COLUMNS", "120")

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["mtjlab", *arguments])
        with pytest.raises(SystemExit) as leaving:
            main()
        captured = capsys.readouterr()
        return int(leaving.value.code or 0), captured.out, captured.err

    return run


def last_json(out: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(out.splitlines()[-1])
    return told


def test_a_right_bench_ends_with_exit_code_0_and_a_verdict_a_line(mtjlab: Run) -> None:
    code, out, _ = mtjlab("check")
    assert code == 0
    lines = out.splitlines()
    assert lines[0].startswith(" SIMULATED   three junctions, one source at a time moved by 10 uA")
    for part in ("source J1 ", "source J3 ", "J2 ", "voltmeter J2 "):
        assert any(line.startswith(part) and " ok " in line for line in lines)
    assert lines[-2].startswith("the wiring is right")
    assert "-check" in lines[-1]


def test_a_quiet_check_says_nothing(mtjlab: Run) -> None:
    assert mtjlab("check", "--quiet") == (0, "", "")


def test_a_mistake_over_tcp_is_named_with_what_to_do_and_no_junction_ever_carries_more_than_10_ua(
    mtjlab: Run, tmp_path: Path
) -> None:
    bench = str(CONFIGS / "keithley-6221-2182a.toml")
    code, out, err = mtjlab("check", "--bench", bench, "--simulate", "--fault", "voltmeters:swapped=J1,J2", "--json")
    told = last_json(out)
    assert code == 4
    assert (told["status"], told["simulated"], told["safe"], told["mistakes"]) == ("finished", True, True, 1)
    (mistake,) = [found for found in told["findings"] if found["verdict"] == "mistake"]
    assert (mistake["role"], mistake["kind"], mistake["positions"]) == ("voltmeters J1, J2", "swapped", [0, 1])
    assert [[round(ohm / 100) for ohm in row] for row in told["matrix_ohm"]] == [[11, 11, 0], [24, 0, 0], [24, 24, 24]]
    assert "swapped: each measures the other's junction" in err
    assert "> Swap their leads" in err
    assert "1 mistake found" in err
    log = tmp_path / told["run"] / LOG
    assert max(abs(current) for flow in flows(log) for current in flow.junctions_a) == pytest.approx(10e-6)
    assert safe_since_s(log) is not None


def test_three_source_meters_over_tcp_are_wired_right(mtjlab: Run) -> None:
    bench = str(CONFIGS / "keithley-2400.toml")
    code, out, _ = mtjlab("check", "--bench", bench, "--simulate", "--json", "--quiet")
    assert code == 0
    assert {found["verdict"] for found in last_json(out)["findings"]} == {"ok"}


def test_a_training_that_is_to_check_first_goes_no_further_with_a_mistake(mtjlab: Run, tmp_path: Path) -> None:
    bench = str(CONFIGS / "mixed.toml")
    fault = ["--simulate", "--fault", "voltmeter J3:reversed"]
    code, out, err = mtjlab("train", "--check", "--bench", bench, *fault, "--steps", "1", "--json", "--quiet")
    told = last_json(out)
    assert (code, told["status"]) == (4, "failed")
    assert "voltmeter J3: reversed: it answers with the wrong sign. Swap its two leads." in told["reason"]
    assert told["reason"] in " ".join(err.split())
    events = read_events(tmp_path / told["run"])
    assert any(isinstance(event, WiringChecked) for event in events)
    assert not any(isinstance(event, ControlsPlanned) for event in events)
    assert "voltmeter J3 (mistake): reversed" in (tmp_path / told["run"] / "log.txt").read_text()


def test_a_training_checks_first_and_goes_on_if_the_wiring_is_right(tmp_path: Path) -> None:
    request = TrainingRequest(steps=1, recognition_every_steps=0, check=True)
    run = experiment.execute(prepare_training(request), tmp_path)
    kinds = [event.type for event in read_events(run.folder)]
    assert run.ended.status == "finished"
    assert kinds.index("wiring-checked") < kinds.index("controls-planned") < kinds.index("step-trained")


def test_limits_below_the_probe_current_are_refused_before_anything_starts(mtjlab: Run, tmp_path: Path) -> None:
    file = tmp_path / "narrow.toml"
    file.write_text(LIMITS_TOO_NARROW)
    code, _, err = mtjlab("check", "--bench", str(file))
    assert code == 2
    assert "narrow.toml: [limits] do not allow a wiring check" in " ".join(err.split())
    assert not (tmp_path / "runs").exists()


def test_what_answers_cannot_tell_apart_is_listed_in_json_table_and_story(tmp_path: Path) -> None:
    told = experiment.result_of(miswired_run(tmp_path / "run"))
    assert told["mistakes"] == 1
    assert [(one["part"], one["misfit"]) for one in told["explanations"]] == [
        ("J1", 0.27), ("source J1", 0.28), ("voltmeter J1", 0.28),
    ]  # fmt: skip
    assert set(told["explanations"][0]) == {"part", "kind", "mistake", "misfit", "remedy"}
    console = Console(width=80, record=True, file=StringIO())
    show_check(told, console)
    written = console.export_text()
    assert max(map(len, written.splitlines()[:-1])) <= 80
    assert "source J1 0.3 feeds the top of J2 instead of J1" in " ".join(written.split())
    assert "To decide:  Follow the cable of source J1 to the chain: is it at J1?" in written
    assert MISWIRED.sentence.endswith(
        "J1 (mistake): short: less than 110 ohm; or source J1: feeds the top of J2 instead of J1; "
        "or voltmeter J1: not connected: it answers no source"
    )
