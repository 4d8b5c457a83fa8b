"""Keithley 2400: a source, a meter, and both at once, with the traps of the real one."""

import pytest

from instruments.simulated.spec import InstrumentSpec
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
    ":SOUR:FUNC CURR;:SOUR:CURR:RANG 1e-3;:SENS:VOLT:PROT 5",
    ":SENS:FUNC:CONC 0;:SENS:FUNC 'VOLT';:FORM:ELEM VOLT",
    ":OUTP:SMOD HIMP;:OUTP 1;:SOUR:CURR -5e-4",
]


def ready():
    bench = bench_of(source_meter())
    assert bench.send(J1, *READY) == []
    assert bench.error(J1) == 0
    bench.wait(0.1)
    return bench


def test_both_parts_are_one_instrument():
    bench = bench_of(source_meter())
    assert bench.station("source J1") is bench.station("voltmeter J1")


def test_it_reads_its_own_terminals_in_the_time_of_its_integration():
    bench = ready()
    replies = bench.send(J1, ":SENS:VOLT:NPLC 1;:TRIG:COUN 3;:READ?")
    bench.wait(0.0599)
    assert replies == []
    bench.wait(0.0002)
    expected_v = sum(all_antiparallel_v(-5e-4, 0.0, 0.0))
    assert [float(text) for text in replies[0].split(",")] == pytest.approx([expected_v] * 3, rel=1e-5)


def test_elements_come_in_the_order_of_the_instrument():
    bench = ready()
    bench.send(J1, ":FORM:ELEM STATus, CURR, VOLT")
    assert bench.ask(J1, ":FORM:ELEM?") == "VOLT,CURR,STAT"
    voltage, current, status = bench.ask(J1, ":READ?", within_s=0.03).split(",")
    assert float(voltage) == pytest.approx(-2.182, abs=1e-3)
    assert (float(current), float(status)) == (-5e-4, 0.0)


def test_what_is_neither_measured_nor_sourced_is_not_a_number():
    bench = ready()
    bench.send(J1, ":SENS:FUNC 'CURR'", ":FORM:ELEM VOLT,CURR,RES")
    assert [float(text) for text in bench.ask(J1, ":READ?", within_s=0.03).split(",")] == [9.91e37, -5e-4, 9.91e37]


def test_reading_with_the_output_off_is_error_803_and_no_reply():
    bench = ready()
    bench.send(J1, ":OUTP 0")
    replies = bench.send(J1, ":READ?")
    bench.wait(10.0)
    assert replies == []
    assert bench.error(J1) == 803


def test_auto_output_off_switches_on_for_a_reading_alone():
    bench = ready()
    bench.send(J1, ":OUTP 0;:SOUR:CLE:AUTO 1")
    bench.ask(J1, ":READ?", within_s=0.03)
    assert bench.ask(J1, ":OUTP?") == "0"
    assert [what["on"] for _, what in bench.log.of("output")] == [True, False, True, False]


def test_measuring_a_voltage_resets_its_limit():
    bench = ready()
    bench.ask(J1, ":MEASURE:VOLTAGE?", within_s=0.03)
    assert float(bench.ask(J1, ":SENS:VOLT:PROT?")) == 21.0


def test_compliance_limits_trips_and_is_in_register_and_status_word():
    bench = ready()
    bench.send(J1, ":FORM:ELEM VOLT,STAT", ":SENS:VOLT:PROT 1.5")
    assert bench.ask(J1, ":SENS:VOLT:PROT:TRIP?;:STAT:MEAS:COND?") == "1;16384"
    voltage, status = bench.ask(J1, ":READ?", within_s=0.03).split(",")
    assert float(voltage) == pytest.approx(-1.5)
    assert int(float(status)) & 8


def test_a_fixed_measuring_range_limits_the_voltage_as_well():
    bench = ready()
    bench.send(J1, ":SENS:VOLT:RANG 2")
    assert bench.ask(J1, ":SENS:VOLT:RANG?;:SENS:VOLT:PROT:TRIP?") == "2.100000E+00;1"
    assert sum(bench.state()["junctions_v"]) == pytest.approx(-2.1, abs=1e-9)


