"""What all drivers share: strict replies, nothing said to the wrong instrument, nothing written twice."""

import re
import threading

import pytest
from pymeasure.test import expected_protocol

from instruments.current_sources import Keithley6221
from instruments.driver import full_precision
from instruments.interfaces import (
    GarbledReplyError,
    Identity,
    InstrumentError,
    NoReplyError,
    SettingRefusedError,
    SourceSettings,
)
from instruments.line import Line
from instruments.voltmeters import KeithleyDMM6500
from tests.instruments.loopback import HANG_UP, IDENTITY_6221, SILENCE, Loopback


class Bus:
    """A 6221 that answers, but for what the test puts in ``odd``: replies to a message, used up one after another."""

    def __init__(self):
        self.odd = {}
        self.identity = IDENTITY_6221
        self.level = "1.000000E-04"

    def __call__(self, message):
        if self.odd.get(message):
            return self.odd[message].pop(0)
        replies = [self.answer(part) for part in message.split(";")]
        return ";".join(reply for reply in replies if reply is not None) or SILENCE

    def answer(self, part):
        if part.startswith(":SOUR:CURR "):
            self.level = part.split()[1]
        answers = {"*IDN?": self.identity, ":SOUR:CURR?": self.level, "OUTPut?": "1", ":STAT:MEAS:COND?": "0"}
        return answers.get(part, "1") if part.endswith("?") else None


@pytest.fixture
def bus():
    return Bus()


@pytest.fixture
def instrument(bus):
    with Loopback(bus) as loopback:
        yield loopback


@pytest.fixture
def source(instrument):
    source = Keithley6221(Line("source 1", instrument.address, "@py", 0.15))
    source.identity()
    yield source
    source.close()


def test_nothing_is_written_before_the_identity_is_known():
    with expected_protocol(KeithleyDMM6500, []):
        pass


def test_identity():
    with expected_protocol(Keithley6221, [("*IDN?", IDENTITY_6221)]) as source:
        assert source.identity() == Identity("KEITHLEY INSTRUMENTS INC.", "MODEL 6221", "1234567", "D01  /700x")


@pytest.mark.parametrize(
    ("reply", "times"), [("KEITHLEY INSTRUMENTS INC.,MODEL 6220,1,A", 1), ("MODEL 6221", 2), ("garbage", 2)]
)
def test_another_model_is_refused_and_quoted(reply, times):
    """What is no identity at all is asked for once more."""
    with (
        expected_protocol(Keithley6221, [("*IDN?", reply)] * times) as source,
        pytest.raises(InstrumentError, match=rf"sent '\*IDN\?', received '{reply}' \(not a Keithley 6221"),
    ):
        source.identity()


def test_the_error_queue_is_read_until_it_is_empty():
    pairs = [(":SYST:ERR?", '-113,"Undefined header"'), (":SYST:ERR?", '+802,"Output off"'), (":SYST:ERR?", "0,none")]
    with expected_protocol(Keithley6221, pairs) as source:
        assert source.errors() == ('-113,"Undefined header"', '+802,"Output off"')


def twice(query, reply):
    """A reply that makes no sense is asked for again, after a look at who answers."""
    return [(query, reply), ("*IDN?", IDENTITY_6221), (query, reply)]


def test_an_error_queue_of_garbage_is_an_error():
    with (
        expected_protocol(Keithley6221, twice(":SYST:ERR?", "0.123")) as source,
        pytest.raises(InstrumentError, match="not an entry of an error queue"),
    ):
        source.errors()


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        ("nan", "not a number"),
        ("", "not a number"),
        ("hello", "not a number"),
        ("0.1,0.2", "not a number"),
    ],
)
def test_what_is_not_one_number_twice_is_quoted(reply, why):
    with (
        expected_protocol(Keithley6221, twice(":SOUR:CURR?", reply)) as source,
        pytest.raises(InstrumentError) as caught,
    ):
        source.level_a()
    assert f"sent ':SOUR:CURR?', received {reply!r} ({why}" in str(caught.value)
    assert "Keithley 6221" in str(caught.value)


@pytest.mark.parametrize("reply", ["9.91E37", "+9.910000E+37", "9.910000E+37"])
def test_what_scpi_sends_for_not_a_number_is_not_over_range(reply):
    with (
        expected_protocol(Keithley6221, [("SOUR:CURR?", reply)]) as source,
        pytest.raises(InstrumentError, match=rf"received '{re.escape(reply)}' \(the SCPI value for not a number"),
    ):
        source.number("SOUR:CURR?")


