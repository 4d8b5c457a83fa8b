"""What each fault does, seen from the wires and from the truth."""

import pytest

from instruments.simulated.station import GARBAGE
from tests.instruments.simulated.simulated_samples import (
    all_antiparallel_v,
    bench_of,
    source,
    source_meter,
    spec_of,
    switch_on,
    three_and_three,
    voltage_v,
    voltmeter,
)

CURRENT_A = -5e-4
TRUE_V = voltage_v(0, "AP", CURRENT_A)


def running(**kwargs):
    """Three sources at -500, +120, -180 uA and three meters of 20 ms, all junctions antiparallel."""
    bench = three_and_three(**kwargs)
    switch_on(bench, CURRENT_A, 120e-6, -180e-6)
    for k in (1, 2, 3):
        bench.send(f"voltmeter J{k}", ":SENS:VOLT:RANG 1;:SENS:VOLT:NPLC 1")
    bench.wait(0.2)
    return bench


def reading_v(bench, k):
    return float(bench.ask(f"voltmeter J{k}", ":READ?", within_s=0.03))


def readings_v(bench):
    return [reading_v(bench, k) for k in (1, 2, 3)]


def test_no_reply_does_what_it_is_told_but_says_nothing():
    bench = running()
    bench.add_fault("source J1:no-reply")
    assert bench.send("source J1", ":SOUR:CURR -4e-4;*OPC?") == []
    assert bench.state()["sources_a"][0] == -4e-4


def test_a_single_reply_can_be_lost():
    bench = running()
    bench.add_fault("source J1:no-reply=1")
    assert bench.send("source J1", "*OPC?", "*TST?") == ["0"]


def test_a_late_reply_comes_as_late_as_asked_and_never_overtakes():
    bench = running()
    bench.add_fault("voltmeter J1:late-reply=3,1")
    replies = bench.send("voltmeter J1", ":READ?", "*OPC?")
    bench.wait(3.0199)
    assert replies == []
    bench.wait(0.0002)
    assert float(replies[0]) == pytest.approx(TRUE_V, abs=1e-6)
    assert replies[1:] == ["1"]


def test_garbage_is_no_number_and_no_text():
    bench = running()
    bench.add_fault("source J1:garbage=1")
    reply = bench.ask("source J1", "*OPC?")
    with pytest.raises(ValueError, match="could not convert"):
        float(reply)
    assert not reply.isascii()
    assert bench.ask("source J1", "*OPC?") == "1"


@pytest.mark.parametrize("kind", ["garbage=1", "no-reply=1", "late-reply=2,1"])
def test_one_reply_alone_is_at_fault_from_any_time_on(kind):
    bench = running()
    bench.add_fault(f"voltmeter J1:{kind}@1")
    bench.wait(0.9)
    assert reading_v(bench, 1) == pytest.approx(TRUE_V, abs=1e-6)
    bench.wait(0.2)
    replies = bench.send("voltmeter J1", ":READ?")
    bench.wait(0.1)
    assert replies in ([], [GARBAGE.decode("latin-1")])
    bench.wait(2.0)
    assert reading_v(bench, 1) == pytest.approx(TRUE_V, abs=1e-6)


def test_a_fault_happens_when_its_time_has_come():
    bench = running()
    bench.add_fault("source J1:garbage@2.5")
    bench.wait(2.4)
    assert bench.ask("source J1", "*OPC?") == "1"
    bench.wait(0.2)
    assert bench.ask("source J1", "*OPC?") != "1"
    assert [what["fault"] for _, what in bench.log.of("fault")] == ["source J1:garbage@2.5"]


def test_a_disconnected_source_keeps_driving_and_hangs_up():
    bench = running()
    hung_up = []
    bench.station("source J2").on_cut = lambda: hung_up.append(bench.schedule.now_s)
    bench.add_fault("source J2:disconnect=5")
    assert len(hung_up) == 1
    assert bench.station("source J2").line.cut
    assert bench.state()["sources_a"][1] == 120e-6
    bench.wait(5.1)
    assert not bench.station("source J2").line.cut


def test_another_instrument_identifies_differently():
    bench = running()
    before = bench.ask("voltmeter J3", "*IDN?").split(",")
    bench.add_fault("voltmeter J3:wrong-identity")
    after = bench.ask("voltmeter J3", "*IDN?").split(",")
    assert (before[1] != after[1], before[2] != after[2]) == (True, True)


