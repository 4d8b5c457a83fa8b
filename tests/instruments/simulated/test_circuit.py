"""The circuit: settling, averages over exact apertures, compliance that limits, cables in the wrong place."""

from itertools import accumulate, pairwise
from math import exp, log

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from instruments.simulated.circuit import Circuit
from instruments.simulated.compliance import OPEN, Drive
from instruments.simulated.physics import JunctionChain
from instruments.simulated.source_output import SourceOutput
from instruments.simulated.wiring import Tap, Wiring
from tests.instruments.simulated.simulated_samples import JUNCTIONS, Diary, all_antiparallel_v, voltage_v

METERS = [(f"voltmeter J{k + 1}", k, "across") for k in range(3)] + [("ground", 0, "ground")]


def circuit_of(settling_s=0.0, junctions=JUNCTIONS, diary=None, seed=1):
    outputs = [SourceOutput(settling_s, 105.0) for _ in junctions]
    circuit = Circuit(JunctionChain(junctions, seed), outputs, diary or Diary())
    circuit.rewire(Wiring.straight(len(junctions), METERS))
    return circuit


def drive(circuit, *levels_a, compliance_v=5.0):
    for k, level_a in enumerate(levels_a):
        circuit.drive(k, Drive.of_current(level_a, compliance_v), output_on=True)


def average_v(circuit, role, duration_s):
    before = circuit.volt_seconds(role)
    circuit.advance_to(circuit.time_s + duration_s)
    return (circuit.volt_seconds(role) - before) / duration_s


def test_junction_k_carries_the_sum_of_the_first_k_sources():
    circuit = circuit_of()
    drive(circuit, -5e-4, 12e-5, -18e-5)
    assert circuit.chain.junction_currents_a == pytest.approx([-5e-4, -38e-5, -56e-5])
    assert circuit.sources_a == pytest.approx([-5e-4, 12e-5, -18e-5])


def test_without_settling_a_level_is_there_at_once():
    circuit = circuit_of()
    drive(circuit, -5e-4)
    assert circuit.current_a(0) == -5e-4


def test_a_settling_time_is_the_time_to_within_one_percent():
    circuit = circuit_of(settling_s=5e-3)
    drive(circuit, -5e-4)
    circuit.advance_to(5e-3)
    assert circuit.outputs[0].level_a(5e-3) == pytest.approx(-5e-4 * 0.99)
    circuit.advance_to(0.1)
    assert circuit.current_a(0) == -5e-4


LEVELS = st.floats(-7e-4, 7e-4)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), LEVELS, st.floats(0.0, 8e-3)), min_size=1, max_size=6))
def test_settling_never_overshoots_the_old_or_the_new_current_of_any_source(moves):
    diary = Diary()
    circuit = circuit_of(settling_s=5e-3, diary=diary)
    drive(circuit, 0.0, 0.0, 0.0, compliance_v=50.0)
    for source, level_a, duration_s in moves:
        now_a = [output.level_a(circuit.time_s) for output in circuit.outputs]
        towards_a = [output.drive_over(circuit.time_s, 1e9).level_a for output in circuit.outputs]
        towards_a[source] = level_a
        diary.lines.clear()
        circuit.drive(source, Drive.of_current(level_a, 50.0), output_on=True)
        circuit.advance_to(circuit.time_s + duration_s)
        for _, (sources_a, _) in diary.of("currents"):
            for k, current_a in enumerate(sources_a):
                low_a, high_a = sorted((now_a[k], towards_a[k]))
                assert low_a - 1e-12 <= current_a <= high_a + 1e-12


def test_sub_steps_are_told_while_sources_settle_and_only_then():
    diary = Diary()
    circuit = circuit_of(settling_s=5e-3, diary=diary)
    drive(circuit, -5e-4)
    circuit.advance_to(1.0)
    times_s = [time_s for time_s, _ in diary.of("currents")]
    assert 40 < len(times_s) < 120
    assert max(later - earlier for earlier, later in pairwise(times_s)) < 5e-3 / log(100) / 4
    assert times_s[-1] < 0.02


def test_the_mean_voltage_while_settling_is_that_of_the_exponential():
    ohmic = [JUNCTIONS[0].__class__(critical_current_up_a=1e-3, critical_current_down_a=-1e-3, tmr0=0.0,
                                    curvature_per_v2=0.0, resistance_p_ohm=1000.0)]  # fmt: skip
    circuit = circuit_of(settling_s=5e-3, junctions=ohmic)
    drive(circuit, 1e-4)
    constant_s = 5e-3 / log(100)
    duration_s = 7e-3
    expected_v = 0.1 * (1.0 - constant_s / duration_s * (1.0 - exp(-duration_s / constant_s)))
    assert average_v(circuit, "voltmeter J1", duration_s) == pytest.approx(expected_v, rel=1e-12)


def test_an_output_that_is_switched_off_cuts_its_current_at_once():
    circuit = circuit_of(settling_s=5e-3)
    drive(circuit, -5e-4)
    circuit.advance_to(0.1)
    circuit.drive(0, OPEN, output_on=False)
    assert circuit.chain.junction_currents_a == (0.0, 0.0, 0.0)