@pytest.mark.parametrize("reply", ["9.9E37", "+9.900000E+37", "inf"])
def test_what_is_over_range_is_quoted_and_no_garbage(reply):
    with (
        expected_protocol(Keithley6221, [(":SOUR:CURR?", reply)]) as source,
        pytest.raises(InstrumentError, match=rf"received '{re.escape(reply)}' \(over range"),
    ):
        source.level_a()


@pytest.mark.parametrize("reply", ["2", "", "yes"])
def test_what_is_neither_on_nor_off_twice_is_quoted(reply):
    with (
        expected_protocol(Keithley6221, twice("OUTPut?", reply)) as source,
        pytest.raises(InstrumentError, match=rf"sent 'OUTPut\?', received '{reply}'"),
    ):
        source.output_is_on()


def test_a_misspelt_property_is_refused():
    with expected_protocol(Keithley6221, []) as source:
        with pytest.raises(AttributeError, match="source_curent"):
            source._device.source_curent = 1.0
        with pytest.raises(AttributeError):
            source._device.enable_source = True


@pytest.mark.parametrize("value", [1e-4, -0.000380001234567, 1 / 3, 4e-07, 5e-324])
def test_numbers_are_sent_with_all_their_digits(value):
    assert float(full_precision(value)) == value
    assert full_precision(-0.0) == "0.0"


def test_a_query_is_asked_again_on_a_new_connection_to_the_same_instrument(source, instrument, bus):
    bus.odd[":SOUR:CURR?"] = [SILENCE]
    assert source.level_a() == 1e-4
    assert instrument.heard == ["*IDN?", ":SOUR:CURR?", "*IDN?", ":SOUR:CURR?"]
    assert instrument.connections == 2


SETS_50_UA = ":STAT:MEAS:COND?;:SOUR:CURR 5e-05;:SOUR:CURR?;*OPC?"


def test_a_level_that_was_set_though_no_reply_came_is_not_sent_again(source, instrument, bus):
    source.write_level(1e-4)
    bus.odd[SETS_50_UA] = [SILENCE]
    bus.odd[":SOUR:CURR?"] = ["5.000000E-05"]
    source.write_level(5e-5)
    assert instrument.heard.count(SETS_50_UA) == 1
    assert instrument.heard[-2:] == ["*IDN?", ":SOUR:CURR?"]


@pytest.mark.parametrize("lost", [SILENCE, HANG_UP])
def test_a_level_that_was_lost_in_a_connection_that_is_gone_is_set_over_a_new_one(source, instrument, bus, lost):
    source.write_level(1e-4)
    bus.odd[SETS_50_UA] = [lost, "0;5e-05;1"]
    source.write_level(5e-5)
    assert instrument.heard[-4:] == [SETS_50_UA, "*IDN?", ":SOUR:CURR?", SETS_50_UA]


def test_an_off_that_was_lost_in_a_connection_that_is_gone_is_said_over_a_new_one(source, instrument, bus):
    bus.odd["OUTPut?"] = [HANG_UP, "1", "0"]
    source.switch_off()
    assert instrument.heard[1:] == ["OUTPut 0", "OUTPut?", "*IDN?", "OUTPut?", "OUTPut 0", "OUTPut?"]


def test_another_instrument_is_not_sent_a_level_whose_reply_was_lost(source, instrument, bus):
    source.write_level(1e-4)
    bus.odd[SETS_50_UA] = [SILENCE]
    bus.identity = IDENTITY_6221.replace("1234567", "7654321")
    with pytest.raises(InstrumentError, match="expected "):
        source.write_level(5e-5)
    with pytest.raises(InstrumentError, match="expected "):
        source.cut()
    sent = instrument.heard[instrument.heard.index(SETS_50_UA) + 1 :]
    assert set(sent) == {"*IDN?"}


def test_the_last_resort_reaches_an_instrument_that_says_nothing_any_more(source, instrument, bus):
    bus.identity = SILENCE
    source.cut()
    instrument.wait_until_heard(":OUTP OFF")
    assert instrument.heard[-3:] == ["*IDN?", ":SOUR:CURR 0.0", ":OUTP OFF"]


