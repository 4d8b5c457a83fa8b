"""A disk that is full in the middle of a training: safe, said, everything before it kept, and gone on with."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from commands import ACROSS
from small_disk import small_disk

from instruments.simulated.log_reading import safe_since_s
from mtjlab import experiment
from mtjlab.benches.simulators import LOG
from mtjlab.events import Presented, RunEnded, WentSafe
from mtjlab.experiment import TrainingRequest
from mtjlab.store import JOURNAL, read_events

PLAN = """
[sweep]
repetitions = 1
input_step_ua = 10

[training]
recognition_every_steps = 0
"""


@dataclass(frozen=True)
class Door:
    """A bench, and steps that are too many for the disk; simulated instruments log on it, too."""

    bench: Path
    size: str
    steps: int


DOORS = {
    "in process": Door(experiment.DEFAULT_BENCH, "1m", 200),
    "over TCP": Door(ACROSS, "1500k", 40),
}


@pytest.mark.parametrize("name", DOORS)
def test_a_full_disk_ends_a_training_safe_and_it_goes_on_when_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    door, plan = DOORS[name], tmp_path / "plan.toml"
    plan.write_text(PLAN, encoding="utf-8")
    monkeypatch.setenv("MTJLAB_VOWELS", "")
    request = TrainingRequest(door.bench, plan, steps=door.steps, simulate=name == "over TCP", speed=1000)
    with small_disk(tmp_path / "small", door.size) as disk:
        run = experiment.run_training(experiment.prepare_training(request), disk.folder)
        events = list(read_events(run.folder))
        assert run.ended.status == experiment.standing(run.folder).status == "failed"
        assert f"{run.folder / JOURNAL}: cannot be written any more (No space left on device)" in run.ended.reason
        assert "Make room, then go on with `mtjlab resume`" in run.ended.reason
        assert sum(isinstance(event, Presented) for event in events) > 0
        assert isinstance(events[-2], WentSafe)
        assert events[-1] == run.ended
        if request.simulate:
            assert safe_since_s(run.folder / LOG) is not None

        disk.make_room()
        resumed = experiment.run_training(experiment.prepare_resume(run.folder), disk.folder)
        assert resumed.ended == RunEnded("finished", "")
        assert experiment.summary(resumed.folder)["steps"] == door.steps
