"""Trainings by pulses over TCP, in both modes of control currents, judged at every instant by the simulators' log."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import pytest

from instruments.simulated.log_reading import flows
from mtjlab.bench import Bench
from mtjlab.benches.simulators import LOG
from mtjlab.config import (
    EncodingSettings,
    PlanConfig,
    PresentationSettings,
    SweepSettings,
    TrainingSettings,
    read_bench,
)
from mtjlab.domain import GivenPulse, PerJunction, junction_currents_ua, source_currents_ua
from mtjlab.events import ControlsPlanned, Event, Presented, PulsePlanned, RestPlanned
from mtjlab.procedures.safe import connect, go_safe
from mtjlab.procedures.training.procedure import TrainingPlan, train
from mtjlab.reading import read_events
from mtjlab.transitions import Transition, junction_currents_on_the_way_ua
from mtjlab.vowels.splits import split
from tests.support.engines import BENCH, engine
from tests.support.equipment import equipped_bench, with_simulation
from tests.support.trainings import DATA

SPEED = 5.0
WIDTH_S = 0.3
"""60 ms of the clock: many times as long as a source needs to be set, also by a busy computer."""
ROUNDING_UA = 0.15
"""A 6221 has steps of 0.1 uA in its 2 mA range, and junction 3 carries the sum of three sources."""
UP_UA, DOWN_UA = (224.0, -66.0, 196.0), (-57.0, -347.0, -85.0)


@dataclass(frozen=True)
class Change:
    """A change that was asked for: when it began by the clock of this machine, and all that may flow from then on."""

    at_s: float
    low_ua: PerJunction
    high_ua: PerJunction
    is_pulse: bool


def change(at_s: float, rows_ua: Iterable[PerJunction], is_pulse: bool = False) -> Change:
    columns = list(zip(*rows_ua, strict=True))
    return Change(at_s, tuple(map(min, columns)), tuple(map(max, columns)), is_pulse)


def raised(row_ua: PerJunction, input_ua: float) -> PerJunction:
    return tuple(current + input_ua for current in row_ua)


def way(*transitions: Transition) -> list[PerJunction]:
    ends = [junction_currents_ua(one.start_ua) for one in transitions]
    return [*ends, *(row for one in transitions for row in junction_currents_on_the_way_ua(one))]


class Witness:
    """Notes every change that is asked of a bench, and passes it on."""

    def __init__(self, bench: Bench) -> None:
        self.changes: list[Change] = []
        execute, apply, pulse, with_controls = bench.execute, bench.apply, bench.pulse, bench.pulse_with_controls

        def noted(rows_ua: list[PerJunction], is_pulse: bool = False) -> None:
            self.changes.append(change(monotonic(), rows_ua, is_pulse))

        def executed(transition: Transition) -> None:
            noted(way(transition))
            execute(transition)

        def applied(input_ua: float) -> None:
            noted([bench.currents_ua, raised(bench.controls_ua, input_ua)])
            apply(input_ua)

        def pulsed(input_ua: float, width_s: float) -> GivenPulse:
            noted([bench.controls_ua, raised(bench.controls_ua, input_ua)], is_pulse=True)
            return pulse(input_ua, width_s)

        def pulsed_with_controls(
            there: Transition, back: Transition, input_ua: float, width_s: float
        ) -> tuple[GivenPulse, float]:
            rows_ua = way(there, back)
            noted([*rows_ua, raised(junction_currents_ua(there.target_ua), input_ua)], is_pulse=True)
            return with_controls(there, back, input_ua, width_s)

        bench.execute, bench.apply, bench.pulse = executed, applied, pulsed  # type: ignore[method-assign]
        bench.pulse_with_controls = pulsed_with_controls  # type: ignore[method-assign]


@pytest.mark.parametrize("control", ["held", "pulsed"])
def test_no_junction_carries_what_the_plan_does_not_ask_or_leaves_its_loop_between_pulses(
    tmp_path: Path, control: str
) -> None:
    config = with_simulation(read_bench(BENCH), speed=SPEED)
    plan = PlanConfig(
        sweep=SweepSettings(input_step_ua=15, repetitions=2),
        encoding=EncodingSettings(boundary_spacing_ua=60.0),
        presentation=PresentationSettings(mode="pulse", width_s=WIDTH_S, reset_s=0.3, control=control),  # type: ignore[arg-type]
        training=TrainingSettings(steps=2, recognition_every_steps=0),
    )
    with equipped_bench(config, tmp_path) as bench:
        witness = Witness(bench)
        list(connect(bench))
        events = list(train(bench, TrainingPlan(plan, DATA, split(DATA, 0))))
        witness.changes.append(change(monotonic(), [bench.currents_ua, (0.0,) * 3, lowest_to_zero(bench.currents_ua)]))
        list(go_safe(bench))
    presented = [event for event in events if isinstance(event, Presented)]
    assert len({one.token.name for one in presented}) >= 3
    applied_s = [one.pulse.controls_s for event in presented for one in event.outcomes if one.pulse]
    assert any(applied_s) == (control == "pulsed")
    judged = judge(tmp_path / LOG, witness.changes)
    assert judged > 500
    *_, last = flows(tmp_path / LOG)
    assert last.junctions_a == (0.0, 0.0, 0.0)


def lowest_to_zero(currents_ua: PerJunction) -> PerJunction:
    """What is lowest on the way to zero: sources that fall are set first."""
    return junction_currents_ua([min(0.0, one) for one in source_currents_ua(currents_ua, 0.0)])


def judge(log: Path, changes: list[Change]) -> int:
    """How many currents were judged, of which none was outside what was asked for, or at rest outside its loop."""
    begun_s, judged = [one.at_s for one in changes], 0
    first_pulse = next(k for k, one in enumerate(changes) if one.is_pulse)
    for flow in flows(log):
        index = bisect_right(begun_s, flow.at_s) - 1
        if index < 0:
            assert flow.junctions_a == (0.0, 0.0, 0.0), "before anything was asked for"
            continue
        asked = changes[index]
        for k, flowing_a in enumerate(flow.junctions_a):
            flowing_ua = flowing_a * 1e6
            assert asked.low_ua[k] - ROUNDING_UA <= flowing_ua <= asked.high_ua[k] + ROUNDING_UA, (k, asked)
            if first_pulse <= index < len(changes) - 1 and not asked.is_pulse:
                assert DOWN_UA[k] + 15.0 < flowing_ua < UP_UA[k] - 15.0, (k, asked)
            judged += 1
    return judged


PLAN = """
[sweep]
input_step_ua = 15
repetitions = 2