@pytest.mark.parametrize("one", [source("6221"), source("GS200"), source("2400"), source_meter(), source("2450")])
def test_an_output_is_found_on_at_its_current(one):
    bench = bench_of(one, faults=("source J1:output-found-on=-200",))
    assert bench.state()["sources_a"][0] == pytest.approx(-200e-6)
    assert bench.ask("source J1", "OUTP?") == "1"
    assert float(bench.ask("source J1", ":SOUR:LEV?" if one.model == "GS200" else ":SOUR:CURR?")) == -200e-6
    assert bench.log.of("output")[0][1] == {"role": "source J1", "on": True, "level_a": -200e-6}


SOURCES = {
    "6220": (source("6220"), ":SOUR:CURR"),
    "6221": (source("6221"), ":SOUR:CURR"),
    "GS200": (source("GS200"), ":SOUR:LEV"),
    "2400": (source("2400"), ":SOUR:CURR"),
    "2400 that measures": (source_meter(), ":SOUR:CURR"),
    "2450": (source("2450"), ":SOUR:CURR"),
}
every_source = pytest.mark.parametrize(("one", "word"), SOURCES.values(), ids=SOURCES)


def on_at(one, level_ua):
    """One source, on, in a fixed range that holds 1 mA."""
    bench = bench_of(one, faults=(f"source J1:output-found-on={level_ua}",))
    bench.send("source J1", ":SOUR:RANG 1e-3" if one.model == "GS200" else ":SOUR:CURR:RANG 1e-3")
    return bench


@every_source
def test_a_refused_level_is_acknowledged_and_leaves_the_old_one_and_an_error(one, word):
    bench = on_at(one, -490)
    bench.add_fault("source J1:refuses-level")
    reply = bench.ask("source J1", f"{word} -5e-4;*OPC?;{word}?")
    acknowledged, level = reply.split(";")
    assert (acknowledged, float(level)) == ("1", pytest.approx(-490e-6))
    assert bench.state()["sources_a"][0] == pytest.approx(-490e-6)
    assert int(bench.ask("source J1", "*STB?")) & 4
    assert int(bench.ask("source J1", "*ESR?")) & 16
    assert bench.ask("source J1", "SYST:ERR?").startswith('-200,"Execution error')
    assert bench.error("source J1") == 0


@every_source
def test_levels_are_refused_as_often_as_asked(one, word):
    bench = on_at(one, -490)
    bench.add_fault("source J1:refuses-level=2@1")
    assert float(bench.ask("source J1", f"{word} -480e-6;{word}?")) == pytest.approx(-480e-6)
    bench.wait(1.0)
    levels = [float(bench.ask("source J1", f"{word} {ua}e-6;{word}?")) for ua in (-470, -460, -450)]
    assert levels == pytest.approx([-480e-6, -480e-6, -450e-6])


@every_source
def test_who_refuses_levels_obeys_all_other_words(one, word):
    bench = on_at(one, -490)
    bench.add_fault("source J1:refuses-level")
    bench.send("source J1", f"{word} 0;:OUTP 0")
    assert bench.ask("source J1", "OUTP?") == "0"
    assert bench.state()["sources_a"][0] == 0.0


@every_source
def test_who_refuses_settings_changes_nothing_and_answers_all_the_same(one, word):
    bench = on_at(one, -490)
    bench.add_fault("source J1:refuses-settings")
    assert bench.send("source J1", f"{word} 0", ":SOUR:CLE", ":OUTP 0;*OPC?") == ["1"]
    assert bench.ask("source J1", "OUTP?") == "1"
    assert bench.state()["sources_a"][0] == pytest.approx(-490e-6)
    assert bench.ask("source J1", "*IDN?").split(",")[2] == "SIM00001"


