"""The bench: the verbs of the experiment, in uA, inside limits, over any rack."""

import math
import sys
from collections.abc import Sequence
from contextlib import suppress

import pytest

from mtjlab.bench import Bench
from mtjlab.detection.resistance import ResistanceLaw
from mtjlab.domain import (
    BenchDescription,
    GivenPulse,
    InstrumentReport,
    Interval,
    PerJunction,
    Survey,
    junction_currents_ua,
)
from mtjlab.envelope import BenchLimits
from mtjlab.errors import BenchFaultError, ComplianceFaultError, LevelRefusedFaultError, LimitExceededError

NOMINAL = ResistanceLaw(r_p_ohm=1100, tmr=1.2, half_bias_mv=500, bias_per_v2=0.1)
LIMITS = BenchLimits(Interval(-750, 750), voltage_warn_mv=850, voltage_refuse_mv=1000)


class ResistorRack:
    """Sources and meters on three resistors; writes down what is asked of it."""

    def __init__(self, ohm: float = 1000, fails_at: int = 0) -> None:
        self.asked: list[str] = []
        self.course_ua: list[PerJunction] = []
        self.dead: int | None = None
        self._fails_at = fails_at
        self.time_s = 0.0
        self._ohm = ohm
        self.stuck = False
        self.sources_a = [0.0, 0.0, 0.0]

    def write_source(self, source: int, current_a: float) -> None:
        self._fails_at -= 1
        if self._fails_at == 0:
            raise OSError("no answer")
        self.asked.append(f"source {source + 1} to {current_a * 1e6:.6g} uA")
        self._set(source, current_a)

    def _set(self, source: int, current_a: float) -> None:
        if source == self.dead:
            raise OSError("no answer")
        if self.stuck and source == 0:
            raise LevelRefusedFaultError("stuck", self.sources_a[0])
        self.sources_a[source] = current_a
        self.course_ua.append(junction_currents_ua([current * 1e6 for current in self.sources_a]))

    def settle(self) -> None:
        self.time_s += 0.01
        self.asked.append("settle")

    def pulse(self, source: int, base_a: float, current_a: float, width_s: float) -> GivenPulse:
        self.write_source(source, current_a)
        self.wait(width_s)
        self.write_source(source, base_a)
        return GivenPulse(width_s)

    reading_s, settle_s, shortest_pulse_s = 0.0, 0.01, 0.0

    def time_settings(self) -> None: ...

    def wait(self, duration_s: float, may_stop: bool = False) -> None:
        self.time_s += duration_s

    def connect(self) -> Sequence[float]:
        self.asked.append("connect")
        return self.delivered_a()

    def delivered_a(self) -> Sequence[float]:
        return tuple([math.nan if k == self.dead else now_a for k, now_a in enumerate(self.sources_a)])

    seen_off: tuple[int, ...] = ()

    def zero_with_recovery(self, source: int) -> None:
        self.asked.append(f"source {source + 1} to zero by its second way")
        self._set(source, 0.0)

    def switch_on(self) -> tuple[InstrumentReport, ...]:
        self.asked.append("outputs on")
        return ()

    def survey(self, samples: int) -> Survey:
        raise AssertionError("nobody surveys resistors")

    def close(self) -> None:
        self.asked.append("close")

    def read_voltages_v(self, samples: int) -> Sequence[Sequence[float]]:
        self.time_s += 0.02 * samples
        return [[sum(self.sources_a[: k + 1]) * self._ohm for k in range(3)] for _ in range(samples)]

    def switch_off(self) -> None:
        self.asked.append("outputs off")


def bench_on(rack: ResistorRack) -> Bench:
    return Bench(rack, BenchDescription("resistors", "fake", simulated=True, junctions=3), LIMITS, NOMINAL)


@pytest.fixture
def rack() -> ResistorRack:
    return ResistorRack()


@pytest.fixture
def bench(rack: ResistorRack) -> Bench:
    return bench_on(rack)


def at_start(bench: Bench) -> Bench:
    bench.execute(bench.plan((-500, -500, -500)))
    return bench


def test_planning_writes_nothing(bench: Bench, rack: ResistorRack) -> None:
    bench.plan((-500, -500, -500))
    assert rack.asked == []


def test_downs_are_written_then_settle_then_ups(bench: Bench, rack: ResistorRack) -> None:
    at_start(bench)
    rack.asked.clear()
    bench.execute(bench.plan((-460, -380, -560)))
    assert rack.asked == ["source 3 to -180 uA", "settle", "source 1 to -460 uA", "source 2 to 80 uA", "settle"]
    assert bench.controls_ua == (-460, -380, -560)


