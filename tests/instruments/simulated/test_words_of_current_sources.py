"""Keithley 6221 and Yokogawa GS200: levels, ranges, compliance, output, as the real ones treat them."""

import pytest

from tests.instruments.simulated.simulated_samples import bench_of, source, voltage_v

J1, J3 = "source J1", "source J3"


def keithley(**kwargs):
    return bench_of(source("6221", **kwargs))


def yokogawa(position=0):
    bench = bench_of(source("GS200", position))
    bench.send(f"source J{position + 1}", ":SOUR:FUNC CURR;:SOUR:RANG 1e-3")
    return bench


def flowing_a(bench):
    return bench.state()["sources_a"][0]


def test_6221_comes_up_off_at_zero_with_autorange_and_10_v():
    assert keithley().ask(J1, "OUTP?;:SOUR:CURR?;CURR:RANG:AUTO?;:CURR:COMP?") == "0;0.000000E+00;1;1.000000E+01"


@pytest.mark.parametrize(
    "message",
    [":SOUR:CURR 1e-4", "curr 0.0001", ":SOURce1:CURRent:LEVel:IMMediate:AMPLitude 100E-6", "SOUR:CURR:LEV .0001"],
)
def test_6221_level_in_every_spelling(message):
    bench = keithley()
    bench.send(J1, message)
    assert bench.ask(J1, "SOURCE:CURRENT?") == "1.000000E-04"
    assert bench.error(J1) == 0


def test_6221_delivers_only_while_its_output_is_on():
    bench = keithley()
    bench.send(J1, ":SOUR:CURR -2e-4")
    assert flowing_a(bench) == 0.0
    bench.send(J1, "OUTPUT ON")
    assert flowing_a(bench) == -2e-4
    bench.send(J1, "OUTPut 0")
    assert flowing_a(bench) == 0.0
    assert bench.ask(J1, ":SOUR:CURR?") == "-2.000000E-04"


def test_6221_takes_the_range_that_holds_what_is_asked_for():
    bench = keithley()
    assert bench.ask(J1, ":SOUR:CURR:RANG:AUTO 0;:SOUR:CURR:RANG 1e-3;RANG?;RANG:AUTO?") == "2.000000E-03;0"


def test_6221_refuses_a_level_beyond_105_percent_of_a_fixed_range_and_keeps_the_old_one():
    bench = keithley()
    bench.send(J1, ":SOUR:CURR:RANG 2e-3;:SOUR:CURR 2.1e-3;:SOUR:CURR 2.2e-3")
    assert bench.error(J1) == -222
    assert bench.ask(J1, ":SOUR:CURR?") == "2.100000E-03"


def test_6221_refuses_a_range_below_its_level():
    bench = keithley()
    bench.send(J1, ":SOUR:CURR:RANG 2e-3;:SOUR:CURR 1e-3;:SOUR:CURR:RANG 2e-4")
    assert bench.error(J1) == -221
    assert bench.ask(J1, ":SOUR:CURR:RANG?") == "2.000000E-03"


@pytest.mark.parametrize("compliance", ["0.05", "0", "-2", "106"])
def test_6221_ignores_a_compliance_outside_0_1_to_105_v_and_keeps_the_old_one(compliance):
    bench = keithley()
    bench.send(J1, f":SOUR:CURR:COMP {compliance}")
    assert bench.error(J1) == -222
    assert bench.ask(J1, ":SOUR:CURR:COMP?") == "1.000000E+01"


def test_6221_resolves_a_twenty_thousandth_of_its_range():
    bench = keithley()
    bench.send(J1, ":SOUR:CURR:RANG 2e-3;:SOUR:CURR 1.2345678e-4;:OUTP 1")
    assert flowing_a(bench) == 1.235e-4


def test_6221_in_compliance_limits_and_sets_bit_3_until_it_is_read():
    bench = keithley()
    bench.send(J1, ":SOUR:CURR:COMP 0.5;:SOUR:CURR -5e-4;:OUTP 1")
    assert -5e-4 < flowing_a(bench) < 0.0
    assert sum(bench.state()["junctions_v"]) == pytest.approx(-0.5, abs=1e-9)
    assert bench.ask(J1, ":STAT:MEAS:COND?") == "8"
    assert bench.ask(J1, ":SOUR:CURR 0;:STAT:MEAS:COND?;:STAT:MEAS?;:STAT:MEAS:EVEN?") == "0;8;0"


