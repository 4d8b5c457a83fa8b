"""Voltmeters: readings that take their time, counts, ranges, overflow."""

import pytest

from instruments.simulated.spec import InstrumentSpec
from tests.instruments.simulated.simulated_samples import (
    all_antiparallel_v,
    bench_of,
    source,
    spec_of,
    switch_on,
    three_and_three,
    voltmeter,
)

J1 = "voltmeter J1"
CURRENT_A = -5e-4
TRUE_V = all_antiparallel_v(CURRENT_A, 0.0, 0.0)[0]
KEITHLEY, KEYSIGHT = ["2182A", "2000", "DMM6500"], ["34410A", "34461A"]
every_meter = pytest.mark.parametrize("model", [*KEITHLEY, *KEYSIGHT])
every_keithley = pytest.mark.parametrize("model", KEITHLEY)
every_keysight = pytest.mark.parametrize("model", KEYSIGHT)
older_meters = pytest.mark.parametrize("model", ["2182A", "2000"])


def metered(model, **kwargs):
    """A meter on J1 with a fixed range of 1 V and 1 cycle, and -500 uA through the chain."""
    bench = bench_of(source("6221"), voltmeter(model, **kwargs))
    switch_on(bench, CURRENT_A)
    bench.wait(0.1)
    bench.send(J1, ":SENS:VOLT:RANG 1;:SENS:VOLT:NPLC 1")
    assert bench.error(J1) == 0
    return bench


@every_meter
def test_a_reading_comes_when_its_aperture_has_passed_and_not_before(model):
    bench = metered(model)
    replies = bench.send(J1, ":READ?")
    bench.wait(0.0199)
    assert replies == []
    bench.wait(0.0002)
    assert float(replies[0]) == pytest.approx(TRUE_V, abs=1e-6)


@every_keithley
def test_the_aperture_is_power_line_cycles_over_the_frequency(model):
    bench = metered(model, line_frequency_hz=60.0)
    assert bench.ask(J1, ":SYST:LFR?") == "60"
    replies = bench.send(J1, ":SENS:VOLT:NPLC 6", ":READ?")
    bench.wait(0.0999)
    assert replies == []
    bench.wait(0.0002)
    assert len(replies) == 1


@every_keithley
def test_a_filter_averages_over_that_many_apertures(model):
    bench = metered(model)
    switch = ":SENS:VOLT:DFIL" if model == "2182A" else ":SENS:VOLT:AVER"
    replies = bench.send(J1, f"{switch}:COUN 5;{switch}:STAT 1", ":READ?")
    bench.wait(0.0999)
    assert replies == []
    bench.wait(0.0002)
    assert len(replies) == 1


@older_meters
def test_several_samples_come_joined_after_all_of_them_were_taken(model):
    bench = metered(model)
    replies = bench.send(J1, ":SAMP:COUN 3;:READ?")
    bench.wait(0.0599)
    assert replies == []
    bench.wait(0.0002)
    assert [float(text) for text in replies[0].split(",")] == pytest.approx([TRUE_V] * 3, abs=1e-6)


@older_meters
def test_a_trigger_delay_is_waited_for_before_each_sample(model):
    bench = metered(model)
    replies = bench.send(J1, ":TRIG:DEL 0.03;:TRIG:COUN 2;:READ?")
    bench.wait(0.0999)
    assert replies == []
    bench.wait(0.0002)
    assert len(replies[0].split(",")) == 2


@older_meters
def test_readings_that_were_started_are_fetched_later_and_again(model):
    bench = metered(model)
    bench.send(J1, ":INIT:CONT 0;:ABOR", ":INIT")
    bench.wait(0.05)
    assert bench.ask(J1, ":FETC?") == bench.ask(J1, ":FETCh?")


@older_meters
def test_fetching_waits_for_what_is_under_way(model):
    bench = metered(model)
    replies = bench.send(J1, ":INIT", ":FETC?;*OPC?")
    assert replies == []
    bench.wait(0.021)
    assert replies[0].endswith(";1")


@every_meter
def test_nothing_to_fetch_is_an_error_without_reply(model):
    bench = metered(model)
    assert bench.send(J1, ":FETC?") == []
    assert bench.error(J1) == -230


@every_meter
def test_starting_while_readings_are_under_way_is_ignored_with_an_error(model):
    bench = metered(model)
    bench.send(J1, ":INIT", ":INIT")
    assert bench.error(J1) == -213