def test_ups_settle_with_the_input_that_follows_them(bench: Bench, rack: ResistorRack) -> None:
    bench.execute(bench.plan((-500.0, -380.0, -560.0)))
    rack.asked.clear()
    bench.execute(bench.plan((-460.0, -380.0, -560.0)), next_input_ua=100.0)
    bench.apply(100.0)
    assert rack.asked == [
        *("source 2 to 80 uA", "settle", "source 1 to -460 uA"),
        *("source 1 to -360 uA", "settle"),
    ]


def test_downs_settle_before_an_input_and_ups_before_anything_but_the_input(bench: Bench, rack: ResistorRack) -> None:
    bench.execute(bench.plan((-500.0,) * 3), next_input_ua=100.0)
    assert rack.asked[-1] == "settle"
    bench.execute(bench.plan((-400.0,) * 3), next_input_ua=100.0)
    bench.execute(bench.plan((-300.0,) * 3))
    assert rack.asked[-4:] == ["source 1 to -400 uA", "settle", "source 1 to -300 uA", "settle"]
    bench.execute(bench.plan((-200.0,) * 3), next_input_ua=100.0)
    bench.go_safe()
    assert rack.asked[rack.asked.index("source 1 to -200 uA") + 1] == "settle"


def test_an_input_moves_source_1_alone(bench: Bench, rack: ResistorRack) -> None:
    at_start(bench)
    rack.asked.clear()
    bench.apply(600)
    bench.idle()
    assert rack.asked == ["source 1 to 100 uA", "settle", "source 1 to -500 uA", "settle"]


def test_a_reading_holds_currents_voltages_and_its_time(bench: Bench) -> None:
    at_start(bench)
    bench.apply(600)
    reading = bench.read(samples=2)
    assert (reading.input_ua, reading.currents_ua) == (600, (100, 100, 100))
    assert reading.samples_mv == ((100, 100, 100), (100, 100, 100))
    assert reading.t_s == pytest.approx(0.06)


def test_any_input_leaves_the_controls_exactly_where_they_were(bench: Bench) -> None:
    at_start(bench)
    bench.execute(bench.plan((-460.1, -380.2, -560.3)))
    before = bench.controls_ua
    for input_ua in (0.1, 333.3333, 612.7):
        bench.apply(input_ua)
        bench.idle()
    assert bench.controls_ua == before


REST_UA, PULSED_UA = (83.0, -206.0, 55.0), (113.0, -246.0, 75.0)


def test_control_currents_that_envelop_a_pulse_settle_only_between_downs_and_ups(
    bench: Bench, rack: ResistorRack
) -> None:
    bench.execute(bench.plan(REST_UA))
    rack.asked.clear()
    rack.course_ua.clear()
    there, back = bench.plan_there_and_back(PULSED_UA)
    given, took_s = bench.pulse_with_controls(there, back, 200.0, 0.001)
    assert rack.asked == [
        *("source 2 to -359 uA", "settle", "source 1 to 113 uA", "source 3 to 321 uA"),
        *("source 1 to 313 uA", "source 1 to 113 uA"),
        *("source 1 to 83 uA", "source 3 to 261 uA", "settle", "source 2 to -289 uA", "settle"),
    ]
    assert (given.width_s, took_s) == (0.001, pytest.approx(0.021))
    assert bench.controls_ua == pytest.approx(REST_UA)
    for row_ua in rack.course_ua:
        for current_ua, rest_ua, pulsed_ua in zip(row_ua, REST_UA, PULSED_UA, strict=True):
            assert current_ua <= max(rest_ua, pulsed_ua + 200.0) + 1e-9


def test_where_all_go_down_or_all_come_back_up_sources_settle_around_the_pulse(
    bench: Bench, rack: ResistorRack
) -> None:
    """A source that falls must be there before source 1 rises with the pulse."""
    bench.execute(bench.plan(REST_UA))
    rack.asked.clear()
    bench.pulse_with_controls(*bench.plan_there_and_back((43.0, -246.0, 15.0)), 200.0, 0.001)
    assert rack.asked == [
        *("source 1 to 43 uA", "settle", "source 1 to 243 uA", "source 1 to 43 uA", "settle"),
        *("source 1 to 83 uA", "settle"),
    ]


def test_what_envelops_a_pulse_is_checked_before_anything_is_written(bench: Bench, rack: ResistorRack) -> None:
    bench.execute(bench.plan(REST_UA))
    there, back = bench.plan_there_and_back(PULSED_UA)
    rack.asked.clear()
    with pytest.raises(LimitExceededError, match="a pulse of 700 uA: J1 would carry 813 uA"):
        bench.pulse_with_controls(there, back, 700.0, 0.001)
    with pytest.raises(BenchFaultError, match="controls move only as planned"):
        bench.pulse_with_controls(back, there, 100.0, 0.001)
    with pytest.raises(BenchFaultError, match="controls move only as planned"):
        bench.pulse_with_controls(there, there, 100.0, 0.001)
    assert rack.asked == []