@pytest.mark.parametrize(
    ("one", "way_out"),
    [
        (source("6221"), ":SOUR:SWE:ABOR;:SOUR:CURR 0"),
        (source("2400"), ":ABOR;:SOUR:CURR 0"),
        (source("2450"), ":ABOR;:SOUR:CURR 0"),
    ],
)
def test_an_armed_source_takes_no_level_until_it_is_told_to_abort(one, way_out):
    bench = on_at(one, -490)
    bench.add_fault("source J1:armed")
    assert bench.ask("source J1", ":SOUR:CURR 0;*OPC?") == "1"
    assert bench.error("source J1") == -200
    assert bench.state()["sources_a"][0] == pytest.approx(-490e-6)
    assert bench.ask("source J1", f"{way_out};*OPC?") == "1"
    assert bench.error("source J1") == 0
    assert bench.state()["sources_a"][0] == 0.0


@pytest.mark.parametrize(("one", "second_way"), [
    (source("6220"), ":SOUR:CLE"), (source("6221"), ":SOUR:CLE"), (source("2400"), ":SOUR:CLE"),
    (source("GS200"), ":SOUR:LEV:AUTO 0"),
])  # fmt: skip
def test_a_second_way_to_zero_is_open_to_a_source_that_refuses_levels(one, second_way):
    bench = on_at(one, -490)
    bench.add_fault("source J1:refuses-level")
    assert bench.ask("source J1", f"{second_way};*OPC?") == "1"
    assert bench.state()["sources_a"][0] == 0.0


@every_source
def test_somebody_switches_an_output_off_at_its_front_panel(one, word):
    bench = on_at(one, -490)
    bench.add_fault("source J1:output-off@2")
    bench.wait(1.9)
    assert bench.ask("source J1", "OUTP?") == "1"
    bench.wait(0.2)
    assert bench.ask("source J1", "OUTP?") == "0"
    assert float(bench.ask("source J1", f"{word}?")) == pytest.approx(-490e-6)
    assert bench.state()["sources_a"][0] == 0.0
    assert bench.log.of("output")[-1][1]["on"] is False
    assert bench.error("source J1") == 0


@every_source
def test_somebody_turns_a_level_at_the_front_panel(one, word):
    bench = on_at(one, -490)
    bench.add_fault("source J1:refuses-level")
    bench.add_fault("source J1:level-changed=-300@2")
    bench.wait(2.1)
    assert float(bench.ask("source J1", f"{word}?")) == pytest.approx(-300e-6)
    assert bench.state()["sources_a"][0] == pytest.approx(-300e-6)
    assert bench.error("source J1") == 0


def test_a_level_that_the_range_does_not_hold_cannot_be_turned_by_hand_either():
    bench = on_at(source("6221"), -490)
    bench.add_fault("source J1:level-changed=20000")
    assert bench.state()["sources_a"][0] == pytest.approx(-490e-6)
    assert bench.error("source J1") == 0


def test_a_source_with_a_gain_delivers_that_of_what_it_says():
    bench = running()
    bench.add_fault("source J2:gain=0.9")
    assert bench.ask("source J2", ":SOUR:CURR?") == "1.200000E-04"
    assert bench.state()["junctions_a"] == pytest.approx([-500e-6, -392e-6, -572e-6])
    assert readings_v(bench) == pytest.approx(all_antiparallel_v(CURRENT_A, 108e-6, -180e-6), abs=1e-6)
    bench.send("source J2", ":SOUR:CURR 0")
    assert bench.state()["junctions_a"] == pytest.approx([-500e-6, -500e-6, -680e-6])


def test_a_source_on_another_node_feeds_that_beside_its_own_source():
    bench = running()
    bench.add_fault("source J2:on-node=J3")
    assert bench.state()["sources_a"] == pytest.approx([CURRENT_A, 120e-6, -180e-6])
    assert bench.state()["junctions_a"] == pytest.approx([-500e-6, -500e-6, -560e-6])


def test_an_instrument_that_measures_itself_measures_at_the_node_it_was_moved_to():
    bench = bench_of(source_meter(1))
    words = ":SOUR:FUNC CURR;:SENS:VOLT:PROT 5;:FORM:ELEM VOLT;:SENS:FUNC 'VOLT';:SOUR:CURR -5e-4;:OUTP 1"
    bench.send("source J2", words)
    bench.wait(0.2)
    below_v = sum(all_antiparallel_v(0.0, CURRENT_A, 0.0))
    assert float(bench.ask("voltmeter J2", ":READ?", within_s=0.03)) == pytest.approx(below_v, abs=1e-5)
    bench.add_fault("source J2:on-node=J3")
    assert float(bench.ask("voltmeter J2", ":READ?", within_s=0.03)) == pytest.approx(
        voltage_v(2, "AP", CURRENT_A), abs=1e-5
    )