@older_meters
def test_a_full_buffer_is_in_register_and_status_byte_and_can_be_read(model):
    bench = metered(model)
    bench.ask(J1, ":READ?", within_s=0.03)
    bench.send(J1, ":STAT:PRES;*CLS;*SRE 1;:STAT:MEAS:ENAB 512;", ":TRAC:CLE;:TRAC:POIN 3;:TRIG:COUN 3")
    bench.send(J1, ":TRAC:FEED SENSE;:TRAC:FEED:CONT NEXT;", ":INIT")
    assert bench.ask(J1, "*STB?") == "0"
    bench.wait(0.061)
    assert bench.ask(J1, "*STB?;:STAT:MEAS:COND?") == "65;512"
    assert len(bench.ask(J1, ":TRAC:DATA?").split(",")) == 3


@every_meter
def test_opc_waits_for_the_readings(model):
    bench = metered(model)
    replies = bench.send(J1, ":INIT;*OPC?")
    assert replies == []
    bench.wait(0.021)
    assert replies == ["1"]


@every_meter
def test_a_message_during_a_reading_waits_for_it(model):
    bench = metered(model)
    replies = bench.send(J1, ":READ?", "*OPC?")
    assert replies == []
    bench.wait(0.021)
    assert len(replies) == 2
    assert replies[1] == "1"


@every_meter
def test_what_is_over_range_is_9_9e37(model):
    bench = metered(model)
    bench.send(J1, ":SENS:VOLT:RANG 0.1")
    assert float(bench.ask(J1, ":READ?", within_s=0.03)) == 9.9e37


@every_meter
def test_a_range_holds_120_percent(model):
    bench = metered(model)
    bench.send("source J1", ":SOUR:CURR -3e-5")
    bench.wait(0.1)
    true_v = bench.state()["junctions_v"][0]
    bench.send(J1, ":SENS:VOLT:RANG 0.1")
    assert 0.05 < abs(true_v) < 0.12
    assert float(bench.ask(J1, ":READ?", within_s=0.03)) == pytest.approx(true_v, abs=1e-6)


@every_meter
def test_autorange_finds_the_range_and_says_which(model):
    bench = metered(model)
    bench.send(J1, ":SENS:VOLT:RANG 100;:SENS:VOLT:RANG:AUTO 1")
    assert float(bench.ask(J1, ":READ?", within_s=0.03)) == pytest.approx(TRUE_V, abs=1e-6)
    assert float(bench.ask(J1, ":SENS:VOLT:RANG?")) == 1.0
    assert bench.ask(J1, ":SENS:VOLT:RANG:AUTO?") == "1"


@every_meter
def test_setting_a_range_ends_autorange(model):
    bench = metered(model)
    range_v, auto = bench.ask(J1, ":SENS:VOLT:RANG:AUTO 1;:SENS:VOLT:RANG 5;RANG?;RANG:AUTO?").split(";")
    assert (float(range_v), auto) == (10.0, "0")


@pytest.mark.parametrize(("model", "longest"), [("2182A", 60), ("2000", 10), ("DMM6500", 15)])
def test_integration_times_that_a_model_does_not_have_are_refused(model, longest):
    bench = metered(model)
    bench.send(J1, f":SENS:VOLT:NPLC {longest}", f":SENS:VOLT:NPLC {longest + 1}")
    assert bench.error(J1) == -222
    assert float(bench.ask(J1, ":SENS:VOLT:NPLC?")) == longest


@pytest.mark.parametrize("model", ["2000"])
def test_measuring_reconfigures_the_meter(model):
    bench = metered(model)
    bench.ask(J1, ":MEAS:VOLT:DC?", within_s=0.03)
    assert bench.ask(J1, ":SENS:VOLT:RANG:AUTO?") == "1"


@every_keysight
def test_the_aperture_of_a_keysight_is_one_of_its_list(model):
    bench = metered(model, line_frequency_hz=60.0)
    assert bench.ask(J1, ":SENS:VOLT:NPLC 6;NPLC?") == "+1.00000000E+01"
    replies = bench.send(J1, ":READ?")
    bench.wait(10 / 60 - 1e-4)
    assert replies == []
    bench.wait(0.0002)
    assert len(replies) == 1


@every_keysight
def test_a_keysight_that_is_configured_has_a_fixed_range_and_takes_one_long_reading(model):
    bench = metered(model)
    bench.send(J1, ":SAMP:COUN 5;:SENS:VOLT:NPLC 1", ":CONF:VOLT:DC 1.0")
    assert bench.ask(J1, ":SENS:VOLT:DC:RANG?;:SENS:VOLT:DC:RANG:AUTO?") == "+1.00000000E+00;0"
    assert [float(bench.ask(J1, query)) for query in (":SENS:VOLT:NPLC?", ":SAMP:COUN?")] == [10.0, 1.0]
    bench.send(J1, ":CONF:VOLT:DC")
    assert bench.ask(J1, ":SENS:VOLT:RANG:AUTO?") == "1"


