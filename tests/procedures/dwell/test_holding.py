"""Junctions are held as planned, every sample is recorded, and dwell times are those of the simulated junctions."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from instruments.simulated.junction import JunctionModel
from mtjlab.bench import Bench
from mtjlab.benches import open_bench
from mtjlab.config import PlanConfig, SimulatedBenchConfig, SweepSettings, read_bench
from mtjlab.domain import JunctionState
from mtjlab.errors import BenchFaultError, LimitExceededError, RefusedError, StopRequestedError
from mtjlab.events import ControlsPlanned, Event, JunctionsMeasured, ResetVerified, SweepPoint, to_json
from mtjlab.events.codec import decoded
from mtjlab.procedures.dwell.events import DwellsMeasured, DwellTime, HoldsPlanned, JunctionsHeld
from mtjlab.procedures.dwell.plan import DwellPlan
from mtjlab.procedures.dwell.procedure import dwell
from tests.support.equipment import drive, with_simulation
from tests.support.wired import wired_bench, wired_config

TELEGRAPH = read_bench(Path(__file__).parents[3] / "configs" / "telegraph.toml")
UP_UA, DOWN_UA, SPREAD_UA = 110.0, 90.0, 4.3
CONFIG = PlanConfig()
OWN = (HoldsPlanned, JunctionsHeld)


def bench_of(config: object = TELEGRAPH, seed: int = 0) -> Bench:
    return open_bench(config, seed)  # type: ignore[arg-type]


def holding(bench: Bench, taken: Sequence[Event] = (), **options: object) -> list[Event]:
    plan = DwellPlan.model_validate({"for_s": 60.0, **options})
    return list(dwell(bench, CONFIG, plan, taken_over=taken))


def held_in(events: Sequence[Event]) -> list[JunctionsHeld]:
    return [event for event in events if isinstance(event, JunctionsHeld)]


def planned_in(events: Sequence[Event]) -> HoldsPlanned:
    (planned,) = [event for event in events if isinstance(event, HoldsPlanned)]
    return planned


def found_in(events: Sequence[Event]) -> tuple[DwellTime, ...]:
    last = events[-1]
    assert isinstance(last, DwellsMeasured)
    return last.dwells


def truth_s(state: JunctionState, current_ua: float, up_ua: float = UP_UA, down_ua: float = DOWN_UA) -> float:
    """Laws of the simulated junctions, unknown to the procedures."""
    model = JunctionModel(critical_current_up_a=up_ua * 1e-6, critical_current_down_a=down_ua * 1e-6)
    return 1.0 / model.switching_law().rate_per_s(state.value, current_ua * 1e-6)


@pytest.fixture(scope="module")
def hopping() -> list[Event]:
    """The supplied telegraph bench with its defaults, for a minute."""
    return holding(bench_of())


class TestJunctionsThatHop:
    def test_are_held_in_the_middle_of_their_loops(self, hopping: list[Event]) -> None:
        assert planned_in(hopping).controls_ua == (100.0, 100.0, 100.0)
        assert planned_in(hopping).inputs_ua == (0.0,)
        assert not planned_in(hopping).resets
        assert {event.reading.currents_ua for event in held_in(hopping)} == {(100.0, 100.0, 100.0)}

    def test_have_the_mean_dwells_of_the_law(self, hopping: list[Event]) -> None:
        dwells = found_in(hopping)
        assert [(one.junction, str(one.state)) for one in dwells] == [(k, s) for k in range(3) for s in ("AP", "P")]
        for one in dwells:
            assert one.n > 10
            assert one.low_s is not None
            assert one.high_s is not None
            assert one.low_s < truth_s(one.state, one.current_ua) < one.high_s

    def test_are_read_continuously_and_every_sample_is_recorded(self, hopping: list[Event]) -> None:
        held = held_in(hopping)
        assert sum(event.held_s for event in held) == pytest.approx(60.0)
        assert sum(len(event.reading.samples_mv) for event in held) == 60.0 / 0.02
        assert all(before.reading.t_s == after.began_s for before, after in pairwise(held))
        assert {event.hold for event in held} == {0}

    def test_are_recorded_in_events_of_bounded_size(self, hopping: list[Event]) -> None:
        assert max(len(event.reading.samples_mv) for event in held_in(hopping)) == 100
        assert max(len(to_json(event)) for event in hopping) < 5000

    def test_are_planned_before_anything_moves(self, hopping: list[Event]) -> None:
        kinds = [type(event) for event in hopping if not isinstance(event, SweepPoint)]
        assert kinds[:4] == [ControlsPlanned, JunctionsMeasured, HoldsPlanned, ControlsPlanned]
        assert set(kinds[4:-1]) == {JunctionsHeld}

    def test_events_are_read_back_as_they_were(self, hopping: list[Event]) -> None:
        for event in hopping:
            assert decoded(type(event), to_json(event)) == event

    def test_leave_the_input_at_zero_and_the_controls_held(self) -> None:
        bench = bench_of()
        holding(bench, for_s=4.0)
        assert bench.input_ua == 0.0
        assert bench.controls_ua == (100.0, 100.0, 100.0)


class TestSeveralInputs:
    def test_are_held_in_turn_for_the_same_time(self) -> None:
        events = holding(bench_of(), controls_ua=(90.0, 95.0, 100.0), inputs_ua=(0.0, 5.0), for_s=20.0)
        held = held_in(events)
        assert [event.series for event in held] == [0] * 10 + [1] * 10
        assert {event.reading.currents_ua for event in held} == {(90.0, 95.0, 100.0), (95.0, 100.0, 105.0)}
        assert len(found_in(events)) == 12


@pytest.fixture(scope="module")
def switching() -> list[Event]:
    """The paper's chip with the defaults."""
    return holding(bench_of(SimulatedBenchConfig(), seed=3), for_s=40.0)


