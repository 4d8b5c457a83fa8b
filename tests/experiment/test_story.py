"""The story of a run: what was asked, what happened, what to be warned of."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings

from mtjlab.errors import RefusedError
from mtjlab.events import ClockJumped, Continued, Event, EventLost, LookedAgain, Parent, RunEnded, Suspended
from mtjlab.experiment import Story, result_of, story
from mtjlab.procedures.training.events import StepTrained
from mtjlab.store import JOURNAL, REQUEST, read_request
from tests.support.journals import (
    BEGIN,
    PRESENTED,
    TRAINING,
    UNFINISHED,
    Damage,
    damages,
    folded,
    run_folder,
    step_of_training,
    tried,
)
from tests.support.samples import STARTED

SILENT = replace(PRESENTED, configuration=None, recognised_as=None)


def told(folder: Path, events: list[Event]) -> Story:
    return story(run_folder(folder, events, {"plan": {"seed": 7}}))


def warned(of: Story) -> list[str]:
    return [sentence for _, sentence in of.warnings]


def test_it_tells_what_was_asked(tmp_path: Path) -> None:
    asked = told(tmp_path, TRAINING).asked
    assert asked == read_request(tmp_path)
    assert asked["plan"] == {"seed": 7}


def test_it_tells_what_happened_in_order_with_the_time_since_the_start(tmp_path: Path) -> None:
    of = told(tmp_path, TRAINING)
    assert [sentence.partition(" ")[0] for _, sentence in of.history] == [
        "2026-11-23/0001-train", "encoded:", "recognition", "step", "recognition", "recognition", "safe:", "finished",
    ]  # fmt: skip
    times_s = [at_s for at_s, _ in of.history]
    assert times_s[0] == 0
    assert times_s == sorted(times_s)
    assert of.warnings == ()


def test_of_a_long_training_every_tenth_step_is_a_part_of_it(tmp_path: Path) -> None:
    steps = [event for n in range(1, 31) for event in step_of_training(n) if isinstance(event, StepTrained)]
    of = told(tmp_path, [*BEGIN, *steps])
    assert [sentence.partition(":")[0] for _, sentence in of.history if sentence.startswith("step")] == [
        "step 1", "step 10", "step 20", "step 30",
    ]  # fmt: skip


def test_pauses_and_what_follows_on_them_are_told(tmp_path: Path) -> None:
    pause: list[Event] = [Suspended(7.0, "the field is out"), LookedAgain(67.0, 1, "the field is out"),
                          LookedAgain(127.0, 2, ""), Continued(150.0, 143.0)]  # fmt: skip
    of = told(tmp_path, [*BEGIN, *pause])
    assert warned(of) == ["suspended, control currents held, no input: the field is out"]
    assert [sentence for _, sentence in of.history[-3:]] == [
        "look 1: the field is out",
        "look 2: the problem is resolved, junctions are measured again",
        "continues after 143 s of bench time",
    ]


@pytest.mark.parametrize(
    ("cause", "told_as"),
    [
        (
            "source J1 delivers nothing",
            "likely cause: source J1 delivers nothing (observed: J3 is off)",
        ),
        ("J3 is off", "J3 is off"),
    ],
)
def test_a_pause_tells_its_cause_before_what_it_was_seen_by(tmp_path: Path, cause: str, told_as: str) -> None:
    of = told(tmp_path, [*BEGIN, Suspended(7.0, "J3 is off", cause)])
    assert warned(of) == [f"suspended, control currents held, no input: {told_as}"]


def test_trouble_is_told_as_a_warning_and_much_of_a_kind_is_counted(tmp_path: Path) -> None:
    trouble = [ClockJumped(-3600.0), EventLost(12), *[SILENT] * 8, RunEnded("failed", "J2 is open")]
    warnings = warned(told(tmp_path, [*BEGIN, *trouble]))
    assert warnings[:2] == [
        "the clock of this computer jumped by -3600 s: it was set, or the computer slept",
        "an event is lost: line 12 of the journal was damaged",
    ]
    assert sum("no configuration" in warning for warning in warnings) == 5
    assert warnings[-2:] == ["failed: J2 is open", "3 more of the kind presented"]


def test_a_torn_last_line_and_what_the_guardian_did_are_told(tmp_path: Path) -> None:
    folder = run_folder(tmp_path, UNFINISHED)
    with (folder / JOURNAL).open("ab") as file:
        file.write(b'{"n":13,"at":"2026')
    (folder / "guardian.txt").write_text("02:00:01 the engine died\n02:00:02 all at zero\n")
    assert warned(story(folder)) == [
        "the last line of the journal is torn (18 bytes of an event that was being written); dropped",
        "guardian: the engine died",
        "guardian: all at zero",
    ]


def test_a_resumed_run_tells_with_which_it_goes_on(tmp_path: Path) -> None:
    parent = Parent("2026-11-22/0007-train", 14, 12, folded(TRAINING).progress)
    (_, first), *_ = told(tmp_path, [replace(STARTED, parent=parent)]).history
    assert first.endswith("seed 7, resumes 2026-11-22/0007-train after step 2")


def test_a_run_that_has_just_begun_has_a_story_too(tmp_path: Path) -> None:
    assert told(tmp_path / "nothing", []).history == ()
    assert len(told(tmp_path / "one", BEGIN[:1]).history) == 1


def test_the_result_is_that_of_its_procedure(tmp_path: Path) -> None:
    training = run_folder(tmp_path / "train", TRAINING)
    assert result_of(training) == result_of(training)
    check = result_of(run_folder(tmp_path / "check", BEGIN[:1], procedure="check"))
    assert (check["status"], check["mistakes"], check["findings"]) == ("crashed", None, [])


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = run_folder(tmp_path_factory.mktemp("run"), TRAINING)
    return {name: (folder / name).read_bytes() for name in (JOURNAL, REQUEST)}


@pytest.mark.parametrize("spoilt", [JOURNAL, REQUEST])
@given(damage=damages("cut", "byte", "line", "newline"))
@settings(max_examples=40)
def test_whatever_becomes_of_a_file_story_and_result_are_those_of_what_was_written_or_refused(
    tmp_path_factory: pytest.TempPathFactory, files: dict[str, bytes], spoilt: str, damage: Damage
) -> None:
    folder = tmp_path_factory.mktemp("run")
    for name, content in files.items():
        (folder / name).write_bytes(damage.done_to(content) if name == spoilt else content)
    kept = min((folder / JOURNAL).read_bytes().count(b"\n"), len(TRAINING))
    whole = run_folder(folder / "kept", TRAINING[:kept])
    for read in (story, result_of):
        one, complaint = tried(lambda read=read: read(folder))  # type: ignore[misc]
        two = read(whole)
        if one is None:
            assert "damaged" in complaint
        elif isinstance(one, Story):
            assert [sentence for _, sentence in one.history] == [sentence for _, sentence in two.history]  # type: ignore[union-attr]
        else:
            own = {"run", "duration_s", "reason", "ended"}
            assert {k: v for k, v in one.items() if k not in own} == {k: v for k, v in two.items() if k not in own}


def test_what_is_no_run_has_no_story(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="is no run folder"):
        story(tmp_path)