[encoding]
boundary_spacing_ua = 60

[presentation]
mode = "pulse"
width_s = 0.9
reset_s = 0.5
control = "{control}"

[training]
recognition_every_steps = 0
"""


@pytest.mark.parametrize("control", ["held", "pulsed"])
def test_an_engine_that_is_killed_in_a_pulse_leaves_zero_and_nothing_that_was_not_planned(
    tmp_path: Path, control: str
) -> None:
    with engine(tmp_path, plan=PLAN.format(control=control), speed=SPEED) as running:
        running.wait_until(lambda: running.count("presented") > 0 and running.says("pulse-planned"))
        running.process.kill()
        running.process.wait()
        running.safe_after_s(monotonic())
        events = list(read_events(running.run))
        allowed = change(0.0, [(0.0,) * 3, *planned_ua(events)])
        for flow in flows(running.log):
            for k, flowing_a in enumerate(flow.junctions_a):
                assert allowed.low_ua[k] - ROUNDING_UA <= flowing_a * 1e6 <= allowed.high_ua[k] + ROUNDING_UA
        assert flow.junctions_a == (0.0, 0.0, 0.0)


def planned_ua(events: Iterable[Event]) -> Iterable[PerJunction]:
    """All junction currents that a journal plans: on ways, in pulses at their control currents, and in the sweep."""
    rows_ua: tuple[PerJunction, ...] = ()
    rest_ua: PerJunction = ()
    for event in events:
        match event:
            case ControlsPlanned():
                yield from way(*event.transitions)
                if not rest_ua:
                    yield from (raised(row, 900.0) for row in event.controls.by_input_ua)
                rows_ua = event.controls.by_input_ua
            case RestPlanned():
                rest_ua = event.currents_ua
                yield lowest_to_zero(rest_ua)
            case PulsePlanned():
                base_ua = rest_ua if event.purpose == "reset" else rows_ua[event.series]
                yield raised(base_ua, event.pulse_ua)