def test_a_measuring_range_above_that_of_the_compliance_is_refused():
    bench = ready()
    bench.send(J1, ":SENS:VOLT:PROT 2;:SENS:VOLT:RANG 20")
    assert bench.error(J1) == 824
    assert float(bench.ask(J1, ":SENS:VOLT:RANG?")) == 2.1


def test_a_negative_limit_is_taken_as_its_size():
    bench = ready()
    assert float(bench.ask(J1, ":SENS:VOLT:PROT -3;:SENS:VOLT:PROT?")) == 3.0


def test_ranges_read_back_105_percent():
    assert ready().ask(J1, ":SOUR:CURR:RANG?;:SOUR:CURR:RANG:AUTO?") == "1.050000E-03;0"


def test_a_level_beyond_its_fixed_range_is_refused():
    bench = ready()
    bench.send(J1, ":SOUR:CURR 1.06e-3")
    assert bench.error(J1) == -222
    assert float(bench.ask(J1, ":SOUR:CURR?")) == -5e-4


def test_it_comes_up_as_a_voltage_source():
    bench = bench_of(source_meter())
    assert bench.ask(J1, ":SOUR:FUNC?;:OUTP:SMOD?;:OUTP?") == "VOLT;NORM;0"
    bench.send(J1, ":SOUR:VOLT 0.05;:OUTP 1")
    assert sum(bench.state()["junctions_v"]) == pytest.approx(0.05, abs=1e-9)


def test_a_voltage_source_in_compliance_drives_its_limit():
    bench = bench_of(source_meter())
    bench.send(J1, ":SOUR:VOLT:RANG 2;:SOUR:VOLT 1;:SENS:CURR:PROT 5e-5;:OUTP 1")
    assert bench.state()["sources_a"][0] == pytest.approx(5e-5)
    assert bench.ask(J1, ":SENS:CURR:PROT:TRIP?") == "1"


def test_changing_the_function_switches_the_output_off():
    bench = ready()
    bench.send(J1, ":SOUR:FUNC VOLT")
    assert bench.ask(J1, ":OUTP?") == "0"


@pytest.mark.parametrize(("mode", "drawn_a"), [("HIMP", 0.0), ("NORM", 5e-6), ("ZERO", 5e-6), ("GUAR", 0.0)])
def test_an_output_that_is_off_loads_the_chain_unless_it_is_of_high_impedance(mode, drawn_a):
    bench = bench_of(source("6221", 0), source_meter(1))
    bench.send(J2, f":SOUR:FUNC CURR;:SOUR:CURR:RANG 1e-3;:OUTP:SMOD {mode}")
    switch_on(bench, -2e-5)
    assert bench.state()["sources_a"][1] == pytest.approx(drawn_a, abs=1e-12)
    assert bench.state()["limited"][1] == 0


def test_it_is_a_voltmeter_alone_across_a_junction():
    bench = bench_of(source("6221"), voltmeter("2400", 1))
    switch_on(bench, -5e-4)
    bench.wait(0.1)
    bench.send("voltmeter J2", ":SOUR:FUNC CURR;:SENS:FUNC 'VOLT';:FORM:ELEM VOLT;:OUTP 1")
    expected_v = all_antiparallel_v(-5e-4, 0.0, 0.0)[1]
    assert float(bench.ask("voltmeter J2", ":READ?", within_s=0.03)) == pytest.approx(expected_v, abs=1e-6)


def test_as_a_source_alone_it_still_measures_itself():
    bench = bench_of(source("2400", 1, noise_v=0.0))
    bench.send(J2, ":SOUR:FUNC CURR;:SENS:VOLT:PROT 5;:SOUR:CURR -5e-4;:SENS:FUNC 'VOLT';:FORM:ELEM VOLT;:OUTP 1")
    bench.wait(0.1)
    expected_v = sum(all_antiparallel_v(0.0, -5e-4, 0.0)[1:])
    assert float(bench.ask(J2, ":READ?", within_s=0.03)) == pytest.approx(expected_v, rel=1e-5)


def test_what_measures_its_own_terminals_cannot_be_across_a_junction():
    with pytest.raises(ValueError, match=r"source J1 \(2400\) sources and measures at once"):
        InstrumentSpec(model="2400", plays="both", position=0, measures="across")