def test_meters_average_exactly_over_what_they_are_across():
    circuit = circuit_of()
    drive(circuit, -5e-4, 5e-5, 0.0)
    expected_v = all_antiparallel_v(-5e-4, 5e-5, 0.0)
    for k, role in enumerate(["voltmeter J1", "voltmeter J2", "voltmeter J3"]):
        assert average_v(circuit, role, 0.02) == pytest.approx(expected_v[k], rel=1e-12)
    assert average_v(circuit, "ground", 0.02) == pytest.approx(sum(expected_v), rel=1e-12)


def test_a_change_in_the_middle_of_an_aperture_counts_for_its_share():
    circuit = circuit_of()
    drive(circuit, -5e-4)
    before = circuit.volt_seconds("voltmeter J1")
    circuit.advance_to(0.015)
    drive(circuit, -3e-4)
    circuit.advance_to(0.020)
    average = (circuit.volt_seconds("voltmeter J1") - before) / 0.020
    high_v, low_v = voltage_v(0, "AP", -5e-4), voltage_v(0, "AP", -3e-4)
    assert average == pytest.approx(0.75 * high_v + 0.25 * low_v, rel=1e-12)


def test_a_junction_that_switches_in_the_middle_of_an_aperture_gives_a_mean_of_both_levels():
    diary = Diary()
    circuit = circuit_of(diary=diary)
    drive(circuit, 215e-6)
    antiparallel_v, parallel_v = voltage_v(0, "AP", 215e-6), voltage_v(0, "P", 215e-6)
    averages_v = [average_v(circuit, "voltmeter J1", 0.02) for _ in range(200)]
    between = [v for v in averages_v if parallel_v + 1e-6 < v < antiparallel_v - 1e-6]
    assert len(between) == 1
    begun_s = 0.02 * averages_v.index(between[0])
    share = (between[0] - parallel_v) / (antiparallel_v - parallel_v)
    told_s = next(time_s for time_s, states in diary.of("states") if states[0] == "P")
    assert told_s == pytest.approx(begun_s + 0.02 * share, abs=1e-7)


def test_the_course_is_the_same_however_time_is_cut():
    one, other = circuit_of(seed=3), circuit_of(seed=3)
    for circuit, steps in ((one, 1), (other, 37)):
        drive(circuit, 200e-6, -270e-6, 260e-6)
        for n in range(steps):
            circuit.advance_to(4.0 * (n + 1) / steps)
    assert one.chain.states == other.chain.states
    assert one.volt_seconds("ground") == pytest.approx(other.volt_seconds("ground"), rel=1e-9)


def test_a_compliance_truly_limits_and_says_so():
    circuit = circuit_of()
    drive(circuit, -5e-4, 0.0, 0.0, compliance_v=1.5)
    assert circuit.node_voltage_v(0) == pytest.approx(-1.5, abs=1e-9)
    assert abs(circuit.current_a(0)) < 4e-4
    assert [circuit.limited(k) for k in range(3)] == [-1, 0, 0]


def test_one_source_in_compliance_changes_the_current_of_all_junctions_below():
    circuit = circuit_of()
    drive(circuit, -5e-4, -1e-4, 0.0, compliance_v=1.5)
    circuit.advance_to(0.1)
    assert circuit.limited(0) == -1
    assert circuit.chain.states == ("AP", "AP", "AP")
    assert sum(all_antiparallel_v(*circuit.sources_a)) == pytest.approx(-1.5)


def test_a_junction_that_switches_can_end_compliance():
    circuit = circuit_of()
    drive(circuit, 400e-6, 0.0, 0.0, compliance_v=1.36)
    assert circuit.limited(0) == 1
    circuit.advance_to(2.0)
    assert set(circuit.chain.states) == {"P"}
    assert circuit.limited(0) == 0
    assert circuit.current_a(0) == 400e-6


def test_a_source_that_ignores_its_compliance_is_stopped_by_its_hardware_alone():
    circuit = circuit_of()
    circuit.outputs[0].ignores_compliance = True
    drive(circuit, -5e-4, compliance_v=1.5)
    circuit.advance_to(0.1)
    assert circuit.current_a(0) == -5e-4
    assert circuit.node_voltage_v(0) == pytest.approx(sum(all_antiparallel_v(-5e-4, 0.0, 0.0)))
    assert circuit.limited(0) == 0


def test_a_dead_output_delivers_nothing_and_holds_nothing():
    circuit = circuit_of()
    circuit.outputs[0].dead = True
    drive(circuit, -5e-4)
    assert circuit.current_a(0) == 0.0
    assert circuit.chain.junction_currents_a[0] == 0.0


def test_a_source_with_swapped_leads_pushes_the_other_way_and_does_not_know():
    circuit = circuit_of()
    circuit.rewire(circuit.wiring.with_source_reversed(0))
    drive(circuit, -1e-4)
    assert circuit.chain.junction_currents_a[0] == 1e-4
    assert circuit.current_a(0) == -1e-4
    assert circuit.node_voltage_v(0) < 0.0


