"""Maps over simulated instruments on TCP, a guardian beside them: in each way; one stopped half-way is continued."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import tomli_w
from commands import ACROSS
from equipment import equipped_bench, with_simulation
from tiny_measurements import CONFIG, ONCE, SECOND_UA, START_UA, estimated, map_asked

from mtjlab.bench import Bench
from mtjlab.config import read_bench
from mtjlab.events import Event, JunctionsMeasured, Presented, SwitchingMeasured
from mtjlab.experiment import (
    MeasuringRequest,
    PreparedMeasuring,
    measuring_result,
    prepare_measuring,
    prepare_resume,
    run_measuring,
)
from mtjlab.procedures.connect import connect
from mtjlab.procedures.curves import know_references
from mtjlab.procedures.mapping import switching_map
from mtjlab.store import STOP, read_events

SPEED = 200.0


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """Six instruments of the paper's bench, outputs on."""
    config = with_simulation(read_bench(ACROSS), speed=SPEED)
    with equipped_bench(config, tmp_path_factory.mktemp("bench")) as bench:
        list(connect(bench))
        yield bench
        bench.go_safe()


@pytest.fixture(scope="module")
def measured(bench: Bench) -> JunctionsMeasured:
    last = list(know_references(bench, CONFIG, None))[-1]
    assert isinstance(last, JunctionsMeasured)
    return last


@pytest.mark.parametrize(
    ("way", "asked"),
    [("curves", {"staircase": ONCE}), ("raster", {"times": 1}), ("adaptive", {"width_ua": 150.0})],
)
def test_a_map_is_measured_in_each_way(
    bench: Bench, measured: JunctionsMeasured, way: str, asked: dict[str, object]
) -> None:
    *_, last = switching_map(bench, CONFIG, map_asked(way, **asked), measured)
    assert isinstance(last, SwitchingMeasured)
    assert [series.controls_ua for series in last.series] == [START_UA, SECOND_UA]
    assert last.readings >= 16
    if way != "raster":  # four cells tell little
        j2_ua = [estimated(series.up[1:2])[0].law.mean_ua for series in last.series]
        assert j2_ua == pytest.approx([-66.0, -66.0], abs=80.0)


def test_one_that_was_stopped_half_way_keeps_what_was_measured_and_is_continued(tmp_path: Path) -> None:
    plan, shown = tmp_path / "plan.toml", []
    plan.write_text(tomli_w.dumps({"sweep": {"input_step_ua": 25.0, "repetitions": 1}}), encoding="utf-8")

    def stop_at_the_third(event: Event) -> None:
        shown.extend([event] if isinstance(event, Presented) else [])
        if len(shown) == 3:
            next(tmp_path.glob("*/*/events.jsonl")).with_name(STOP).touch()

    request = MeasuringRequest(ACROSS, plan, simulate=True, speed=SPEED)
    asked = map_asked("raster")
    stopped = run_measuring(prepare_measuring(request, asked), tmp_path, [stop_at_the_third])
    told = measuring_result(stopped.folder)
    assert (told["status"], told["safe"], told["presentations"], told["series"]) == ("stopped", True, 3, [])
    prepared = prepare_resume(stopped.folder)
    assert isinstance(prepared, PreparedMeasuring)
    child = run_measuring(prepared, tmp_path).folder
    told = measuring_result(child)
    assert (told["status"], told["safe"], told["presentations"], len(told["series"])) == ("finished", True, 8, 2)
    presented = [event.token.name for event in read_events(child) if isinstance(event, Presented)]
    assert len(set(presented)) == len(presented) == 5
    assert not {one.token.name for one in shown} & set(presented)
