"""The line to an instrument at a serial port, byte for byte, over a pair of pseudo-terminals."""

import os
import sys
from collections.abc import Iterator
from typing import Any
from unittest.mock import MagicMock

import pytest
from pyvisa.constants import InterfaceType, Parity

from instruments.interfaces import NoReplyError, SerialSettings
from instruments.line import Line

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")


class Instrument:
    """The other end of a serial port."""

    def __init__(self) -> None:
        import tty  # noqa: PLC0415  not on Windows

        self._end, self._port = os.openpty()
        tty.setraw(self._port)
        self.address = f"ASRL{os.ttyname(self._port)}::INSTR"

    def heard(self, count: int) -> bytes:
        came = b""
        while len(came) < count:
            came += os.read(self._end, count - len(came))
        return came

    def says(self, reply: bytes) -> None:
        os.write(self._end, reply)

    @property
    def speeds(self) -> tuple[int, int]:
        import termios  # noqa: PLC0415

        told: list[Any] = termios.tcgetattr(self._port)
        return told[4], told[5]

    def close(self) -> None:
        os.close(self._port)
        os.close(self._end)


@pytest.fixture
def instrument() -> Iterator[Instrument]:
    made = Instrument()
    yield made
    made.close()


def line_to(instrument: Instrument, timeout_s: float = 10.0, **settings: Any) -> Line:
    return Line("source J1", instrument.address, "@py", timeout_s, serial=SerialSettings(**settings))


@pytest.mark.parametrize("terminator", ["\r", "\n", "\r\n"])
def test_messages_end_both_ways_as_the_settings_say(instrument: Instrument, terminator: str) -> None:
    line, end = line_to(instrument, terminator=terminator), terminator.encode()
    for question, answer in ((b"*IDN?", "KEITHLEY INSTRUMENTS INC.,MODEL 2400,1,C30"), (b":READ?", "+1.000000E-01")):
        line.write(question.decode())
        assert instrument.heard(len(question + end)) == question + end
        instrument.says(answer.encode() + end)
        assert line.read() == answer
    line.close()


def test_a_2400_is_understood_as_it_leaves_the_factory(instrument: Instrument) -> None:
    line = line_to(instrument)
    line.write(":OUTP?")
    assert instrument.heard(7) == b":OUTP?\r"
    assert (line.connection.baud_rate, line.connection.parity) == (9600, Parity.none)
    line.close()


@pytest.mark.parametrize("baud_rate", [1200, 57600])
def test_a_port_is_as_fast_as_the_settings_say_also_after_reopening(instrument: Instrument, baud_rate: int) -> None:
    import termios  # noqa: PLC0415

    line = line_to(instrument, baud_rate=baud_rate)
    for _ in range(2):
        assert instrument.speeds == (getattr(termios, f"B{baud_rate}"),) * 2
        line.reopen()
    line.close()


@pytest.mark.parametrize("parity", ["none", "even", "odd"])
def test_the_parity_is_asked_for(monkeypatch: pytest.MonkeyPatch, parity: str) -> None:
    """Pseudo-terminals have none."""
    manager = MagicMock()
    manager.resource_info.return_value.interface_type = InterfaceType.asrl
    monkeypatch.setattr("pyvisa.ResourceManager", lambda library: manager)
    Line("source J1", "ASRL3::INSTR", "", 1.0, serial=SerialSettings(parity=parity))  # type: ignore[arg-type]
    assert manager.open_resource.call_args.kwargs["parity"] is Parity[parity]


def test_a_port_that_cannot_be_set_so_is_named(monkeypatch: pytest.MonkeyPatch, instrument: Instrument) -> None:
    import termios  # noqa: PLC0415

    def refused(*_: object) -> None:
        raise termios.error(22, "Invalid argument")

    monkeypatch.setattr("termios.tcsetattr", refused)
    with pytest.raises(NoReplyError, match=r"source J1 \(ASRL/dev/.*cannot be opened .*Invalid argument"):
        line_to(instrument)


def test_silence_says_what_to_compare(instrument: Instrument) -> None:
    line = line_to(instrument, 0.05, baud_rate=19200)
    line.write("*IDN?")
    with pytest.raises(NoReplyError, match=r"19200 baud, parity none, terminator '\\r': compare baud_rate, parity and"):
        line.read()
    line.close()


def test_what_was_left_of_an_earlier_talk_answers_nothing(instrument: Instrument) -> None:
    line = line_to(instrument)
    line.write(":READ?")
    instrument.heard(7)
    instrument.says(b"+9.000000E+00\r")
    line.reopen()
    line.write("*IDN?")
    assert instrument.heard(6) == b"*IDN?\r"
    instrument.says(b"KEITHLEY\r")
    assert line.read() == "KEITHLEY"
    line.close()