def test_swapped_sources_feed_each_others_nodes():
    circuit = circuit_of()
    circuit.rewire(circuit.wiring.with_sources_swapped(0, 1))
    drive(circuit, -1e-4, -3e-4, 0.0)
    assert list(circuit.chain.junction_currents_a) == pytest.approx(list(accumulate([-3e-4, -1e-4, 0.0])))


def test_two_sources_on_one_node_add_up_and_each_sees_its_own_current():
    circuit = circuit_of()
    circuit.rewire(circuit.wiring.with_source_on(1, 2))
    drive(circuit, -5e-4, 1e-4, -2e-4)
    assert circuit.chain.junction_currents_a == pytest.approx([-5e-4, -5e-4, -6e-4])
    assert circuit.sources_a == (-5e-4, 1e-4, -2e-4)
    assert circuit.node_voltage_v(1) == circuit.node_voltage_v(2) == pytest.approx(voltage_v(2, "AP", -6e-4))


def test_no_source_at_the_top_leaves_the_top_without_current():
    circuit = circuit_of()
    circuit.rewire(circuit.wiring.with_source_on(0, 1))
    drive(circuit, -3e-4, -1e-4, 0.0)
    assert circuit.chain.junction_currents_a == pytest.approx([0.0, -4e-4, -4e-4])


CURRENTS = st.floats(-7e-4, 7e-4)


@settings(max_examples=60, deadline=None)
@given(
    st.tuples(CURRENTS, CURRENTS, CURRENTS),
    st.tuples(*[st.floats(0.2, 2.0)] * 3),
    st.tuples(*[st.integers(0, 2)] * 3),
)
def test_however_sources_are_wired_each_drives_its_level_or_holds_its_compliance(levels_a, compliances_v, nodes):
    circuit = circuit_of()
    for source, node in enumerate(nodes):
        circuit.rewire(circuit.wiring.with_source_on(source, node))
    for source, (level_a, compliance_v) in enumerate(zip(levels_a, compliances_v, strict=True)):
        circuit.drive(source, Drive.of_current(level_a, compliance_v), output_on=True)
    for k, current_a in enumerate(circuit.chain.junction_currents_a):
        above_a = sum(circuit.current_a(source) for source, node in enumerate(nodes) if node <= k)
        assert current_a == pytest.approx(above_a, abs=1e-12)
    for source, (level_a, compliance_v) in enumerate(zip(levels_a, compliances_v, strict=True)):
        node_v = circuit.node_voltage_v(source)
        limit = circuit.limited(source)
        assert abs(node_v) <= compliance_v + 2e-6
        if limit:
            assert node_v == pytest.approx(limit * compliance_v, abs=2e-6)
            assert limit * (level_a - circuit.current_a(source)) >= -1e-12
        else:
            assert circuit.current_a(source) == level_a


def test_sources_that_hold_one_node_at_the_same_compliance_hold_it_together():
    circuit = circuit_of()
    circuit.rewire(circuit.wiring.with_source_on(1, 0))
    drive(circuit, -5e-4, -5e-4, 0.0, compliance_v=1.0)
    assert circuit.node_voltage_v(0) == pytest.approx(-1.0, abs=1e-6)
    assert circuit.current_a(0) + circuit.current_a(1) == circuit.chain.junction_currents_a[0]


@pytest.mark.parametrize("settling_s", [0.0, 5e-3])
def test_a_gain_scales_a_current_and_its_approach_and_leaves_the_compliance(settling_s):
    whole, part = circuit_of(settling_s), circuit_of(settling_s)
    part.outputs[0].gain = 0.9
    for circuit, level_a in ((whole, -3.6e-4), (part, -4e-4)):
        drive(circuit, level_a, 0.0, 0.0)
        circuit.advance_to(3e-3)
    assert part.current_a(0) == pytest.approx(whole.current_a(0), rel=1e-12)
    assert part.volt_seconds("ground") == pytest.approx(whole.volt_seconds("ground"), rel=1e-9)
    drive(part, -7e-4, 0.0, 0.0, compliance_v=1.0)
    part.advance_to(0.1)
    assert part.node_voltage_v(0) == pytest.approx(-1.0, abs=1e-9)


def test_meters_in_the_wrong_place_read_what_is_there():
    wiring = Wiring.straight(3, METERS)
    assert wiring.with_meter_reversed("voltmeter J2").taps["voltmeter J2"] == Tap(1, 2, -1)
    assert wiring.with_meter_on("voltmeter J1", 2).taps["voltmeter J1"] == Tap(2, 3)
    assert wiring.with_meter_on("ground", 1).taps["ground"] == Tap(1, 3)
    swapped = wiring.with_meters_swapped("voltmeter J1", "voltmeter J3").taps
    assert (swapped["voltmeter J1"], swapped["voltmeter J3"]) == (Tap(2, 3), Tap(0, 1))