class TestJunctionsThatDoNotHop:
    def test_are_confirmed_reset_before_each_hold(self, switching: list[Event]) -> None:
        assert planned_in(switching).resets
        holds = {event.hold for event in held_in(switching)}
        assert len([event for event in switching if isinstance(event, ResetVerified)]) == len(holds) > 5

    def test_switch_after_about_a_second_and_never_back(self, switching: list[Event]) -> None:
        up_ua, down_ua = (224.0, -66.0, 196.0), (-57.0, -347.0, -85.0)
        for one in found_in(switching):
            if one.state is JunctionState.AP:
                assert one.n > 3
                assert one.low_s is not None
                assert one.high_s is not None
                there_s = truth_s(one.state, one.current_ua, up_ua[one.junction], down_ua[one.junction])
                assert one.low_s < there_s < one.high_s
                assert 0.1 < there_s < 10.0
            else:
                assert (one.n, one.mean_s) == (0, None)

    def test_a_hold_ends_when_all_have_switched_or_after_the_longest_time(self, switching: list[Event]) -> None:
        lasts = [before for before, after in pairwise(held_in(switching)) if before.hold != after.hold]
        for last in lasts:
            has_switched = all(last.states(k)[-1] is JunctionState.P for k in range(3))
            assert has_switched != (last.reading.t_s - (last.reset_s or 0.0) >= 10.0)

    def test_the_time_from_the_input_to_the_first_sample_counts(self, switching: list[Event]) -> None:
        first = held_in(switching)[0]
        assert first.reset_s is not None
        assert first.began_s - first.reset_s == pytest.approx(0.01)  # settling

    def test_a_hold_is_not_longer_than_planned(self) -> None:
        events = holding(
            bench_of(SimulatedBenchConfig()),
            controls_ua=(-500.0,) * 3,
            inputs_ua=(600.0,),
            way="reset",
            for_s=3.0,
            longest_s=1.0,
        )
        assert {event.hold for event in held_in(events)} == {0, 1, 2}


class TestPlan:
    def test_an_input_with_reset_junctions_means_holds_after_resets(self) -> None:
        options = {"controls_ua": (-500.0,) * 3, "inputs_ua": (600.0,), "for_s": 2.0}
        assert planned_in(holding(bench_of(SimulatedBenchConfig()), **options)).resets
        assert not planned_in(holding(bench_of(SimulatedBenchConfig()), **options, way="hold")).resets

    def test_nothing_is_written_outside_the_limits(self) -> None:
        bench = bench_of()
        procedure = dwell(bench, CONFIG, DwellPlan(controls_ua=(700.0, 100.0, 100.0), inputs_ua=(100.0,)))
        events: list[Event] = []
        with pytest.raises(LimitExceededError, match="J1"):
            events.extend(procedure)
        assert not held_in(events)
        assert bench.controls_ua == (-500.0, -500.0, -500.0)

    def test_a_junction_without_current_is_read_but_not_judged(self) -> None:
        events = holding(bench_of(), controls_ua=(100.0, 3.0, 100.0), for_s=4.0)
        assert "J2 cannot be told apart" in planned_in(events).sentence
        assert {one.junction for one in found_in(events)} == {0, 2}
        assert len(held_in(events)[0].reading.samples_mv[0]) == 3

    def test_a_hold_without_distinguishable_junctions_is_refused(self) -> None:
        with pytest.raises(RefusedError, match="cannot be distinguished for any junction"):
            holding(bench_of(), controls_ua=(3.0, 3.0, 3.0))

    def test_resets_impossible_with_an_input_are_refused(self) -> None:
        with pytest.raises(RefusedError, match="inputs_ua of at least 320 uA"):
            holding(bench_of(SimulatedBenchConfig()), way="reset", inputs_ua=(50.0,))

    def test_where_an_input_allows_no_resets_auto_holds(self) -> None:
        events = holding(bench_of(SimulatedBenchConfig()), inputs_ua=(50.0,), for_s=2.0)
        assert not planned_in(events).resets
        assert found_in(events)

    @pytest.mark.parametrize(
        "options", [{"way": "reset", "controls_ua": (-500.0,)}, {"inputs_ua": (1.0, 1.0)}, {"for_s": 0.0}]
    )
    def test_invalid_plans_are_refused(self, options: dict[str, object]) -> None:
        with pytest.raises(ValueError, match=r"inputs_ua|for_s"):
            DwellPlan.model_validate(options)


