"""Manual operation: a request is planned, journalled, then carried out; an impossible one is refused."""

from collections.abc import Callable, Iterator, Sequence

import pytest

from mtjlab.bench import Bench
from mtjlab.benches import open_bench
from mtjlab.config import PlanConfig, SimulatedBenchConfig, Simulation, SweepSettings
from mtjlab.domain import Verdict
from mtjlab.errors import BenchFaultError
from mtjlab.events import Event, JunctionsMeasured
from mtjlab.procedures.manual.events import JunctionsRead, RequestPlanned, RequestRefused
from mtjlab.procedures.manual.plan import ManualPlan
from mtjlab.procedures.manual.procedure import manual
from mtjlab.procedures.reference_sweep import reference_sweep
from mtjlab.requests import ManualRequest, ReceivedRequest
from tests.support.trainings import bench_and_chain, bench_and_rack

HOME = ManualRequest(controls_ua=(-500.0, -500.0, -500.0))
SHARP = Simulation(critical_spread_ua=0.5)


def a_bench() -> Bench:
    return open_bench(SimulatedBenchConfig(simulation=SHARP), seed=5)


CONFIG = PlanConfig()


def plan(for_s: float | None = None) -> ManualPlan:
    return ManualPlan(every_s=0.2, for_s=for_s)


def events_of_requests(
    bench: Bench, *requests: Sequence[ManualRequest | str], measured: JunctionsMeasured | None = None
) -> list[Event]:
    """Events of a run that receives each of ``requests`` before one look."""
    numbers = iter(range(1, 100))

    def received(request: ManualRequest | str) -> ReceivedRequest:
        understood = request if isinstance(request, ManualRequest) else None
        return ReceivedRequest(next(numbers), str(request), understood)

    coming: Iterator[Sequence[ManualRequest | str]] = iter(requests)
    running = manual(bench, CONFIG, plan(), lambda: [received(request) for request in next(coming)], measured)
    events: list[Event] = []
    looks = 0
    while looks < len(requests):
        events.append(next(running))
        looks += isinstance(events[-1], JunctionsRead)
    return events


def read(events: Sequence[Event]) -> list[JunctionsRead]:
    return [event for event in events if isinstance(event, JunctionsRead)]


def test_it_starts_with_all_sources_at_zero() -> None:
    (look,) = read(events_of_requests(a_bench(), []))
    assert look.readings[-1].currents_ua == (0, 0, 0)


def test_requested_control_currents_and_input_are_held() -> None:
    bench = a_bench()
    events = events_of_requests(bench, [HOME], [ManualRequest(input_ua=300.0)], [])
    assert [look.readings[-1].currents_ua for look in read(events)] == [(-500,) * 3, (-200,) * 3, (-200,) * 3]
    assert bench.input_ua == 300


def test_without_references_states_are_by_the_nominal_law_and_marked_so() -> None:
    (*_, at_rest), (*_, switched) = (
        read(events_of_requests(a_bench(), [HOME], [ManualRequest(input_ua=input_ua)])) for input_ua in (0.0, 1200.0)
    )
    assert (at_rest.verdicts, at_rest.nominal) == ((), (Verdict.AP,) * 3)
    assert (switched.verdicts, switched.nominal) == ((), (Verdict.P,) * 3)
    (zero,) = read(events_of_requests(a_bench(), []))
    assert zero.nominal == (Verdict.UNDECIDED,) * 3


def test_a_move_is_journalled_before_it_happens() -> None:
    bench = a_bench()
    running = manual(bench, CONFIG, plan(), lambda: [ReceivedRequest(1, "", HOME)])
    planned = next(running)
    assert isinstance(planned, RequestPlanned)
    assert planned.transition is not None
    assert planned.transition.target_ua == (-500, 0, 0)
    assert bench.controls_ua == (0, 0, 0)


