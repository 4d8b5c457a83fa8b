"""A measurement against the field, in process: what it finds, how it moves the field, how it is interrupted."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import pytest
from pydantic import ValidationError

from mtjlab.bench import Bench
from mtjlab.benches.factory import open_equipment
from mtjlab.config import PlanConfig, SimulatedBenchConfig, SweepSettings
from mtjlab.domain import FieldReport
from mtjlab.errors import BenchFaultError, LimitExceededError
from mtjlab.events import CurveTaken, Event, FieldPlanned, SeriesMeasured, SwitchingMeasured
from mtjlab.procedures.field.events import LoopPoint, LoopsMeasured, SeriesInField, WorkingPointChosen
from mtjlab.procedures.field.kind import FieldKind
from mtjlab.procedures.field.plan import FieldOptions, FieldPlan
from mtjlab.procedures.field.procedure import measure_field
from mtjlab.procedures.field.state import FieldState
from mtjlab.procedures.handing_over import hand_over
from mtjlab.rack import MagneticField
from tests.analysis.field_chip import magnet_bench, true_fields_mt

CONFIG = PlanConfig(sweep=SweepSettings(input_step_ua=25.0, repetitions=1))
ROW_UA = (-500.0, -500.0, -500.0)


def plan(**asked: object) -> FieldPlan:
    values = {
        "loops": 4,
        "from_mt": -16.0,
        "to_mt": 20.0,
        "field_step_mt": 1.0,
        "fields_mt": (3.0, 6.0, 9.0),
        "controls_ua": ROW_UA,
        "staircase": SweepSettings(input_step_ua=15.0, repetitions=2),
        "critical_inputs_ua": (40.0, 860.0),
    }
    return FieldPlan(**{**values, **asked})  # type: ignore[arg-type]


def equipment(config: SimulatedBenchConfig, seed: int = 1) -> tuple[Bench, MagneticField]:
    opened = open_equipment(config, seed)
    assert opened.field is not None
    opened.bench.connect()
    opened.field.switch_on()
    opened.bench.switch_on()
    return opened.bench, opened.field


def events_of(asked: FieldPlan, seed: int = 1, taken_over: Sequence[Event] = (), **truth: object) -> list[Event]:
    return list(measure_field(*equipment(magnet_bench(**truth), seed), CONFIG, asked, None, taken_over))


def folded(events: Sequence[Event]) -> FieldState:
    state = FieldState()
    for event in events:
        state.take(event)
    return state


@pytest.fixture(scope="module")
def events() -> list[Event]:
    return events_of(plan())


def test_loops_and_slopes_agree_with_the_chip(events: list[Event]) -> None:
    config, state = magnet_bench(), folded(events)
    for k, one in enumerate(state.loops()):
        up_mt, down_mt = true_fields_mt(config, k, one.ramp_mt_per_s)
        assert one.coercive_mt is not None
        assert one.shift_mt is not None
        assert one.coercive_mt.low <= (up_mt - down_mt) / 2 <= one.coercive_mt.high
        assert one.shift_mt.low <= (up_mt + down_mt) / 2 <= one.shift_mt.high
    for slope in state.slopes():
        assert slope.shift_ua_per_mt is not None
        assert slope.shift_ua_per_mt.low <= config.simulation.critical_shift_ua_per_mt <= slope.shift_ua_per_mt.high


def test_the_working_point_is_chosen_last_and_says_why(events: list[Event]) -> None:
    chosen = events[-1]
    assert isinstance(chosen, WorkingPointChosen)
    assert chosen.point is not None
    assert chosen.point.field_mt == pytest.approx(5.4, abs=0.6)
    assert chosen.point.is_possible
    assert "reset of J2" in chosen.sentence


def test_the_field_moves_only_at_the_probing_current_or_without_any(events: list[Event]) -> None:
    moves = [event for event in events if isinstance(event, FieldPlanned)]
    assert {move.most_ua for move in moves} == {0.0, 20.0}
    assert all(abs(current_ua) <= move.most_ua for move in moves for current_ua in move.currents_ua)


def test_each_move_is_journalled_before_it_happens() -> None:
    bench, field = equipment(magnet_bench())
    driven: list[float] = []

    class Watched:
        largest_mt, ramp_mt_per_s, read = field.largest_mt, field.ramp_mt_per_s, field.read

        def set_mt(self, field_mt: float) -> FieldReport:
            driven.append(field_mt)
            return field.set_mt(field_mt)

    planned: list[float] = []
    for event in measure_field(bench, Watched(), CONFIG, plan(loops=2, measure="loops")):  # type: ignore[arg-type]
        if isinstance(event, FieldPlanned):
            planned.append(event.to_mt)
            assert len(planned) == len(driven) + 1
    assert planned == driven


def test_loops_take_the_probing_currents_in_turn_and_go_up_and_down(events: list[Event]) -> None:
    points = [event for event in events if isinstance(event, LoopPoint)]
    assert [
        points[loop * 74].reading.currents_ua[0] for loop in range(4)
    ] == [20.0, -20.0, 20.0, -20.0]  # fmt: skip
    for loop in range(4):
        fields_mt = [point.field_mt for point in points if point.loop == loop and point.rising]
        assert all(low < high for low, high in pairwise(fields_mt))


def test_the_field_ends_where_it_began() -> None:
    bench, field = equipment(magnet_bench())
    list(measure_field(bench, field, CONFIG, plan(loops=2)))
    assert field.read().supply_mt == 6.0


def test_a_field_in_which_junctions_do_not_reset_is_left_out_and_said() -> None:
    events = events_of(plan(measure="sweeps", fields_mt=(6.0, 12.0, 16.0, 8.0)))
    skipped = [event for event in events if isinstance(event, SeriesInField) and event.skipped]
    assert [event.series for event in skipped] == [2]
    assert "Not reset" in skipped[0].skipped
    state = folded(events)
    assert [bool(one.up) for one in state.series()] == [True, True, False, True]
    assert all(slope.shift_ua_per_mt is not None for slope in state.slopes())


def interrupted(events: Sequence[Event], after: int) -> tuple[Event, ...]:
    return hand_over("parent", enumerate(events[:after]), FieldKind()).events


def stops(events: Sequence[Event]) -> Iterator[int]:
    """In a loop, between two, after all, in the first field, in the last."""
    points = [n for n, event in enumerate(events) if isinstance(event, LoopPoint)]
    yield from (points[90], points[147] + 1)
    yield next(n for n, event in enumerate(events) if isinstance(event, LoopsMeasured)) + 1
    curves = [n for n, event in enumerate(events) if isinstance(event, CurveTaken)]
    yield from (curves[0] + 1, curves[-1] - 5)
    yield next(n for n, event in enumerate(events) if isinstance(event, SwitchingMeasured)) + 1


@pytest.mark.parametrize("place", range(6))
def test_a_resumed_run_repeats_only_what_was_not_complete(events: list[Event], place: int) -> None:
    taken = interrupted(events, list(stops(events))[place])
    again = events_of(plan(), seed=2, taken_over=taken)
    state = folded([*taken, *again])
    assert state.complete_loops == (0, 1, 2, 3)
    points = sum(isinstance(event, LoopPoint) for event in (*taken, *again))
    assert points == 4 * 74
    curves = {(event.series, event.repetition) for event in (*taken, *again) if isinstance(event, CurveTaken)}
    assert len(curves) == 6
    assert isinstance(again[-1], WorkingPointChosen)


def test_a_junction_whose_loop_is_not_seen_does_not_end_the_run() -> None:
    events = events_of(plan(from_mt=-8.0, measure="loops"))
    measured = next(event for event in events if isinstance(event, LoopsMeasured))
    reasons = [one.reason for one in measured.loops]
    assert [bool(reason) for reason in reasons] == [False, True, False]
    assert "Sweep farther" in measured.sentence


def test_a_field_that_is_not_reached_ends_the_run() -> None:
    bench, field = equipment(magnet_bench())

    class Stuck:
        largest_mt, ramp_mt_per_s, read = field.largest_mt, field.ramp_mt_per_s, field.read

        def set_mt(self, field_mt: float) -> FieldReport:
            raise BenchFaultError("the supply does not reach it")

    with pytest.raises(BenchFaultError, match="does not reach"):
        list(measure_field(bench, Stuck(), CONFIG, plan()))  # type: ignore[arg-type]


def test_beyond_the_magnet_nothing_is_set() -> None:
    with pytest.raises(LimitExceededError):
        events_of(plan(to_mt=40.0))


@pytest.mark.parametrize(
    "asked",
    [
        {"probe_ua": ()},
        {"probe_ua": (20.0, 20.0)},
        {"loops": 1},
        {"loops": 0},
        {"fields_mt": (6.0,)},
        {"fields_mt": (6.0, 6.0)},
        {"from_mt": 5.0, "to_mt": 4.0},
        {"critical_inputs_ua": (600.0, 300.0)},
    ],
)
def test_what_cannot_be_measured_is_refused(asked: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        FieldOptions(**asked)  # type: ignore[arg-type]


def test_series_keep_their_numbers_where_one_has_no_curves() -> None:
    state = folded(events_of(plan(measure="sweeps", fields_mt=(16.0, 6.0, 8.0))))
    assert state.series()[0] == SeriesMeasured((), (), ())
    assert [state.fields_mt[n] == pytest.approx(mt, abs=0.05) for n, mt in enumerate((16.0, 6.0, 8.0))] == [True] * 3