def test_6221_in_compliance_sets_the_measurement_bit_of_the_status_byte_where_enabled():
    bench = keithley()
    bench.send(J1, ":STAT:MEAS:ENAB 8;:SOUR:CURR:COMP 0.5;:SOUR:CURR -5e-4;:OUTP 1")
    assert int(bench.ask(J1, "*STB?")) & 1


def test_6221_reset_drops_an_output_that_is_on():
    bench = keithley()
    bench.send(J1, ":SOUR:CURR -2e-4;:OUTP 1", "*RST")
    assert flowing_a(bench) == 0.0
    assert bench.ask(J1, "OUTP?;:SOUR:CURR?") == "0;0.000000E+00"


def test_6221_sets_and_acknowledges_in_one_message():
    bench = keithley()
    assert bench.ask(J1, ":STAT:MEAS:COND?;:SOUR:CURR 0.0001;*OPC?") == "0;1"


def test_6221_header_without_asterisk_is_no_common_command():
    bench = keithley()
    assert bench.send(J1, "ESE?") == []
    assert bench.error(J1) == -113


def test_gs200_identifies_as_gs210():
    assert yokogawa().ask(J1, "*IDN?") == "YOKOGAWA,GS210,SIM00001,2.02"


def test_gs200_comes_up_as_a_voltage_source_and_switches_off_when_its_function_changes():
    bench = bench_of(source("GS200"))
    assert bench.ask(J1, ":SOUR:FUNC?") == "VOLT"
    bench.send(J1, ":SOUR:RANG 1;LEV 0.1;:OUTP 1")
    assert flowing_a(bench) > 0.0
    bench.send(J1, ":SOURce:FUNCtion current")
    assert bench.ask(J1, "OUTP:STAT?;:SOUR:FUNC?;LEV?") == "0;CURR;+0.00000E+00"


def test_gs200_as_a_voltage_source_holds_its_voltage_up_to_its_current_limit():
    bench = bench_of(source("GS200", 2))
    bench.send(J3, ":SOUR:RANG 1;LEV 0.5;:SOUR:PROT:CURR 1e-3;:OUTP 1")
    assert bench.state()["junctions_v"][2] == pytest.approx(0.5, abs=1e-9)
    assert bench.state()["limited"][2] == 0
    bench.send(J3, ":SOUR:LEV 1.2;:SOUR:RANG 10;LEV 8")
    assert bench.state()["sources_a"][2] == pytest.approx(1e-3)
    assert bench.state()["limited"][2] == 1


def test_gs200_takes_levels_up_to_120_percent_of_its_range():
    bench = yokogawa()
    bench.send(J1, ":SOUR:LEV 1.2e-3", ":SOUR:LEV 1.3e-3")
    assert bench.error(J1) == -222
    assert bench.ask(J1, ":SOUR:LEV?") == "+1.20000E-03"


@pytest.mark.parametrize("limit", ["0.5", "31"])
def test_gs200_has_no_voltage_limit_outside_1_to_30_v(limit):
    bench = yokogawa()
    bench.send(J1, f":SOUR:PROT:VOLT {limit}")
    assert bench.error(J1) == -222
    assert bench.ask(J1, "SOURce:PROTection:VOLTage?") == "30"


def test_gs200_resolves_its_limit_in_volts_and_limits_there():
    bench = yokogawa()
    bench.send(J1, ":SOUR:PROT:VOLT 1.4;:SOUR:LEV -5e-4;:OUTP 1")
    assert bench.ask(J1, ":SOUR:PROT:VOLT?") == "1"
    assert sum(bench.state()["junctions_v"]) == pytest.approx(-1.0, abs=1e-9)
    assert int(bench.ask(J1, ":STAT:COND?")) & (1 << 10)
    assert not int(bench.ask(J1, ":STAT:COND?")) & (1 << 11)


def test_gs200_range_is_the_smallest_that_holds_and_never_below_the_level():
    bench = yokogawa()
    assert bench.ask(J1, ":SOUR:RANG 5e-3;:SOUR:RANG?") == "1.000000E-02"
    bench.send(J1, ":SOUR:LEV 5e-3", ":SOUR:RANG 1e-3")
    assert bench.error(J1) == -221


def test_any_source_may_be_the_lowest_of_the_chain():
    bench = yokogawa(position=2)
    bench.send(J3, ":SOUR:LEV -4e-4;:OUTP 1")
    assert bench.state()["junctions_a"] == (0.0, 0.0, -4e-4)
    assert bench.state()["junctions_v"][2] == pytest.approx(voltage_v(2, "AP", -4e-4))
