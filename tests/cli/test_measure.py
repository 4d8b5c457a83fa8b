"""Sweep, shift and map from the command line: what is asked, what is told, and mistakes by the name of their option."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import tomli_w

from mtjlab.config import read_bench
from mtjlab.config.keys import keys_of
from mtjlab.events import Event, Presented
from mtjlab.experiment import DEFAULT_BENCH, DEFAULT_PLAN
from mtjlab.procedures.kinds import KINDS
from mtjlab.store import STOP, read_request
from tests.support.commands import Result

Command = Callable[..., Result]
QUICK = ["--step", "30", "--repetitions", "2"]


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """References in a blink."""
    path = tmp_path / "plan.toml"
    path.write_text(tomli_w.dumps({"sweep": {"input_step_ua": 25.0, "repetitions": 1}}), encoding="utf-8")
    return path


@pytest.fixture
def measure(mtjlab: Command, plan: Path) -> Command:
    """A command with the plan, that ends with JSON."""
    return lambda procedure, *arguments: mtjlab(procedure, "--plan", plan, *arguments, "--json")


@pytest.mark.parametrize("command", ["sweep", "shift", "map", "classify"])
def test_help_names_the_tables_of_the_plan_file_that_count(mtjlab: Command, command: str) -> None:
    told = " ".join(mtjlab(command, "--help").out.split())
    assert "used: [sweep], [detector] and [presentation]" in told


@pytest.mark.parametrize("name", KINDS)
def test_help_says_how_each_option_is_typed_and_what_it_is_without(mtjlab: Command, name: str) -> None:
    told = " ".join(mtjlab(name, "--help").out.split())
    for key in keys_of(KINDS[name].options):
        assert all(choice in told for choice in key.choices)
        if default := "" if key.is_flag else key.shown(key.default):
            assert f"[default: {default.replace(', ', ',')}]" in told


def test_a_sweep_tells_critical_inputs_and_names_its_calibration(measure: Command) -> None:
    result = measure("sweep", *QUICK)
    (series,) = result.json["series"]
    assert (result.code, result.json["status"], result.json["curves"]) == (0, "finished", 2)
    assert series["control_currents_ua"] == [-500.0] * 3
    assert [round(one["critical_input_ua"]) for one in series["up"]] == pytest.approx([724, 434, 696], abs=30)
    assert len(series["down"]) == 3
    assert json.loads(Path(result.json["calibration"]).read_text(encoding="utf-8"))["device"] == "simulated chip"
    assert "J2 AP -> P" in result.err
    assert "J2 P -> AP" in result.err
    assert "SIMULATED BENCH" in result.err


def test_a_person_is_told_why_something_was_not_determined(measure: Command) -> None:
    result = measure("sweep", "--legs", "up", "--stop", "600", "--step", "20", "--repetitions", "1")
    assert not result.json["series"][0]["up"][0]["determined"]
    assert "not determined" in result.err
    assert "as far as 100 uA" in result.sentence


def test_a_shift_moves_every_control_current_by_what_was_typed(measure: Command) -> None:
    result = measure("shift", "--by", "-40,40", "--step", "30", "--repetitions", "1")
    rows = [series["control_currents_ua"] for series in result.json["series"]]
    assert (result.code, len(rows), rows[1], rows[-1]) == (0, 7, [-540.0, -500.0, -500.0], [-500.0, -500.0, -460.0])


@pytest.mark.parametrize(
    ("way", "arguments"),
    [("curves", QUICK), ("raster", ["--cell", "450", "--times", "1"]), ("adaptive", ["--width", "150"])],
)
def test_a_map_is_measured_in_each_way(measure: Command, way: str, arguments: list[str]) -> None:
    result = measure("map", "--way", way, "--controls", "-500;-460,-380,-560", *arguments)
    rows = [series["control_currents_ua"] for series in result.json["series"]]
    assert (result.code, rows) == (0, [[-500.0] * 3, [-460.0, -380.0, -560.0]])
    assert read_request(Path(result.json["run"]))["map"]["way"] == way
    assert [result.json[count] > 0 for count in ("curves", "presentations", "probes")] == [
        way == "curves", way == "raster", way == "adaptive",
    ]  # fmt: skip


def test_a_map_with_a_calibration_measures_no_references(measure: Command) -> None:
    calibration = measure("sweep", *QUICK).json["calibration"]
    told = measure("map", "--way", "raster", "--cell", "450", "--times", "1", "--calibration", calibration).json
    journal = (Path(told["run"]) / "events.jsonl").read_text(encoding="utf-8")
    assert '"type":"calibration-taken"' in journal
    assert '"type":"sweep-point"' not in journal


def test_a_calibration_may_be_named_by_its_run(measure: Command) -> None:
    measure("sweep", *QUICK)
    told = measure("map", "--way", "raster", "--cell", "450", "--times", "1", "--calibration", "last").json
    journal = (Path(told["run"]) / "events.jsonl").read_text(encoding="utf-8")
    assert '"type":"calibration-taken"' in journal


def test_a_map_under_the_controls_that_a_training_has_learnt(measure: Command, mtjlab: Command) -> None:
    trained = mtjlab("train", "--steps", "1", "--recognition-every", "0", "--json").json
    told = measure("map", "--controls-of", "last", "--way", "raster", "--cell", "450", "--times", "1").json
    learnt = trained["control_currents_ua"]
    assert [series["control_currents_ua"] for series in told["series"]] == [learnt["a"], learnt["b"]]


def test_a_stopped_map_says_so_and_is_continued(measure: Command, mtjlab: Command, tmp_path: Path) -> None:
    shown: list[Event] = []

    def stop_at_the_third(event: Event) -> None:
        shown.extend([event] if isinstance(event, Presented) else [])
        if len(shown) == 3:
            next(tmp_path.glob("runs/*/*")).joinpath(STOP).touch()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("mtjlab.experiment.engine.log_event", stop_at_the_third)
        stopped = measure("map", "--way", "raster", "--cell", "450", "--times", "2")
    assert (stopped.code, stopped.json["status"], stopped.json["presentations"]) == (3, "stopped", 3)
    assert stopped.json["series"] == []
    resumed = mtjlab("resume", "last", "--json")
    assert (resumed.code, resumed.json["status"], resumed.json["presentations"]) == (0, "finished", 8)
    again = mtjlab("rerun", resumed.json["run"], "--json")
    assert {**again.json, "run": "", "duration_s": 0} == {**resumed.json, "run": "", "duration_s": 0}


def test_a_measurement_can_be_looked_at_again(measure: Command, mtjlab: Command) -> None:
    measure("map", "--way", "curves", *QUICK)
    shown = mtjlab("show", "last")
    assert shown.code == 0
    assert "critical inputs of input B at control currents" in shown.out
    assert mtjlab("follow", "last", "--quiet", "--json").json["curves"] == 4
    (listed,) = mtjlab("runs", "--json").json["runs"]
    assert (listed["procedure"], listed["status"]) == ("map", "finished")


class TestRefused:
    """With exit code 2 and a sentence; nothing was started."""

    @pytest.fixture
    def complaint(self, mtjlab: Command, tmp_path: Path) -> Callable[..., str]:
        def complain(*arguments: Any) -> str:
            result = mtjlab(*arguments)
            assert (result.code, result.out) == (2, "")
            assert not (tmp_path / "runs").exists()
            assert "Traceback" not in result.err
            return result.sentence

        return complain

    @pytest.mark.parametrize(
        ("command", "option"),
        [
            ("sweep --legs sideways", "--legs"),
            ("map --way round", "--way"),
            ("shift --by abc", "--by"),
            ("shift --by 30", "--by"),
            ("shift --by 30,30", "--by"),
            ("shift --by 0,30", "--by"),
            ("shift --by nan,30", "--by"),
            ("sweep --controls x", "--controls"),
            ("sweep --controls nan", "--controls"),
            ("map --controls -500;-500;-500", "--controls"),
            ("sweep --stop -5", "--stop"),
            ("sweep --step 0", "--step"),
            ("sweep --step 300", "from --start to --stop there must be at least 30 steps of --step"),
            ("sweep --repetitions 5000", "--repetitions"),
            ("map --width 0", "--width"),
            ("map --cell -1", "--cell"),
            ("map --probes 0", "--probes"),
        ],
    )
    def test_by_the_name_of_the_option(self, complaint: Callable[..., str], command: str, option: str) -> None:
        assert option in complaint(*command.split())

    @pytest.mark.parametrize(
        ("command", "told"),
        [
            ("sweep --controls -500,-500", "2 control currents (-500, -500 uA) for the 3 junctions"),
            ("sweep --stop 1300", "1300 uA with control currents -500, -500, -500 uA: J1 would carry 800 uA"),
            ("map --controls -500;0", "with control currents 0, 0, 0 uA: J1 would carry 900 uA"),
            ("shift --by 30,400", "with control currents -100, -500, -500 uA: J1 would carry 800 uA"),
            ("map --cell 901", "wider than the range of the inputs"),
            ("sweep --calibration nowhere.json", "nowhere.json: cannot be read"),
            ("map --controls-of nowhere", "nowhere: is no run folder"),
        ],
    )  # fmt: skip
    def test_with_what_would_have_been_reached(self, complaint: Callable[..., str], command: str, told: str) -> None:
        assert told in complaint(*command.split())

    def test_a_calibration_of_another_chip(self, measure: Command, mtjlab: Command, tmp_path: Path) -> None:
        calibration = measure("sweep", *QUICK).json["calibration"]
        bench = tmp_path / "bench.toml"
        content = {**read_bench(DEFAULT_BENCH).model_dump(mode="json", exclude_none=True), "device": {"name": "chip 7"}}
        bench.write_text(tomli_w.dumps(content), encoding="utf-8")
        for command in ("sweep", "map", "train"):
            result = mtjlab(command, "--bench", bench, "--calibration", calibration)
            assert result.code == 2
            assert "the bench has 'chip 7'" in result.sentence

    def test_a_map_of_a_run_that_learnt_nothing(self, measure: Command, mtjlab: Command) -> None:
        measure("sweep", *QUICK)
        result = mtjlab("map", "--controls-of", "last")
        assert result.code == 2
        assert "has no trained network" in result.sentence

    def test_a_warm_start_without_a_calibration(self, complaint: Callable[..., str]) -> None:
        assert "--warm-start needs --calibration" in complaint("train", "--warm-start", "--plan", DEFAULT_PLAN)


def test_an_old_calibration_is_warned_of(measure: Command, mtjlab: Command, plan: Path, tmp_path: Path) -> None:
    made = Path(measure("sweep", *QUICK).json["calibration"])
    old = tmp_path / "old.json"
    content = json.loads(made.read_text(encoding="utf-8"))
    old.write_text(json.dumps({**content, "measured_at": "2024-02-29T12:00:00Z"}), encoding="utf-8")
    result = mtjlab("sweep", "--plan", plan, *QUICK, "--calibration", old, "--json")
    assert result.code == 0
    assert "h old; critical currents change with field and temperature" in result.sentence


@pytest.mark.parametrize("controls", [(), ("--controls", "83,-206,55")])
def test_a_map_by_pulses_needs_to_know_the_rest_currents(measure: Command, controls: tuple[str, ...]) -> None:
    refused = measure("map", "--pulse-width", "1e-3", *controls)
    assert refused.code == 2
    assert "starts from the rest currents of the chip, which a calibration tells" in refused.sentence