class TestInterrupted:
    @pytest.mark.parametrize("bench", [TELEGRAPH, SimulatedBenchConfig()], ids=["hopping", "switching"])
    @pytest.mark.parametrize("after", [1, 4])
    def test_continues_at_the_same_currents_with_the_earlier_data(
        self, bench: SimulatedBenchConfig, after: int
    ) -> None:
        whole = holding(bench_of(bench), for_s=10.0)
        place = [n for n, event in enumerate(whole) if isinstance(event, JunctionsHeld)][after]
        taken = [event for event in whole[:place] if isinstance(event, OWN)]
        child = holding(bench_of(bench, seed=1), taken, for_s=10.0)
        together = held_in(taken) + held_in(child)
        assert not [event for event in child if isinstance(event, HoldsPlanned)]
        assert len({event.reading.currents_ua for event in together}) == 1
        assert sum(event.held_s for event in together) == pytest.approx(10.0)
        assert {event.hold for event in held_in(taken)}.isdisjoint({event.hold for event in held_in(child)})
        last = child[-1]
        assert isinstance(last, DwellsMeasured)
        assert last.readings == 500

    @pytest.mark.parametrize("bench", [TELEGRAPH, SimulatedBenchConfig()], ids=["hopping", "switching"])
    def test_a_journal_that_lost_the_plan_continues_at_the_same_currents(self, bench: SimulatedBenchConfig) -> None:
        whole = holding(bench_of(bench), for_s=10.0)
        taken = held_in(whole)[:5]
        child = holding(bench_of(bench, seed=1), taken, for_s=10.0)
        planned, held = planned_in(child), held_in([*taken, *child])
        assert (planned.controls_ua, planned.inputs_ua) == (planned_in(whole).controls_ua, planned_in(whole).inputs_ua)
        assert planned.resets == planned_in(whole).resets
        assert sum(event.held_s for event in held) == pytest.approx(10.0)

    def test_nothing_is_held_again_if_all_was_complete(self) -> None:
        taken = [event for event in holding(bench_of(), for_s=6.0) if isinstance(event, OWN)]
        child = holding(bench_of(seed=1), taken, for_s=6.0)
        assert not held_in(child)
        assert found_in(child)

    def test_it_can_be_stopped_at_each_yield(self) -> None:
        procedure = dwell(bench_of(), CONFIG, DwellPlan(for_s=10.0))
        for event in procedure:
            if isinstance(event, JunctionsHeld):
                break
        with pytest.raises(StopRequestedError):
            procedure.throw(StopRequestedError("somebody"))


def test_a_junction_that_is_at_neither_level_ends_the_run() -> None:
    bench = bench_of()
    read = bench.read

    def shorted(samples: int) -> object:
        reading = read(samples)
        return replace(reading, samples_mv=tuple((a, 0.1, c) for a, _, c in reading.samples_mv))

    procedure = dwell(bench, CONFIG, DwellPlan(for_s=10.0))
    assert next(event for event in procedure if isinstance(event, HoldsPlanned))
    bench.read = shorted  # type: ignore[method-assign,assignment]
    recorded: list[Event] = []
    with pytest.raises(BenchFaultError, match=r"J2 reads 0\.1 mV at 100 uA"):
        recorded.extend(procedure)
    assert held_in(recorded)


@pytest.mark.parametrize("file", ["keithley-6221-2182a.toml", "keithley-2400.toml"])
def test_the_results_are_the_same_with_the_real_drivers(file: str) -> None:
    truth = {"critical_current_ap_to_p_ua": (UP_UA,) * 3, "critical_current_p_to_ap_ua": (DOWN_UA,) * 3}
    bench = wired_bench(with_simulation(wired_config(file), **truth))
    config = CONFIG.model_copy(update={"sweep": SweepSettings(input_stop_ua=750.0, repetitions=2)})
    events, found = drive(dwell(bench, config, DwellPlan(controls_ua=(100.0,) * 3, way="hold", for_s=40.0)))
    assert {event.reading.currents_ua for event in held_in(events)} == {(100.0,) * 3}
    for one in found.dwells:
        assert one.n > 5
        assert one.low_s < truth_s(one.state, 100.0) < one.high_s
