"""Opening instruments, and finding out what is there."""

import pytest
import pyvisa

from instruments.connect import (
    Endpoint,
    Resource,
    back_ends,
    cut_if_silent,
    find_resources,
    open_instrument,
    query_identity,
)
from instruments.current_sources import Keithley6221
from instruments.interfaces import HeldError, InstrumentError, NoReplyError
from tests.instruments.loopback import HANG_UP, IDENTITY_6221, SILENCE, Loopback


def recognised(identity):
    """Nobody else uses it."""


def held_elsewhere(identity):
    raise HeldError(f"{identity} is held by another program.")


def open_6221(address):
    return open_instrument(Endpoint("Keithley 6221", "source 1", address, "@py", 0.1), recognised)


def test_opening_asks_for_the_identity_and_nothing_else():
    with Loopback(lambda message: IDENTITY_6221) as instrument:
        source = open_6221(instrument.address)
        assert isinstance(source, Keithley6221)
        assert source.name == f"source 1 (Keithley 6221, {instrument.address})"
        assert source.identity().serial == "1234567"
        source.close()
    assert set(instrument.heard) == {"*IDN?"}


def test_a_port_where_nobody_listens_is_an_error_though_visa_opens_it():
    with Loopback(lambda message: SILENCE) as instrument:
        instrument.stop_listening()
        with pytest.raises(NoReplyError, match="source 1"):
            open_6221(instrument.address)


def test_another_model_is_refused_and_its_connection_closed():
    with (
        Loopback(lambda message: "KEITHLEY INSTRUMENTS INC.,MODEL 2182A,1,A") as instrument,
        pytest.raises(InstrumentError, match=r"MODEL 2182A.*not a Keithley 6221"),
    ):
        open_6221(instrument.address)


@pytest.mark.parametrize("model", ["Keithley 9999", "by hand"])
def test_a_model_that_is_not_on_any_bus_is_refused_with_those_that_are(model):
    with pytest.raises(InstrumentError, match=r"no driver for model.*Keithley 6221, "):
        open_instrument(Endpoint(model, "source 1", "GPIB0::12::INSTR", "@py", 0.1), recognised)


@pytest.mark.parametrize("do", [open_instrument, cut_if_silent])
def test_to_an_instrument_that_another_program_holds_nothing_is_sent_but_the_question_who_it_is(do):
    with Loopback(lambda message: IDENTITY_6221) as instrument:
        where = Endpoint("Keithley 6221", "source 1", instrument.address, "@py", 0.1)
        if do is open_instrument:
            with pytest.raises(HeldError, match="1234567"):
                do(where, held_elsewhere)
        else:
            assert do(where, held_elsewhere) is False
    assert set(instrument.heard) == {"*IDN?"}


def test_all_resources_are_asked_who_they_are_and_none_hinders_another(monkeypatch):
    answers = [lambda message: IDENTITY_6221, lambda message: SILENCE, lambda message: HANG_UP]
    with Loopback(answers[0]) as good, Loopback(answers[1]) as mute, Loopback(answers[2]) as gone:
        addresses = (good.address, mute.address, gone.address, "nonsense")
        monkeypatch.setattr(pyvisa.ResourceManager, "list_resources", lambda manager: addresses)
        found = find_resources("@py", lambda address, library: query_identity(address, library, 0.1))
    assert [resource.address for resource in found] == list(addresses)
    assert found[0] == Resource(good.address, IDENTITY_6221, None)
    assert "no reply within 0.1 s" in found[1].problem
    assert "no reply" in found[2].problem
    assert "nonsense" in found[3].problem


def test_a_library_that_cannot_be_loaded_is_named():
    with pytest.raises(InstrumentError, match="/no/such/library"):
        find_resources("/no/such/library@ivi", query_identity)


def test_back_ends_are_listed_with_what_they_can_do():
    about = {back_end.library: back_end.about for back_end in back_ends()}
    assert "TCPIP SOCKET: Available" in about["@py"]
    assert "@ivi" in about
