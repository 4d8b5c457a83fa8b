"""The line to one instrument, over a loopback socket."""

import socket
from unittest.mock import MagicMock

import pytest
import pyvisa
from pyvisa.constants import StatusCode

from instruments.interfaces import HeldError, InstrumentError, NoReplyError
from instruments.line import Line
from tests.instruments.loopback import HANG_UP, SILENCE, Loopback


def line_to(instrument, timeout_s=0.1):
    return Line("source 1", instrument.address, "@py", timeout_s)


def ask(line):
    line.write("*IDN?")
    return line.read()


def socket_of(line):
    return line.connection.visalib.sessions[line.connection.session].interface


def test_messages_do_not_wait_for_nagle_also_after_reopening():
    with Loopback(lambda message: "hello") as instrument:
        line = line_to(instrument)
        for _ in range(2):
            assert socket_of(line).getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
            line.reopen()
        line.close()


def test_silence_names_role_address_and_message():
    with Loopback(lambda message: SILENCE) as instrument:
        line = line_to(instrument)
        line.write(":SOUR:CURR?")
        with pytest.raises(NoReplyError) as caught:
            line.read()
        line.close()
    assert str(caught.value) == (
        f"source 1 ({instrument.address}): sent ':SOUR:CURR?', no reply within 0.1 s (VI_ERROR_TMO)."
    )


def test_an_instrument_that_hangs_up_is_an_error_of_its_own_line_not_of_the_operating_system():
    with Loopback(lambda message: HANG_UP) as instrument:
        line = line_to(instrument)
        line.write("*IDN?")
        with pytest.raises(NoReplyError, match="source 1"):
            line.read()
        instrument.stop_listening()
        for _ in range(3):  # a socket notices at the first, second or third message that nobody is there
            with pytest.raises(NoReplyError, match="source 1"):
                ask(line)
        line.close()


def test_bytes_that_are_not_text_are_quoted():
    with Loopback(lambda message: b"\xff\xfe\n") as instrument:
        line = line_to(instrument)
        line.write(":READ?")
        with pytest.raises(InstrumentError, match=r"sent ':READ\?', received b'\\xff\\xfe"):
            line.read()
        line.close()


def test_an_address_that_visa_does_not_understand_is_named():
    with pytest.raises(NoReplyError, match=r"meter 2 \(GPIB12\): cannot be opened"):
        Line("meter 2", "GPIB12", "@py", 0.1)


def test_the_timeout_grows_with_the_integration_and_falls_back_to_it_after_reopening():
    with Loopback(lambda message: "hello") as instrument:
        line = line_to(instrument, timeout_s=0.5)
        assert line.connection.timeout == 500
        line.allow(integration_s=0.25)
        assert line.connection.timeout == 1500
        line.allow(integration_s=0.0)
        assert line.connection.timeout == 500
        line.allow(integration_s=1.0)
        line.reopen()
        assert line.connection.timeout == 500
        line.close()


def visa_error(status):
    return pyvisa.VisaIOError(status)


@pytest.fixture
def session(monkeypatch):
    """A session with an instrument on a bus, that keeps no lock unless a test says so."""
    opened = MagicMock()
    monkeypatch.setattr(pyvisa.ResourceManager, "open_resource", lambda manager, address, **options: opened)
    return opened


def said_to(session):
    return [name for name, *_ in session.mock_calls if not name.startswith("visalib.")]


@pytest.mark.parametrize("address", ["GPIB0::7::INSTR", "USB0::1510::25856::04432::INSTR", "TCPIP::10.0.0.7::INSTR"])
def test_an_exclusive_line_is_locked_before_anything_is_sent_and_again_when_it_is_reopened(session, address):
    line = Line("meter 2", address, "@py", 0.1, exclusive=True)
    assert said_to(session) == ["lock_excl", "clear"]
    session.lock_excl.assert_called_once_with(0)
    session.reset_mock()
    line.reopen()
    assert said_to(session) == ["close", "lock_excl", "clear"]


def test_an_instrument_that_another_computer_has_locked_is_in_use_and_nothing_is_sent_to_it(session):
    session.lock_excl.side_effect = visa_error(StatusCode.error_resource_locked)
    with pytest.raises(HeldError, match=r"meter 2 \(GPIB0::7::INSTR\).*another program or computer has locked it"):
        Line("meter 2", "GPIB0::7::INSTR", "@py", 0.1, exclusive=True)
    assert said_to(session) == ["lock_excl"]


def test_a_lock_that_is_met_later_is_told_as_such(session):
    line = Line("meter 2", "GPIB0::7::INSTR", "@py", 0.1)
    session.lock_excl.assert_not_called()
    session.write.side_effect = visa_error(StatusCode.error_resource_locked)
    with pytest.raises(HeldError, match=r"':READ\?' could not be sent: another program or computer"):
        line.write(":READ?")


def test_a_library_that_cannot_lock_is_used_without(session):
    session.lock_excl.side_effect = visa_error(StatusCode.error_nonsupported_operation)
    Line("meter 2", "GPIB0::7::INSTR", "@py", 0.1, exclusive=True)
    session.clear.assert_called_once_with()


def test_a_socket_has_no_lock_and_is_used_without():
    with Loopback(lambda message: "hello") as instrument:
        line = Line("source 1", instrument.address, "@py", 0.1, exclusive=True)
        assert ask(line) == "hello"
        line.close()


def test_on_a_bus_the_instrument_is_cleared_because_another_program_may_have_died_before_its_answer(monkeypatch):
    sessions = [MagicMock(), MagicMock()]
    left = list(sessions)
    monkeypatch.setattr(pyvisa.ResourceManager, "open_resource", lambda manager, address, **options: left.pop(0))
    line = Line("meter 2", "GPIB0::7::INSTR", "@py", 0.1)
    sessions[0].clear.assert_called_once_with()
    line.reopen()
    sessions[0].close.assert_called_once_with()
    sessions[1].clear.assert_called_once_with()
    line.close()
