"""A disk that is full in the middle of a training: safe, said, everything before it kept, and gone on with."""

import errno
import os
from pathlib import Path

import pytest

from instruments.simulated.log_reading import safe_since_s
from mtjlab import experiment
from mtjlab.benches.simulators import LOG
from mtjlab.events import Presented, RunEnded, WentSafe
from mtjlab.experiment import DEFAULT_BENCH
from mtjlab.reading import read_events
from mtjlab.run_status import status_report
from mtjlab.store import JOURNAL
from tests.support.asking import TrainingRequest, prepare_training
from tests.support.commands import ACROSS
from tests.support.small_disk import small_disk
from tests.support.trainings import write_plan


@pytest.mark.parametrize(("bench", "steps"), [(DEFAULT_BENCH, 80), (ACROSS, 50)], ids=["in process", "over TCP"])
def test_a_full_disk_ends_a_training_safe_and_it_goes_on_when_there_is_room(
    tmp_path: Path, bench: Path, steps: int
) -> None:
    """Simulated instruments log on the same disk, and fill it much faster."""
    over_tcp = bench == ACROSS
    speed = 1000 if over_tcp else None
    request = TrainingRequest(bench, write_plan(tmp_path, steps), simulate=over_tcp, speed=speed)
    with small_disk(tmp_path / "small", "1m") as disk:
        run = experiment.execute(prepare_training(request), disk.folder)
        events = list(read_events(run.folder))
        assert run.ended.status == status_report(run.folder).status == "failed"
        assert f"{run.folder / JOURNAL}: can no longer be written ({os.strerror(errno.ENOSPC)})" in run.ended.reason
        assert "Make room, then continue with `mtjlab resume`" in run.ended.reason
        assert any(isinstance(event, Presented) for event in events)
        assert isinstance(events[-2], WentSafe)
        assert events[-1] == run.ended
        if request.simulate:
            assert safe_since_s(run.folder / LOG) is not None

        disk.make_room()
        resumed = experiment.execute(experiment.prepare_resume(run.folder), disk.folder)
        assert resumed.ended == RunEnded("finished", "")
        assert experiment.result_of(resumed.folder)["steps"] == steps