def test_control_currents_move_at_zero_input_and_the_input_comes_back() -> None:
    bench = a_bench()
    events = events_of_requests(
        bench, [HOME], [ManualRequest(input_ua=300.0)], [ManualRequest(controls_ua=(-500.0, -460.0, -500.0))]
    )
    assert read(events)[-1].readings[-1].currents_ua == (-200, -160, -200)


def test_of_simultaneous_requests_the_latest_values_count() -> None:
    events = events_of_requests(a_bench(), [HOME, ManualRequest(input_ua=100.0), ManualRequest(input_ua=200.0)])
    planned = [event for event in events if isinstance(event, RequestPlanned)]
    assert [(one.number, one.controls_ua, one.input_ua) for one in planned] == [(3, (-500, -500, -500), 200)]


@pytest.mark.parametrize(
    ("refused_request", "reason"),
    [
        (ManualRequest(input_ua=1700.0), "J1 would carry 1200 uA"),
        (ManualRequest(controls_ua=(-500.0, -2000.0, -500.0)), "J2"),
        (ManualRequest(controls_ua=(-500.0, -500.0)), "2 control currents for 3 junctions"),
        ("turn it up", "cannot be understood"),
    ],
)
def test_an_impossible_request_is_refused_and_nothing_moves(refused_request: ManualRequest | str, reason: str) -> None:
    bench = a_bench()
    events = events_of_requests(bench, [HOME], [ManualRequest(input_ua=300.0)], [refused_request])
    (refused,) = [event for event in events if isinstance(event, RequestRefused)]
    assert refused.number == 3
    assert reason in refused.reason
    assert bench.currents_ua == (-200, -200, -200)


def test_a_high_voltage_is_reported_beforehand() -> None:
    events = events_of_requests(a_bench(), [ManualRequest(controls_ua=(-520.0, -520.0, -520.0))])
    (planned,) = [event for event in events if isinstance(event, RequestPlanned)]
    assert all("predicted above" in caution for caution in planned.cautions)


def test_without_references_junctions_are_not_judged() -> None:
    assert read(events_of_requests(a_bench(), [HOME]))[-1].verdicts == ()


def test_with_references_junctions_are_judged() -> None:
    bench = a_bench()
    bench.execute(bench.plan((-500, -500, -500)))
    measured = list(reference_sweep(bench, SweepSettings(repetitions=1)))[-1]
    assert isinstance(measured, JunctionsMeasured)
    looks = read(events_of_requests(bench, [], [ManualRequest(input_ua=600.0)], measured=measured))
    assert [look.verdicts for look in looks] == [(Verdict.AP,) * 3, (Verdict.AP, Verdict.P, Verdict.AP)]


def test_it_ends_after_its_duration() -> None:
    bench = a_bench()
    assert len(list(manual(bench, CONFIG, plan(for_s=1.0), tuple))) == 5


def test_an_output_switched_off_by_somebody_is_detected_without_references() -> None:
    bench, rack = bench_and_rack()
    events: list[Event] = []

    def hold_on() -> None:
        for event in manual(bench, CONFIG, plan(for_s=60.0), source_of_requests(HOME)):
            events.append(event)
            if len(events) == 10:
                rack.somebody_sets(0, 0.0)

    with pytest.raises(BenchFaultError, match="source J1 says that it delivers 0 uA, where -500 uA was set"):
        hold_on()
    assert len(events) < 20


def test_it_can_be_stopped_between_two_looks() -> None:
    may: list[bool] = []
    bench, _ = bench_and_chain(pause=lambda _, may_stop: may.append(may_stop))
    events = list(manual(bench, CONFIG, plan(for_s=1.0), lambda: []))
    assert may == [True] * len(read(events))


def source_of_requests(*requests: ManualRequest) -> Callable[[], Sequence[ReceivedRequest]]:
    """Delivers one request before each look."""
    coming = iter(requests)
    return lambda: [ReceivedRequest(1, "", request) for request in [next(coming, None)] if request is not None]