@pytest.mark.parametrize("fails_at", range(4, 12))
def test_whichever_setting_around_a_pulse_fails_every_source_ends_at_zero(fails_at: int) -> None:
    rack = ResistorRack(fails_at=fails_at)
    bench = bench_on(rack)
    bench.execute(bench.plan(REST_UA))
    with pytest.raises(OSError, match="no answer"):
        bench.pulse_with_controls(*bench.plan_there_and_back(PULSED_UA), 200.0, 0.001)
    bench.go_safe()
    assert rack.sources_a == [0.0, 0.0, 0.0]
    assert bench.is_safe


def test_controls_do_not_move_while_an_input_is_applied(bench: Bench, rack: ResistorRack) -> None:
    at_start(bench)
    planned = bench.plan((-460, -380, -560))
    bench.apply(600)
    rack.asked.clear()
    with pytest.raises(BenchFaultError, match="an input of 600 uA"):
        bench.execute(planned)
    assert rack.asked == []


def test_a_transition_is_only_carried_out_from_where_it_was_planned(bench: Bench) -> None:
    stale = bench.plan((-460, -380, -560))
    at_start(bench)
    with pytest.raises(BenchFaultError, match="Nothing was written"):
        bench.execute(stale)


@pytest.mark.parametrize("input_ua", [1251, -251])
def test_an_input_that_leaves_the_current_limits_is_refused_before_the_write(
    bench: Bench, rack: ResistorRack, input_ua: float
) -> None:
    at_start(bench)
    rack.asked.clear()
    with pytest.raises(LimitExceededError, match="J1 would carry"):
        bench.apply(input_ua)
    assert rack.asked == []
    assert bench.input_ua == 0


def test_controls_outside_the_limits_are_refused(bench: Bench) -> None:
    with pytest.raises(LimitExceededError, match="J2 would carry -800 uA"):
        bench.plan((-500, -800, -500))


def test_voltages_are_limited_as_the_nominal_junction_predicts_them_until_it_is_measured(rack: ResistorRack) -> None:
    """At 1.0 V the nominal antiparallel junction carries 806 uA; one of twice the resistance only 403 uA."""
    bench = Bench(
        rack,
        BenchDescription("b", "fake", simulated=True, junctions=3),
        BenchLimits(Interval(-900, 900), 850, 1000),
        NOMINAL,
    )
    assert [round(limit.high_ua) for limit in bench.envelope.allowed_ua] == [806, 806, 806]
    bench.predict_voltages_with([ResistanceLaw(2200, 1.2, 500, 0.1)] * 3)
    assert [round(limit.low_ua) for limit in bench.envelope.allowed_ua] == [-403, -403, -403]
    with pytest.raises(LimitExceededError):
        bench.plan((-500, -500, -500))


def test_predicted_voltages_above_the_warning_level_are_cautioned(bench: Bench) -> None:
    assert bench.envelope.cautions((-500, -500, -500)) == ()
    assert bench.envelope.cautions((-500, -660, -500)) == ("J2 is predicted above 850 mV at -660 uA",)


def test_going_safe_removes_the_input_then_ramps_then_switches_off(bench: Bench, rack: ResistorRack) -> None:
    at_start(bench)
    bench.apply(600)
    rack.asked.clear()
    assert bench.go_safe() == (0, 0, 0)
    assert rack.asked == ["source 1 to -500 uA", "settle", "source 1 to 0 uA", "settle", "outputs off"]
    assert bench.controls_ua == (0, 0, 0)


def test_a_source_that_refuses_to_go_to_zero_is_set_again_then_in_other_words_then_cut() -> None:
    bench = at_start(bench_on(rack := ResistorRack()))
    rack.stuck = True
    rack.asked.clear()
    with pytest.raises(BenchFaultError, match=r"^outputs off; source J1 was cut at -500 uA$"):
        bench.go_safe()
    told = "source 1 to 0 uA"
    assert rack.asked == [told, told, "source 1 to zero by its second way", "outputs off"]
    assert (bench.is_off, bench.is_safe) == (True, False)


def test_a_level_that_is_refused_leaves_the_bench_where_the_sources_say_that_they_are() -> None:
    bench = at_start(bench_on(rack := ResistorRack()))
    rack.stuck = True
    with pytest.raises(LevelRefusedFaultError):
        bench.execute(bench.plan((-600, -500, -500)))
    assert bench.controls_ua == (-500, -500, -500)
    rack.stuck = False
    rack.asked.clear()
    bench.go_safe()
    assert rack.asked == ["source 1 to 0 uA", "settle", "outputs off"]


def test_going_safe_from_outside_the_limits_goes_no_farther_out(bench: Bench, rack: ResistorRack) -> None:
    """After a calibration the predicted limits may be tighter than where the bench stands."""
    bench.execute(bench.plan((-700, -500, -700)))
    bench.predict_voltages_with([ResistanceLaw(2200, 1.2, 500, 0.1)] * 3)
    assert bench.go_safe() == (0, 0, 0)
    assert min(map(min, rack.course_ua)) >= -700 - 1e-6