def test_only_who_is_expected_is_spoken_to(source, instrument):
    source.expect(Identity("KEITHLEY INSTRUMENTS INC.", "MODEL 6221", "7654321", "any"))
    with pytest.raises(InstrumentError, match=r"expected .*7654321"):
        source.identity()


def test_a_late_reply_never_answers_the_next_query(source, instrument, bus):
    late = threading.Event()

    def answer(message):
        if message == SETS_50_UA:
            late.wait(5)
            return "8;5e-05;1"
        return bus(message)

    source.level_a()
    instrument.answer = answer
    with pytest.raises(NoReplyError):
        source.write_level(5e-5)
    late.set()
    assert source.level_a() == 1e-4
    assert source.in_compliance() is False


def test_a_reply_that_nobody_read_never_answers_the_next_query(source, instrument):
    source.write(":STAT:MEAS:COND?")
    instrument.wait_until_heard(":STAT:MEAS:COND?")
    assert source.level_a() == 1e-4
    assert instrument.heard[-2:] == ["*IDN?", ":SOUR:CURR?"]
    assert instrument.connections == 2


@pytest.mark.parametrize("garbage", ["garbage", b"\xff\xff\n"])
def test_garbage_is_asked_for_again_on_a_new_connection_to_the_same_instrument(source, instrument, bus, garbage):
    bus.odd[":SOUR:CURR?"] = [garbage]
    assert source.level_a() == 1e-4
    assert instrument.heard == ["*IDN?", ":SOUR:CURR?", "*IDN?", ":SOUR:CURR?"]
    assert instrument.connections == 2


@pytest.mark.parametrize(("garbage", "quoted"), [("garbage", "'garbage'"), (b"\xff\xff\n", r"b'\\xff\\xff")])
def test_garbage_twice_is_quoted(source, bus, garbage, quoted):
    bus.odd[":SOUR:CURR?"] = [garbage] * 2
    with pytest.raises(GarbledReplyError, match=f"received {quoted}"):
        source.level_a()
    assert source.level_a() == 1e-4


def test_an_instrument_that_hung_up_is_found_again(source, instrument, bus):
    bus.odd[":SOUR:CURR?"] = [HANG_UP]
    assert source.level_a() == 1e-4
    assert instrument.connections == 2


def test_another_instrument_at_the_address_is_never_spoken_to(source, instrument, bus):
    bus.odd[":SOUR:CURR?"] = [SILENCE]
    bus.identity = IDENTITY_6221.replace("1234567", "7654321")
    for _ in range(3):
        with pytest.raises(InstrumentError, match=r"expected .*1234567"):
            source.level_a()
    with pytest.raises(InstrumentError, match="expected "):
        source.switch_off()
    assert set(instrument.heard[2:]) == {"*IDN?"}


def test_an_instrument_that_is_gone_stays_an_error(source, instrument, bus):
    bus.odd[":SOUR:CURR?"] = [HANG_UP]
    instrument.stop_listening()
    for _ in range(2):
        with pytest.raises(NoReplyError, match="source 1"):
            source.level_a()


def test_only_the_thread_that_opened_it_may_talk(source):
    caught = []

    def talk():
        try:
            source.level_a()
        except RuntimeError as error:
            caught.append(str(error))

    thread = threading.Thread(target=talk)
    thread.start()
    thread.join()
    assert "only the thread that opened" in caught[0]
    assert source.level_a() == 1e-4


def test_a_source_that_was_connected_anew_is_ramped_down_but_not_switched_on_again(source, instrument, bus):
    bus.odd["OUTPut?"] = ["0", SILENCE]
    bus.odd[":SYST:ERR?"] = ["0,none", "0,none"]
    bus.odd[":SOUR:CURR:RANG:AUTO?"] = ["0"]
    bus.odd[":SOUR:CURR:RANG?"] = ["0.002"]
    bus.odd[":SOUR:CURR:COMP?"] = ["2"]
    bus.odd[":SOUR:CURR?"] = ["0"]
    source.prepare_source(SourceSettings(range_a=2e-3, compliance_v=2.0))
    assert source.output_is_on()  # at the second attempt
    source.write_level(0.0)
    with pytest.raises(SettingRefusedError, match="was not prepared since it was connected"):
        source.switch_on()
