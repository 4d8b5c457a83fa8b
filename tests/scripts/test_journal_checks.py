"""What judges a fault campaign: it sees what is missing, and nothing that is not."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from journal_checks import cuts, highest_ua, is_left_on, missing_events, missing_readings, readings_in, readings_lost
from kills import tokens_presented

from mtjlab.benches import open_bench
from mtjlab.config import PlanConfig, SimulatedBenchConfig, SweepSettings, TrainingSettings
from mtjlab.domain import Reading
from mtjlab.events import Event, Parent, Progress, SweepPoint
from mtjlab.procedures.training.events import StepTrained
from mtjlab.procedures.training.procedure import TrainingPlan, train
from mtjlab.vowels.hillenbrand import surrogate
from mtjlab.vowels.splits import split
from tests.support.samples import STARTED


def point(level_ua: float, *voltages_mv: float) -> SweepPoint:
    return SweepPoint(0, True, Reading(level_ua, level_ua, (level_ua,), tuple((voltage,) for voltage in voltages_mv)))


SWEPT = [point(-500, -725.25, -725.5), point(-495, -719.125, -719.0), point(-490, -714.0, -713.5)]


def log_of(path: Path, points: Sequence[SweepPoint]) -> Path:
    """What simulators would have logged."""
    lines: list[dict[str, object]] = [{"kind": "output", "role": "source J1", "on": True}]
    for swept in points:
        lines.append({"kind": "currents", "sources_a": [swept.reading.input_ua * 1e-6]})
        lines.append({"kind": "in", "role": "voltmeter J1", "text": ":SAMP:COUN 2;:READ?"})
        volts = ",".join(f"{sample[0] / 1e3:.8E}" for sample in swept.reading.samples_mv)
        lines.append({"kind": "out", "role": "voltmeter J1", "text": volts})
        lines.append({"kind": "in", "role": "voltmeter J1", "text": ":SYST:ERR?"})
        lines.append({"kind": "out", "role": "voltmeter J1", "text": '0,"No error"'})
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    return path


def test_a_journal_that_holds_all_that_was_answered_is_whole(tmp_path: Path) -> None:
    assert missing_readings(log_of(tmp_path / "log", SWEPT), SWEPT, ended=True) == []


def test_a_point_that_was_not_complete_may_be_missing_but_no_more(tmp_path: Path) -> None:
    log = log_of(tmp_path / "log", SWEPT)
    assert missing_readings(log, SWEPT[:2], ended=False) == []
    assert "at 1 levels after the last" in missing_readings(log, SWEPT[:2], ended=True)[0]
    assert "at 2 levels after the last" in missing_readings(log, SWEPT[:1], ended=False)[0]


@pytest.mark.parametrize(
    "kept",
    [
        [SWEPT[0], SWEPT[2]],
        [SWEPT[1], SWEPT[0], SWEPT[2]],
        [SWEPT[0], point(-495, -719.125, -719.00001), SWEPT[2]],
        [*SWEPT, SWEPT[2]],
    ],
)
def test_a_reading_that_is_lost_moved_changed_or_invented_is_noticed(tmp_path: Path, kept: list[Event]) -> None:
    log = log_of(tmp_path / "log", SWEPT)
    assert "does not hold what it answered" in missing_readings(log, kept, ended=False)[0]


def test_a_fault_that_passes_may_interrupt_a_presentation_or_two(tmp_path: Path) -> None:
    swept = [point(level, level / 8.0) for level in range(-500, -470, 5)]
    log = log_of(tmp_path / "log", swept)
    assert readings_lost(log, swept) == []
    assert readings_lost(log, [swept[0], *swept[2:]]) == []
    assert readings_lost(log, [swept[0], swept[2], swept[4]])[0].endswith(
        "leaves out what it answered at [1, 1, 1] levels"
    )
    assert "leaves out what it answered at [5] levels" in readings_lost(log, swept[:1])[0]


@pytest.mark.parametrize("kept", [[SWEPT[1], SWEPT[0]], [*SWEPT, point(-485, -713.5)], [point(-500, -725.26, -725.5)]])
def test_the_journal_holds_nothing_that_was_not_answered(tmp_path: Path, kept: list[Event]) -> None:
    assert "which it never answered" in readings_lost(log_of(tmp_path / "log", SWEPT), kept)[0]


def test_a_reading_that_two_events_quote_was_taken_once(tmp_path: Path) -> None:
    assert readings_lost(log_of(tmp_path / "log", SWEPT), [SWEPT[0], SWEPT[1], SWEPT[0], SWEPT[2]]) == []


def test_what_is_garbled_is_no_reading(tmp_path: Path) -> None:
    log = log_of(tmp_path / "log", SWEPT)
    with log.open("a") as file:
        file.write(json.dumps({"kind": "in", "role": "voltmeter J1", "text": ":READ?"}) + "\n")
        file.write(json.dumps({"kind": "out", "role": "voltmeter J1", "text": "%GARBAGE"}) + "\n")
    assert readings_lost(log, SWEPT) == []


def switched(path: Path, *lines: dict[str, object]) -> Path:
    path.write_text("".join(f"{json.dumps({'t_s': n, 'at_s': n, **line})}\n" for n, line in enumerate(lines)))
    return path


ON = {"kind": "output", "role": "source J2", "on": True}
OFF = {"kind": "output", "role": "source J2", "on": False}


def message(text: str) -> dict[str, object]:
    return {"kind": "in", "role": "source J2, voltmeter J2", "text": text}


def flow(current_a: float) -> dict[str, object]:
    return {"kind": "currents", "sources_a": [0.0, current_a], "junctions_a": [0.0, current_a]}


def test_an_output_that_is_switched_off_at_a_current_was_cut(tmp_path: Path) -> None:
    cut = switched(tmp_path / "cut", ON, flow(-49e-5), message(":OUTP OFF"), flow(0.0), OFF)
    assert cuts(cut) == [("source J2", pytest.approx(-490.0))]
    assert highest_ua(cut) == pytest.approx(490.0)
    first_to_zero = (ON, flow(-49e-5), message(":SOUR:CURR 0"), flow(0.0), message(":OUTP OFF"), OFF)
    assert cuts(switched(tmp_path / "ramped", *first_to_zero)) == []


def test_who_switches_off_by_hand_is_not_the_engine(tmp_path: Path) -> None:
    lines = (
        ON,
        flow(-49e-5),
        message("*IDN?"),
        {"kind": "fault", "t_s": 9},
        {**flow(0.0), "t_s": 9},
        {**OFF, "t_s": 9},
    )
    assert cuts(switched(tmp_path / "by-hand", *lines)) == []


def test_what_a_follower_had_read_must_be_there() -> None:
    assert missing_events([STARTED, *SWEPT], [STARTED, *SWEPT[:2]]) == []
    assert missing_events([STARTED], [STARTED, SWEPT[0]])
    assert missing_events([STARTED, SWEPT[1]], [STARTED, SWEPT[0]])


def test_a_source_that_stays_on_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("journal_checks.SAFE_WITHIN_S", 0.0)
    assert is_left_on(log_of(tmp_path / "log", SWEPT))


class Remembering:
    """A bench that remembers all that was read on it."""

    def __init__(self, bench: object) -> None:
        self._bench = bench
        self.readings: list[Reading] = []

    def __getattr__(self, name: str) -> object:
        return getattr(self._bench, name)

    def read(self, samples: int) -> Reading:
        self.readings.append(self._bench.read(samples))  # type: ignore[attr-defined]
        return self.readings[-1]


@pytest.fixture(scope="module")
def trained() -> tuple[list[Event], list[Reading]]:
    config = PlanConfig(sweep=SweepSettings(repetitions=1), training=TrainingSettings(steps=2))
    bench = Remembering(open_bench(SimulatedBenchConfig(), 0))
    plan = TrainingPlan(config, surrogate(), split(surrogate(), 0))
    return list(train(bench, plan)), bench.readings  # type: ignore[arg-type]


def test_all_that_is_read_in_a_training_is_in_its_events(trained: tuple[list[Event], list[Reading]]) -> None:
    events, readings = trained
    assert [reading for event in events for reading in readings_in(event)] == readings


def test_tokens_of_runs_that_were_gone_on_with_count_up_to_what_was_taken_over(
    trained: tuple[list[Event], list[Reading]],
) -> None:
    events = [STARTED, *trained[0]]
    taken_n = max(n for n, event in enumerate(events) if isinstance(event, StepTrained) and event.step == 1)
    child = [replace(STARTED, parent=Parent("1", len(events), taken_n, Progress())), *events[taken_n + 1 :]]
    assert tokens_presented([events[: taken_n + 20], child]) == tokens_presented([events])
    assert tokens_presented([events[: taken_n + 20], events]) == tokens_presented([events])