def test_going_safe_needs_no_library_that_was_not_loaded_before(
    bench: Bench, rack: ResistorRack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A way in one step would take J2 to -1400 uA: the better way is planned with a library that may be gone."""
    bench.execute(bench.plan((700, -700, -700)))
    monkeypatch.setitem(sys.modules, "scipy.optimize", None)
    rack.asked.clear()
    assert bench.go_safe() == (0, 0, 0)
    assert rack.asked == ["source 1 to 0 uA", "settle", "source 2 to 0 uA", "settle", "outputs off"]


@pytest.mark.parametrize("fails_at", range(1, 8))
def test_whichever_write_fails_every_source_ends_at_zero(fails_at: int) -> None:
    """The first three writes start the chain, the next three move it, the last applies an input."""
    rack = ResistorRack(fails_at=fails_at)
    bench = bench_on(rack)
    with pytest.raises(OSError, match="no answer"):
        drive(bench)
    with suppress(BenchFaultError):
        bench.go_safe()
    assert rack.sources_a == [0, 0, 0]
    assert rack.asked[-1] == "outputs off"
    assert max(map(max, rack.course_ua), default=0) <= 100 + 1e-6


def drive(bench: Bench) -> None:
    bench.execute(bench.plan((-500, -510, -490)))
    bench.execute(bench.plan((-460, -380, -560)))
    bench.apply(480)


def test_one_dead_source_does_not_keep_the_others_on() -> None:
    rack = ResistorRack()
    bench = bench_on(rack)
    bench.execute(bench.plan((-460, -380, -560)))
    rack.dead = 1
    with pytest.raises(BenchFaultError, match=r"outputs off; the current of source J2 until then is not known"):
        bench.go_safe()
    assert [rack.sources_a[0], rack.sources_a[2]] == [0, 0]
    assert rack.asked[-1] == "outputs off"


def test_a_plan_made_under_wider_limits_is_not_carried_out(bench: Bench, rack: ResistorRack) -> None:
    planned = bench.plan((-700, -500, -700))
    bench.predict_voltages_with([ResistanceLaw(2200, 1.2, 500, 0.1)] * 3)
    with pytest.raises(LimitExceededError, match="J1"):
        bench.execute(planned)
    assert rack.asked == []


@pytest.mark.parametrize("volts", [float("nan"), float("inf")])
def test_a_voltage_that_is_no_number_is_a_fault(volts: float) -> None:
    bench = at_start(bench_on(ResistorRack(ohm=volts)))
    with pytest.raises(BenchFaultError, match="no finite voltage"):
        bench.read(samples=2)


@pytest.mark.parametrize("elsewhere_a", [None, -300e-6])
def test_a_compliance_that_is_reached_because_somebody_set_another_source_is_blamed_on_that(
    elsewhere_a: float | None, monkeypatch: pytest.MonkeyPatch, rack: ResistorRack, bench: Bench
) -> None:
    def limited(_: int) -> list[list[float]]:
        raise ComplianceFaultError("source J3: its node is at 1000 mV.")

    held = at_start(bench)
    delivered = [-500e-6, 0.0, 0.0]
    if elsewhere_a is not None:
        delivered[1] = elsewhere_a
    monkeypatch.setattr(rack, "read_voltages_v", limited)
    monkeypatch.setattr(rack, "delivered_a", lambda: delivered, raising=False)
    with pytest.raises(ComplianceFaultError) as fault:
        held.read(1)
    assert "source J3: its node is at 1000 mV" in str(fault.value)
    assert ("source J2 says that it delivers -300 uA" in str(fault.value)) == (elsewhere_a is not None)


def test_an_output_that_is_off_is_named_also_where_no_current_was_set(rack: ResistorRack, bench: Bench) -> None:
    held = at_start(bench)
    held.demand_sources()
    rack.seen_off = (1,)
    with pytest.raises(BenchFaultError, match=r"source J2 says that its output is off, where 0 uA was set"):
        held.demand_sources()


@pytest.mark.parametrize("controls_ua", [(-565.1, -228.1, -285.5), (-500.0, -430.0, -510.0), (-61.7, -333.3, -0.1)])
def test_there_and_back_ends_exactly_where_it_began(bench: Bench, controls_ua: tuple[float, ...]) -> None:
    """So that what was planned from there before is still planned from there."""
    planned_before = bench.plan((-500.0, -500.0, -500.0), controls_ua)
    bench.execute(bench.plan(controls_ua))
    for way in bench.plan_there_and_back(tuple(control - 10 for control in controls_ua)):
        bench.execute(way)
    bench.execute(planned_before)