def test_a_meter_with_a_gain_reads_that_of_what_is_there():
    bench = running()
    one, two, three = readings_v(bench)
    bench.add_fault("voltmeter J2:gain=0.5")
    assert readings_v(bench) == pytest.approx([one, two / 2, three], abs=1e-6)


@pytest.mark.parametrize("meter", [voltmeter("2182A"), voltmeter("2000"), voltmeter("DMM6500"), voltmeter("34461A")])
def test_a_meter_reads_shorter_than_its_settings_say(meter):
    bench = bench_of(meter)
    bench.send("voltmeter J1", ":SENS:VOLT:NPLC 1")
    bench.add_fault("voltmeter J1:short-aperture=0.25")
    replies = bench.send("voltmeter J1", ":READ?;:SENS:VOLT:NPLC?")
    bench.wait(0.0049)
    assert replies == []
    bench.wait(0.0002)
    assert float(replies[0].split(";")[1]) == 1.0


def test_a_line_is_closed_when_nothing_was_said_for_long_enough():
    bench = running()
    asked = []
    bench.station("source J1").on_idle = asked.append
    bench.add_fault("source J1:closes-idle=10@5")
    bench.wait(4.9)
    assert asked == []
    bench.wait(10.0)
    assert set(asked) == {10.0}
    assert len(asked) == pytest.approx(10, abs=1)


def test_a_stuck_meter_repeats_its_last_reading():
    bench = running()
    before = reading_v(bench, 1)
    bench.add_fault("voltmeter J1:stuck")
    bench.send("source J1", ":SOUR:CURR -3e-4")
    assert reading_v(bench, 1) == before


def test_a_reversed_meter_reads_the_other_sign():
    bench = running()
    one, two, three = readings_v(bench)
    bench.add_fault("voltmeter J2:reversed")
    assert readings_v(bench) == pytest.approx([one, -two, three], abs=1e-6)


def test_swapped_meters_read_each_others_junction():
    bench = running()
    one, two, three = readings_v(bench)
    bench.add_fault("voltmeters:swapped=J1,J3")
    assert readings_v(bench) == pytest.approx([three, two, one], abs=1e-6)


def test_a_meter_on_another_junction_reads_that():
    bench = running()
    _, two, three = readings_v(bench)
    bench.add_fault("voltmeter J1:on-junction=J2")
    assert readings_v(bench) == pytest.approx([two, two, three], abs=1e-6)


def test_swapped_sources_feed_each_others_nodes():
    bench = running()
    bench.add_fault("sources:swapped=J1,J2")
    assert bench.state()["junctions_a"] == pytest.approx([120e-6, -380e-6, -560e-6])


def test_a_reversed_source_pushes_the_other_way():
    bench = running()
    bench.add_fault("source J3:reversed")
    assert bench.state()["junctions_a"] == pytest.approx([-500e-6, -380e-6, -200e-6])


def test_swapped_instruments_that_measure_themselves_take_their_meters_along():
    bench = bench_of(source_meter(0), source_meter(2))
    bench.add_fault("sources:swapped=J1,J3")
    bench.send(
        "source J1", ":SOUR:FUNC CURR;:SENS:VOLT:PROT 5;:SOUR:CURR -5e-4;:FORM:ELEM VOLT;:SENS:FUNC 'VOLT';:OUTP 1"
    )
    bench.send("source J3", ":OUTP:SMOD HIMP")
    assert bench.state()["junctions_a"] == (0.0, 0.0, CURRENT_A)
    assert float(bench.ask("voltmeter J1", ":READ?", within_s=0.03)) == pytest.approx(TRUE_V, abs=1e-6)


def test_a_shorted_junction_has_next_to_no_voltage():
    bench = running()
    bench.add_fault("junction J2:short")
    assert abs(reading_v(bench, 2)) < 0.01
    assert reading_v(bench, 1) == pytest.approx(TRUE_V, abs=1e-6)


