"""A map over simulated instruments on TCP, a guardian beside them, stopped half-way and continued."""

from pathlib import Path

import tomli_w

from mtjlab.events import Event, Presented
from mtjlab.experiment import Request, execute, prepare_resume, result_of
from mtjlab.reading import read_events
from mtjlab.store import STOP
from tests.support.asking import MeasuringRequest, prepare_measuring
from tests.support.commands import ACROSS
from tests.support.tiny_measurements import map_asked

SPEED = 200.0


def test_one_that_was_stopped_half_way_keeps_what_was_measured_and_is_continued(tmp_path: Path) -> None:
    plan, shown = tmp_path / "plan.toml", []
    plan.write_text(tomli_w.dumps({"sweep": {"input_step_ua": 25.0, "repetitions": 1}}), encoding="utf-8")

    def stop_at_the_third(event: Event) -> None:
        shown.extend([event] if isinstance(event, Presented) else [])
        if len(shown) == 3:
            next(tmp_path.glob("*/*/events.jsonl")).with_name(STOP).touch()

    request = MeasuringRequest(ACROSS, plan, simulate=True, speed=SPEED)
    asked = map_asked("raster")
    stopped = execute(prepare_measuring(request, asked), tmp_path, [stop_at_the_third])
    told = result_of(stopped.folder)
    assert (told["status"], told["safe"], told["presentations"], told["series"]) == ("stopped", True, 3, [])
    prepared = prepare_resume(stopped.folder)
    assert isinstance(prepared, Request)
    child = execute(prepared, tmp_path).folder
    told = result_of(child)
    assert (told["status"], told["safe"], told["presentations"], len(told["series"])) == ("finished", True, 8, 2)
    presented = [event.token.name for event in read_events(child) if isinstance(event, Presented)]
    assert len(set(presented)) == len(presented) == 5
    assert not {one.token.name for one in shown} & set(presented)
