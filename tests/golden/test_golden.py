"""Runs that earlier versions wrote are read, shown, exported, drawn and resumed by this one.

What is compared was written by the version that made the run: later ones may say more, never something else.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from mtjlab.drawing import draw
from mtjlab.experiment import execute, prepare_resume, story
from mtjlab.reading import event_of, read_events
from mtjlab.run_status import status_report
from mtjlab.runs.finding import find_run
from mtjlab.runs.listing import list_runs
from mtjlab.store import read_lines
from mtjlab.store.lines import format_line
from tests.golden.runs import RUNS, copied
from tests.golden.write import EXPECTED, facts

RESUMABLE = sorted(name for name in RUNS if name.endswith(("-stopped", "-crashed")) and "/live" not in name)
DRAWN = sorted(name for name in RUNS if name.endswith(("/train", "/classify", "/map-adaptive")))


def missing(found: Any, expected: Any, where: str = "") -> list[str]:
    """What ``expected`` holds and ``found`` does not; ``found`` may hold more."""
    if isinstance(expected, dict) and isinstance(found, dict):
        return [line for key, value in expected.items() for line in missing(found.get(key), value, f"{where}/{key}")]
    if isinstance(expected, list) and isinstance(found, list) and len(found) == len(expected):
        pairs = enumerate(zip(found, expected, strict=True))
        return [line for k, (new, old) in pairs for line in missing(new, old, f"{where}/{k}")]
    return [] if found == expected else [f"{where}: {found!r} instead of {expected!r}"]


@pytest.mark.parametrize("name", RUNS)
def test_an_old_run_says_what_it_said_when_it_was_made(name: str) -> None:
    run = RUNS[name]
    expected = json.loads((run.parents[1] / EXPECTED).read_text(encoding="utf-8"))
    assert missing(facts(run), expected) == []


@pytest.mark.parametrize("name", RUNS)
def test_the_story_of_an_old_run_begins_with_its_bench_and_tells_how_it_ended(name: str) -> None:
    told = story(RUNS[name])
    assert "three junctions" in told.history[0][1] or "6221" in told.history[0][1]
    assert all(text for _, text in (*told.history, *told.warnings))


@pytest.mark.parametrize("name", RUNS)
def test_what_an_old_line_says_is_written_today_byte_for_byte(name: str) -> None:
    for line in read_lines(RUNS[name]):
        new = format_line(line.n, event_of(RUNS[name], line), line.at)
        assert new == line.text or is_more(json.loads(new), json.loads(line.text))


def is_more(new: Any, old: Any) -> bool:
    """Whether ``new`` has keys that ``old`` did not know; the checksum does not count."""
    return {**new, "crc": None} != {**old, "crc": None}


def test_old_runs_are_listed(tmp_path: Path) -> None:
    for name, golden in RUNS.items():
        root = tmp_path / name
        root.mkdir(parents=True)
        run = copied(golden, root)
        (line,) = list_runs(root)
        assert line.folder == run
        assert find_run(Path("last"), root) == run


@pytest.mark.parametrize("name", DRAWN)
def test_an_old_run_is_drawn(name: str, tmp_path: Path) -> None:
    run = copied(RUNS[name], tmp_path)
    drawn = draw(run)
    assert drawn
    assert all(path.stat().st_size > 1000 for path in drawn)


@pytest.mark.parametrize("name", RESUMABLE)
def test_an_old_run_is_resumed_to_its_end(name: str, tmp_path: Path) -> None:
    run = copied(RUNS[name], tmp_path)
    prepared = prepare_resume(run)
    done = execute(prepared, tmp_path / "runs")
    assert status_report(done.folder).status == "finished"
    assert next(read_events(done.folder)).parent.run == f"{run.parent.name}/{run.name}"
