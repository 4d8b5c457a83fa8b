"""Runs from the command line: listed, shown, stopped, recovered; each mistake a sentence and exit code 2."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mtjlab.domain import BenchDescription
from mtjlab.events import Event, RunEnded, Suspended
from mtjlab.procedures.training.events import RecognitionMeasured
from mtjlab.store import JOURNAL, REQUEST, STOP
from tests.support.commands import Result
from tests.support.journals import BEGIN, TRAINING, UNFINISHED, alive, run_folder
from tests.support.samples import STARTED

Command = Callable[..., Result]

ASKED: dict[str, Any] = {
    "data": {"name": "surrogate", "tokens": 2, "classes": 2},
    "plan": {"name": "seven vowels", "training": {"steps": 80}},
}
CHECK = replace(STARTED, procedure="check", data="")


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    """A folder of four runs: finished, crashed, failed, running; the third one is a check."""
    day = tmp_path / "runs" / "2026-11-23"
    better = [replace(e, test=0.95) if isinstance(e, RecognitionMeasured) else e for e in UNFINISHED]
    run_folder(day / "0001-train", TRAINING, ASKED)
    run_folder(day / "0002-train", better, ASKED)
    run_folder(day / "0003-check", [CHECK, RunEnded("failed", "J2 is open")], procedure="check")
    run_folder(day / "0004-train", BEGIN, ASKED, **alive())
    return day


def ids(result: Result) -> list[str]:
    return [run["id"].removeprefix("2026-11-23/") for run in result.json["runs"]]


def damaged(folder: Path) -> Path:
    path = folder / JOURNAL
    path.write_bytes(path.read_bytes().replace(b'"step":1', b'"step":7', 1))
    return folder


def refused(result: Result, *parts: str) -> bool:
    """Whether it ended in one sentence that holds these parts, exit code 2, and nothing else."""
    assert "Traceback" not in result.err
    assert all(part in result.sentence for part in parts), result.sentence
    return (result.code, result.out) == (2, "")


class TestList:
    def test_it_is_one_object_with_a_list_of_runs(self, mtjlab: Command, runs: Path) -> None:
        result = mtjlab("runs", "--json")
        assert result.code == 0
        assert list(json.loads(result.out)) == ["runs"]
        first, *_ = result.json["runs"]
        assert first["run"] == "runs/2026-11-23/0001-train"
        assert (first["status"], first["procedure"], first["step"], first["steps"]) == ("finished", "train", 2, 80)
        assert first["recognition"] == {"train": 0.7, "test": 0.25}
        statuses = [run["status"] for run in result.json["runs"]]
        assert statuses == ["finished", "crashed", "failed", "running"]

    def test_a_person_reads_a_line_for_each_and_what_the_unhappy_ones_say(self, mtjlab: Command, runs: Path) -> None:
        out = mtjlab("runs").out
        for part in ("2026-11-23/0001-train", "2/80", "70.0%", "25.0%", "SIM three", "crashed", "running"):
            assert part in out
        assert "2026-11-23/0003-check: failed: J2 is open" in out
        assert "2026-11-23/0002-train: crashed: its process ended without a final event" in out

    @pytest.mark.parametrize(
        ("arguments", "wanted"),
        [
            (["--status", "crashed"], ["0002-train"]),
            (["--procedure", "check"], ["0003-check"]),
            (["--search", "J2 IS"], ["0003-check"]),
            (["--search", "0001"], ["0001-train"]),
            (["--status", "stopped"], []),
            (["--sort", "recognition"], ["0003-check", "0001-train", "0004-train", "0002-train"]),
            (["--sort", "status"], ["0002-train", "0003-check", "0001-train", "0004-train"]),
            (["--sort", "procedure", "--status", "failed"], ["0003-check"]),
        ],
    )
    def test_it_is_filtered_and_sorted(
        self, mtjlab: Command, runs: Path, arguments: list[str], wanted: list[str]
    ) -> None:
        assert ids(mtjlab("runs", "runs", "--json", *arguments)) == wanted

    def test_no_runs_are_no_mistake(self, mtjlab: Command, tmp_path: Path) -> None:
        (tmp_path / "runs").mkdir()
        assert mtjlab("runs", "--json").json == {"runs": []}
        result = mtjlab("runs")
        assert (result.code, result.sentence) == (0, "runs: no such runs")

    def test_mistakes_are_sentences(self, mtjlab: Command, runs: Path) -> None:
        assert refused(mtjlab("runs", "absent"), "absent: there is no such folder")
        assert refused(
            mtjlab("runs", "--status", "happy"), "--status happy: not a status. A status is one of running, finished"
        )
        assert refused(mtjlab("runs", "--sort", "luck"), "Invalid value for '--sort'")

    def test_a_damaged_run_is_told_among_the_others(self, mtjlab: Command, runs: Path) -> None:
        damaged(runs / "0001-train")
        result = mtjlab("runs")
        assert result.code == 0
        assert "2026-11-23/0001-train: damaged: runs/2026-11-23/0001-train/events.jsonl: line 6 is damaged" in " ".join(
            result.out.split()
        )
        assert ids(mtjlab("runs", "--json", "--status", "damaged")) == ["0001-train"]


class TestShow:
    def test_a_run_is_found_by_folder_id_or_as_the_last(self, mtjlab: Command, runs: Path) -> None:
        named = [
            mtjlab("show", name, "--json").json["run"]
            for name in (runs / "0004-train", "2026-11-23/0004-train", "last")
        ]
        assert [Path(name).name for name in named] == ["0004-train"] * 3
        elsewhere = mtjlab("show", "0001-train", "--runs", runs, "--json")
        assert elsewhere.json["status"] == "finished"

    def test_it_tells_what_was_asked_what_happened_the_result_and_warnings(self, mtjlab: Command, runs: Path) -> None:
        run_folder(runs / "0005-train", [*BEGIN, Suspended(7.0, "the field is out"), *TRAINING[5:]], ASKED, seed=7)
        out = mtjlab("show", "last").out
        for part in (
            "finished", "three (SIMULATED)", "seven vowels", "history", "encoded: ih [1A, 1B]",
            "recognition at step 2: train 70.0%", "warnings", "suspended, control currents held, no input: the field",
            "finished after 2 steps", "suspended 1 time,",
        ):  # fmt: skip
            assert part in " ".join(out.split()), part

    def test_as_json_it_is_the_result_with_its_story(self, mtjlab: Command, runs: Path) -> None:
        told = mtjlab("show", "2026-11-23/0001-train", "--json").json
        assert (told["status"], told["steps"], told["presentations"]) == ("finished", 2, 2)
        assert told["asked"]["plan"]["name"] == "seven vowels"
        assert told["history"][0] == {
            "at_s": 0.0,
            "what": "2026-11-23/0001-train on three (simulated), learns surrogate, seed 7",
        }
        assert told["warnings"] == []

    def test_a_check_is_shown_as_one(self, mtjlab: Command, runs: Path) -> None:
        result = mtjlab("show", "2026-11-23/0003-check")
        assert result.code == 0
        assert "failed: the wiring was not checked to the end" in result.out

    def test_a_run_that_has_hardly_begun_is_shown(self, mtjlab: Command, tmp_path: Path) -> None:
        run_folder(tmp_path / "run", [], ASKED)
        result = mtjlab("show", "run")
        assert result.code == 0
        assert "crashed" in result.out

    @pytest.mark.parametrize("name", ["absent", "2026-11-23/0099-train", "x" * 400, "."])
    def test_what_is_no_run_is_a_sentence(self, mtjlab: Command, runs: Path, name: str) -> None:
        for command in ("show", "follow", "stop", "resume", "rerun", "recover"):
            result = mtjlab(command, name)
            assert refused(
                result,
                f"{name}: is no run folder, and no run of that name is in {runs.parent}.",
                "`mtjlab runs` lists",
            )

    def test_where_there_is_no_run_there_is_no_last_one(self, mtjlab: Command) -> None:
        assert refused(mtjlab("show", "last"), "last: is no run folder")

    def test_damage_is_told_with_its_remedy(self, mtjlab: Command, runs: Path) -> None:
        run = damaged(runs / "0001-train")
        for command in ("show", "follow"):
            assert refused(mtjlab(command, run, "--quiet" if command == "follow" else "--json"),
                           "line 6 is damaged", f"`mtjlab recover {run}`")  # fmt: skip
        path = runs / "0002-train" / REQUEST
        path.write_bytes(path.read_bytes().replace(b"80", b"90"))
        assert refused(mtjlab("show", "2026-11-23/0002-train"), "run.toml: is damaged", "Restore it from a copy")


def test_names_with_brackets_are_names(mtjlab: Command, tmp_path: Path) -> None:
    """The terminal would take [/] for the end of a style."""
    bench = BenchDescription("chip [/] of [bold]May", "simulated", simulated=True, junctions=3)
    events: list[Event] = [replace(STARTED, bench=bench), *TRAINING[1:]]
    command = ["mtjlab", "train", "--plan", "[/].toml"]
    run_folder(tmp_path / "runs" / "[red]" / "0001-train", events, {"plan": {"name": "[/]"}}, command=command)
    listed, shown, followed = mtjlab("runs"), mtjlab("show", "last"), mtjlab("follow", "last")
    assert [result.code for result in (listed, shown, followed)] == [0, 0, 0]
    words = " ".join(listed.out.split())
    for part in ("[red]/0001-train", "70.0%", "25.0%", "chip [/] of", "[bold]May"):
        assert part in words
    assert "chip [/] of [bold]May (SIMULATED)" in shown.out
    assert "mtjlab train --plan [/].toml" in shown.out


class TestStop:
    @pytest.mark.parametrize(
        ("arguments", "says", "when"),
        [([], "by `mtjlab stop`", "at its next safe point"), (["--now"], "now\nby `mtjlab stop`", "now")],
    )
    def test_a_running_run_is_asked_by_a_file_in_its_folder(
        self, mtjlab: Command, runs: Path, arguments: list[str], says: str, when: str
    ) -> None:
        result = mtjlab("stop", "last", *arguments)
        assert (result.code, result.out) == (0, "")
        assert f"will stop {when}; `mtjlab resume` resumes it" in result.sentence
        assert (runs / "0004-train" / STOP).read_text() == says

    def test_what_is_over_cannot_be_stopped(self, mtjlab: Command, runs: Path) -> None:
        assert refused(mtjlab("stop", "2026-11-23/0001-train"), "the run is finished, so there is nothing to stop")
        assert refused(mtjlab("stop", "2026-11-23/0003-check"), "the run is failed, so there", "J2 is open")
        assert refused(mtjlab("stop", "2026-11-23/0002-train"), "the run is crashed, so there", "its process ended")
        assert not list(runs.glob(f"*/{STOP}"))

    def test_of_a_dead_run_whose_journal_cannot_be_read_nothing_is_promised(self, mtjlab: Command, runs: Path) -> None:
        dead = run_folder(runs / "0005-train", BEGIN, {"bench": {"kind": "instruments"}}, bench_file="my-bench.toml")
        (dead / JOURNAL).unlink()
        (dead / JOURNAL).mkdir()
        assert refused(
            mtjlab("stop", dead),
            "no engine of this run is running, so it cannot be stopped",
            "events.jsonl: cannot be read (Is a directory)",
            "Outputs may still be ON: its sources were not confirmed at zero. `mtjlab safe --bench my-bench.toml`",
        )
        assert not (dead / STOP).exists()

    def test_where_nobody_can_tell_whether_an_engine_is_alive_the_file_is_left_and_that_is_said(
        self, mtjlab: Command, runs: Path
    ) -> None:
        elsewhere = run_folder(runs / "0005-train", BEGIN, {"bench": {"kind": "instruments"}}, host="elsewhere")
        spoilt = run_folder(runs / "0006-train", BEGIN)
        (spoilt / REQUEST).write_bytes(b"?")
        results = [mtjlab("stop", odd) for odd in (elsewhere, spoilt)]
        for result, odd, why in zip(results, (elsewhere, spoilt), ("on computer elsewhere", "is damaged"), strict=True):
            assert (result.code, (odd / STOP).is_file()) == (0, True)
            assert "It is not known whether the run is still running: " in result.sentence
            assert why in result.sentence
            assert "will stop" not in result.sentence
        assert "If it is not, outputs may still be ON" in results[0].sentence
        assert "`mtjlab safe --bench FILE`" in results[0].sentence

    def test_a_file_that_cannot_be_written_is_a_sentence(self, mtjlab: Command, runs: Path) -> None:
        (runs / "0004-train" / STOP).mkdir()
        assert refused(mtjlab("stop", "last"), "the stop file cannot be written", "Press Ctrl-C where the run was")


class TestRecover:
    def test_what_is_sound_becomes_a_new_run(self, mtjlab: Command, runs: Path) -> None:
        damaged(runs / "0001-train")
        told = mtjlab("recover", "2026-11-23/0001-train", "--json").json
        assert {key: told[key] for key in ("saved", "lost", "damaged_lines")} == {
            "saved": len(TRAINING) - 1,
            "lost": 1,
            "damaged_lines": [6],
        }
        shown = mtjlab("show", told["run"])
        assert "recovered from" in shown.out
        assert "an event is lost: line 6 of the journal was damaged" in shown.out

    def test_a_person_is_told_what_was_saved_and_what_to_do_next(self, mtjlab: Command, runs: Path) -> None:
        damaged(runs / "0002-train")
        result = mtjlab("recover", "2026-11-23/0002-train")
        assert result.code == 0
        assert f"{len(UNFINISHED) - 1} events saved, 1 lost (damaged lines: 6). Inspect it with" in result.sentence

    def test_a_removed_line_has_no_damaged_ones(self, mtjlab: Command, runs: Path) -> None:
        path = runs / "0001-train" / JOURNAL
        lines = path.read_bytes().splitlines(keepends=True)
        path.write_bytes(b"".join([*lines[:4], *lines[5:]]))
        assert "1 lost (damaged lines: none)" in mtjlab("recover", "2026-11-23/0001-train").sentence

    def test_sound_and_running_runs_are_refused(self, mtjlab: Command, runs: Path) -> None:
        assert refused(mtjlab("recover", "2026-11-23/0001-train"), "the journal is intact, so there is nothing to")
        assert refused(mtjlab("recover", "last"), "the run is in progress. Stop it first")