@every_keysight
def test_the_lock_of_a_keysight_is_counted(model):
    bench = bench_of(voltmeter(model))
    assert [bench.ask(J1, ":SYST:LOCK:REQ?") for _ in range(2)] == ["+1", "+1"]
    bench.send(J1, ":SYST:LOCK:REL")
    assert bench.ask(J1, ":SYST:LOCK:OWN?") == bench.ask(J1, ":SYST:LOCK:NAME?")
    bench.send(J1, ":SYST:LOCK:REL", ":SYST:LOCK:REL")
    assert bench.ask(J1, ":SYST:LOCK:OWN?") == '"NONE"'


def test_the_errors_of_a_keysight_carry_a_sign():
    assert bench_of(voltmeter("34461A")).ask(J1, "SYST:ERR?") == '+0,"No error"'


def test_2182a_has_ranges_from_10_mv_to_100_v():
    bench = metered("2182A")
    ranges = [bench.ask(J1, f":SENS:VOLT:CHAN1:RANG {value};RANG?") for value in (0.001, 0.05, 1, 1.5, 120)]
    assert [float(text) for text in ranges] == [0.01, 0.1, 1.0, 10.0, 100.0]


def test_2182a_writes_nine_digits_and_2000_seven():
    assert len(metered("2182A").ask(J1, ":READ?", within_s=0.03)) == len("-7.27258180E-01")
    assert len(metered("2000").ask(J1, ":READ?", within_s=0.03)) == len("-7.272582E-01")


def test_dmm6500_answers_read_with_the_last_of_its_count_and_keeps_all_in_its_buffer():
    bench = metered("DMM6500")
    bench.send(J1, ":SENS:COUN 3;:TRAC:CLE")
    assert "," not in bench.ask(J1, ":READ?", within_s=0.07)
    assert bench.ask(J1, "TRAC:ACT?") == "3"
    assert len(bench.ask(J1, ':TRAC:DATA? 1,3,"defbuffer1"').split(",")) == 3


def test_dmm6500_fills_its_buffer_and_gives_it_in_one_message():
    bench = metered("DMM6500")
    message = ':SENS:COUN 2;:TRAC:CLE "defbuffer1";:TRAC:TRIG "defbuffer1";:TRAC:DATA? 1,2,"defbuffer1"'
    replies = bench.send(J1, message)
    bench.wait(0.0399)
    assert replies == []
    bench.wait(0.0002)
    assert [float(text) for text in replies[0].split(",")] == pytest.approx([TRUE_V] * 2, abs=1e-6)


def test_dmm6500_refuses_readings_and_buffers_that_are_not_there():
    bench = metered("DMM6500")
    assert bench.send(J1, ':TRAC:DATA? 1,5,"defbuffer1"', ':TRAC:CLE "mine"', ":TRAC:DATA? 1") == []
    assert [bench.error(J1) for _ in range(3)] == [-222, -224, -109]


def test_meters_average_over_the_same_time_in_parallel():
    bench = three_and_three()
    switch_on(bench, CURRENT_A, 0.0, 0.0)
    bench.wait(0.1)
    replies = {}
    for k in (1, 2, 3):
        role = f"voltmeter J{k}"
        bench.send(role, ":SENS:VOLT:NPLC 1")
        replies[k] = bench.send(role, ":READ?")
    bench.wait(0.0201)
    assert [float(replies[k][0]) for k in (1, 2, 3)] == pytest.approx([TRUE_V] * 3, abs=1e-6)


def test_a_meter_to_ground_reads_the_whole_chain_below_it():
    meter = InstrumentSpec(model="2000", plays="voltmeter", position=1, measures="ground", noise_v=0.0)
    bench = bench_of(source("6221"), meter)
    switch_on(bench, CURRENT_A)
    bench.wait(0.1)
    assert float(bench.ask("voltmeter J2", ":READ?", within_s=0.03)) == pytest.approx(2 * TRUE_V, abs=1e-5)


def test_noise_and_offset_are_those_of_the_meter_and_the_same_for_the_same_seed():
    def readings(seed):
        bench = bench_of(voltmeter("2182A", noise_v=50e-6, offset_v=1e-3), seed=seed)
        text = bench.ask(J1, ":SENS:VOLT:NPLC 0.01;:SAMP:COUN 400;:READ?", within_s=1.0)
        return [float(part) for part in text.split(",")]

    one, again, other = readings(1), readings(1), readings(2)
    assert one == again != other
    mean = sum(one) / 400
    assert mean == pytest.approx(1e-3, abs=4 * 50e-6 / 20)
    assert (sum((v - mean) ** 2 for v in one) / 399) ** 0.5 == pytest.approx(50e-6, rel=0.15)


def test_a_specification_that_cannot_be_built_is_refused():
    with pytest.raises(ValueError, match="only one instrument can be voltmeter J1"):
        spec_of(voltmeter("2000"), voltmeter("2182A"))
