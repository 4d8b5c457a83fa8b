"""By which names an instrument is locked: ways to one instrument meet, two instruments do not."""

import socket
import threading
from time import monotonic

import pytest

from instruments import lock_names
from instruments.interfaces import Identity
from instruments.lock_names import canonical, name_of_instrument, names_of_addresses

HOSTS = {"LOCALHOST": ["127.0.0.1", "::1"], "SOURCE-1.LAB": ["10.0.0.7"], "10.0.0.7": ["10.0.0.7"]}


@pytest.fixture(autouse=True)
def hosts(monkeypatch):
    """The names of a laboratory, without asking a network."""

    def look_up(host, port):
        if host not in HOSTS:
            raise socket.gaierror
        return [(None, None, None, "", (address, 0)) for address in HOSTS[host]]

    monkeypatch.setattr(lock_names.socket, "getaddrinfo", look_up)


def meet(one, other):
    names = names_of_addresses([one, other])
    return bool(names[one] & names[other])


@pytest.mark.parametrize(
    ("spelling", "address"),
    [
        ("gpib::12", "GPIB0::12::INSTR"),
        (" GPIB0::12::INSTR ", "GPIB0::12::INSTR"),
        ("tcpip::127.0.0.1::5025::socket", "TCPIP0::127.0.0.1::5025::SOCKET"),
        ("usb0::0x05e6::0x6500::04432::INSTR", "USB0::0X05E6::0X6500::04432::0::INSTR"),
        ("nonsense", "NONSENSE"),
    ],
)
def test_an_address_has_one_spelling(spelling, address):
    assert canonical(spelling) == address


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("TCPIP::localhost::5025::SOCKET", "tcpip0::127.0.0.1::5025::socket"),
        ("TCPIP::source-1.lab::INSTR", "TCPIP0::10.0.0.7::inst0::INSTR"),
        ("TCPIP::source-1.lab::INSTR", "TCPIP1::SOURCE-1.LAB::inst0"),
        ("TCPIP::unknown.lab::5025::SOCKET", "TCPIP0::UNKNOWN.LAB::5025::SOCKET"),
        ("USB0::0x05E6::0x6500::04432::INSTR", "USB1::1510::25856::04432::0::INSTR"),
        ("USB0::0x05E6::0x6500::04432::INSTR", "USB0::0x05E6::0x6500::04432::1::RAW"),
        ("GPIB::12", "gpib0::12::INSTR"),
    ],
)
def test_two_ways_to_write_the_address_of_one_instrument_meet(one, other):
    assert meet(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("TCPIP::127.0.0.1::5025::SOCKET", "TCPIP::127.0.0.1::5026::SOCKET"),
        ("TCPIP::10.0.0.7::inst0::INSTR", "TCPIP::10.0.0.7::gpib0,12::INSTR"),
        ("TCPIP::unknown.lab::INSTR", "TCPIP::unknown-2.lab::INSTR"),
        ("USB0::0x05E6::0x6500::04432::INSTR", "USB0::0x05E6::0x6500::04433::INSTR"),
        ("GPIB0::12::INSTR", "GPIB1::12::INSTR"),
        ("GPIB0::12::INSTR", "GPIB0::12::1::INSTR"),
    ],
)
def test_two_instruments_do_not(one, other):
    assert not meet(one, other)


def test_a_serial_port_is_its_device_however_it_is_called(tmp_path):
    (tmp_path / "ttyUSB0").touch()
    (tmp_path / "by-id").symlink_to(tmp_path / "ttyUSB0")
    assert meet(f"ASRL{tmp_path}/ttyUSB0::INSTR", f"ASRL{tmp_path}/by-id::INSTR")
    assert not meet(f"ASRL{tmp_path}/ttyUSB0::INSTR", f"ASRL{tmp_path}/ttyusb0::INSTR")


def test_hosts_that_nobody_knows_hold_nobody_up(monkeypatch):
    """A name server that does not answer lets each look-up wait for half a minute."""
    asked, answered = [], threading.Event()

    def look_up(host, port):
        asked.append(host)
        answered.wait()
        return []

    monkeypatch.setattr(lock_names.socket, "getaddrinfo", look_up)
    monkeypatch.setattr(lock_names, "RESOLVES_WITHIN_S", 0.05)
    addresses = [f"TCPIP::unknown-{n}.lab::INSTR" for n in range(20)]
    began_s = monotonic()
    names = names_of_addresses(addresses)
    assert monotonic() - began_s < 20
    answered.set()
    assert len(asked) == len(set().union(*names.values())) == 20


def test_an_instrument_is_known_by_maker_model_and_serial_number_whatever_its_firmware():
    one, other = (Identity("KEITHLEY", "MODEL 6221", "1234567", firmware) for firmware in ("D01", "D04"))
    assert name_of_instrument(one) == name_of_instrument(other) == "KEITHLEY MODEL 6221 NO. 1234567"


@pytest.mark.parametrize("serial", ["", "0", "0000-00", "none", "N/A"])
def test_a_serial_number_that_many_have_distinguishes_nothing(serial):
    assert name_of_instrument(Identity("NOBODY", "CLONE", serial, "1")) is None