def test_an_open_junction_drives_the_sources_above_it_into_compliance():
    bench = running()
    bench.add_fault("junction J2:open@1")
    bench.wait(1.1)
    state = bench.state()
    assert state["limited"][:2] != [0, 0]
    assert abs(state["junctions_a"][1]) < 1e-7
    assert bench.ask("source J1", ":STAT:MEAS:COND?") == "8" or bench.ask("source J2", ":STAT:MEAS:COND?") == "8"


def test_a_drifting_junction_moves_from_when_it_began():
    bench = running()
    bench.wait(2.0)
    bench.add_fault("junction J1:drift=7200,18000")
    model = bench.circuit.chain.models[0]
    hours = bench.schedule.now_s / 3600.0
    assert model.critical_current_up_a + model.critical_drift_a_per_h * hours == pytest.approx(224e-6)
    assert reading_v(bench, 1) == pytest.approx(TRUE_V, rel=2e-3)
    bench.wait(2.0)
    assert abs(reading_v(bench, 1)) > abs(TRUE_V) * 1.05


def test_a_back_hopping_junction_leaves_both_states_again_and_again_at_high_current():
    bench = running()
    bench.add_fault("junction J1:back-hopping")
    bench.send("source J1", ":SOUR:CURR 3e-4")
    bench.wait(1.0)
    found = [states[0] for _, states in bench.log.of("states")]
    assert found.count("AP") > 20
    assert found.count("P") > 20


def test_a_junction_that_hops_back_is_quiet_at_lower_currents():
    bench = running()
    bench.add_fault("junction J1:back-hopping")
    before = len(bench.log.of("states"))
    bench.wait(1.0)
    assert len(bench.log.of("states")) == before


def test_a_source_that_ignores_its_compliance_drives_on_and_says_nothing():
    bench = running()
    bench.send("source J1", ":SOUR:CURR:COMP 1")
    assert abs(bench.state()["sources_a"][0]) < 4e-4
    bench.add_fault("source J1:ignores-compliance")
    assert bench.state()["sources_a"][0] == CURRENT_A
    assert bench.ask("source J1", ":STAT:MEAS:COND?;:SOUR:CURR:COMP?") == "0;1.000000E+00"


def test_settling_makes_sources_slow():
    bench = running()
    bench.add_fault("sources:settling=0.005")
    bench.send("source J1", ":SOUR:CURR -4e-4")
    assert bench.state()["sources_a"][0] == pytest.approx(-5e-4)
    bench.wait(0.005)
    assert bench.circuit.outputs[0].level_a(bench.schedule.now_s) == pytest.approx(-4.01e-4)
    bench.wait(0.1)
    assert bench.state()["sources_a"][0] == -4e-4


def test_a_dead_output_acknowledges_everything_and_delivers_nothing():
    bench = running()
    bench.add_fault("source J2:dead-output")
    assert bench.ask("source J2", ":SOUR:CURR 1e-4;*OPC?;:OUTP?;:SOUR:CURR?") == "1;1;1.000000E-04"
    assert bench.state()["junctions_a"] == pytest.approx([-500e-6, -500e-6, -680e-6])


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ("voltmeter J4:stuck", "there are 3 junctions"),
        ("junction J9:short", "there are 3 junctions"),
        ("source J1:on-node=J4", "there are 3 junctions"),
        ("voltmeters:swapped=J1,J9", "there are 3 junctions"),
        ("source J2:garbage", "there is no source J2; there are source J1, voltmeter J1"),
        ("sources:swapped=J1,J2", "there is no source J2"),
    ],
)
def test_faults_of_what_is_not_there_are_refused(fault, sentence):
    bench = bench_of(source("6221"), voltmeter("2182A"))
    with pytest.raises(ValueError, match=sentence):
        bench.add_fault(fault)


def test_faults_of_a_specification_are_there_from_the_start():
    bench = three_and_three(faults=("source J1:dead-output", "voltmeter J1:reversed"))
    switch_on(bench, CURRENT_A, CURRENT_A, 0.0)
    assert bench.state()["junctions_a"][0] == 0.0
    assert len(bench.log.of("fault")) == 2


def test_the_chain_as_it_should_be_reads_what_it_should():
    bench = running()
    assert readings_v(bench) == pytest.approx(all_antiparallel_v(CURRENT_A, 120e-6, -180e-6), abs=1e-6)
    assert spec_of().faults == ()
