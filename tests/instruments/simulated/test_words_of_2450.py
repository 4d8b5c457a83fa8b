"""Keithley 2450: a source, a meter, and both at once, with the traps of the real one."""

import pytest

from tests.instruments.simulated.simulated_samples import (
    all_antiparallel_v,
    bench_of,
    source,
    source_meter,
    switch_on,
    voltmeter,
)

J1, J2 = "source J1", "source J2"
READY = [
    ':SOUR:FUNC CURR;:SOUR:CURR:RANG 1e-3;:SENS:FUNC "VOLT";:SOUR:CURR:VLIM 5',
    ":OUTP:CURR:SMOD HIMP;:OUTP 1;:SOUR:CURR -5e-4",
]


def ready():
    bench = bench_of(source_meter(model="2450"))
    assert bench.send(J1, *READY) == []
    assert bench.error(J1) == 0
    bench.wait(0.1)
    return bench


def test_both_parts_are_one_instrument():
    bench = bench_of(source_meter(model="2450"))
    assert bench.station("source J1") is bench.station("voltmeter J1")


def test_it_comes_up_as_a_voltage_source():
    bench = bench_of(source_meter(model="2450"))
    assert bench.ask(J1, ":SOUR:FUNC?;:OUTP:VOLT:SMOD?;:OUTP?;*LANG?") == "VOLT;NORM;0;SCPI"
    bench.send(J1, ":SOUR:VOLT 0.05;:OUTP 1")
    assert sum(bench.state()["junctions_v"]) == pytest.approx(0.05, abs=1e-9)


def test_it_answers_read_with_the_last_of_its_count_and_keeps_all_in_its_buffer():
    bench = ready()
    replies = bench.send(J1, ":SENS:COUN 3;:TRAC:CLE;:READ?")
    bench.wait(0.0599)
    assert replies == []
    bench.wait(0.0002)
    expected_v = sum(all_antiparallel_v(-5e-4, 0.0, 0.0))
    assert float(replies[0]) == pytest.approx(expected_v, rel=1e-5)
    kept = bench.ask(J1, ':TRAC:DATA? 1,3,"defbuffer1"').split(",")
    assert [float(text) for text in kept] == pytest.approx([expected_v] * 3, rel=1e-5)


def test_it_answers_with_its_current_until_it_is_told_to_measure_a_voltage():
    bench = ready()
    bench.send(J1, ':SENS:FUNC "CURR"')
    assert float(bench.ask(J1, ":READ?", within_s=0.03)) == -5e-4


def test_a_reading_with_the_output_off_is_an_error_and_no_reply():
    bench = ready()
    bench.send(J1, ":OUTP 0")
    replies = bench.send(J1, ":READ?")
    bench.wait(10.0)
    assert replies == []
    assert bench.error(J1) == -221


def test_compliance_limits_and_trips():
    bench = ready()
    assert bench.ask(J1, ":SOUR:CURR:VLIM:TRIP?;:SOUR:CURR:VLIM 1.5;:SOUR:CURR:VLIM:TRIP?") == "0;1"
    assert sum(bench.state()["junctions_v"]) == pytest.approx(-1.5, abs=1e-9)


def test_a_fixed_measuring_range_limits_the_voltage_as_well():
    bench = ready()
    bench.send(J1, ":SENS:VOLT:RANG 2")
    assert bench.ask(J1, ":SENS:VOLT:RANG?;:SENS:VOLT:RANG:AUTO?;:SOUR:CURR:VLIM:TRIP?") == "2.000000E+00;0;1"
    assert sum(bench.state()["junctions_v"]) == pytest.approx(-2.1, abs=1e-9)


def test_a_limit_of_the_other_sign_is_refused():
    bench = ready()
    bench.send(J1, ":SOUR:CURR:VLIM -3")
    assert bench.error(J1) == -222
    assert float(bench.ask(J1, ":SOUR:CURR:VLIM?")) == 5.0


def test_ranges_read_back_by_their_names():
    assert ready().ask(J1, ":SOUR:CURR:RANG?;:SOUR:CURR:RANG:AUTO?") == "1.000000E-03;0"


def test_a_level_beyond_its_fixed_range_and_a_range_below_the_level_are_refused():
    bench = ready()
    bench.send(J1, ":SOUR:CURR 1.06e-3", ":SOUR:CURR:RANG 1e-4")
    assert [bench.error(J1) for _ in range(2)] == [-222, -221]
    assert bench.ask(J1, ":SOUR:CURR?;:SOUR:CURR:RANG?") == "-5.000000E-04;1.000000E-03"


def test_changing_the_function_switches_the_output_off():
    bench = ready()
    bench.send(J1, ":SOUR:FUNC VOLT")
    assert bench.ask(J1, ":OUTP?") == "0"


def test_a_reset_leaves_a_voltage_source_that_is_off():
    bench = ready()
    bench.send(J1, "*RST")
    assert bench.ask(J1, ":SOUR:FUNC?;:OUTP?") == "VOLT;0"
    assert float(bench.ask(J1, ":SOUR:CURR?")) == 0.0


@pytest.mark.parametrize(("mode", "drawn_a"), [("HIMP", 0.0), ("NORM", 5e-6), ("ZERO", 5e-6), ("GUAR", 0.0)])
def test_an_output_that_is_off_loads_the_chain_unless_it_is_of_high_impedance(mode, drawn_a):
    bench = bench_of(source("6221", 0), source_meter(1, model="2450"))
    bench.send(J2, f":SOUR:FUNC CURR;:SOUR:CURR:RANG 1e-3;:OUTP:CURR:SMOD {mode}")
    switch_on(bench, -2e-5)
    assert bench.state()["sources_a"][1] == pytest.approx(drawn_a, abs=1e-12)
    assert bench.state()["limited"][1] == 0


def test_it_is_a_voltmeter_alone_across_a_junction():
    bench = bench_of(source("6221"), voltmeter("2450", 1))
    switch_on(bench, -5e-4)
    bench.wait(0.1)
    bench.send("voltmeter J2", ':SOUR:FUNC CURR;:SENS:FUNC "VOLT";:OUTP 1')
    expected_v = all_antiparallel_v(-5e-4, 0.0, 0.0)[1]
    assert float(bench.ask("voltmeter J2", ":READ?", within_s=0.03)) == pytest.approx(expected_v, abs=1e-6)
