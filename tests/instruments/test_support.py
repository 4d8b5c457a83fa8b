"""What this computer lacks to reach an address: one sentence with its remedy, and nothing is opened."""

import pytest
import pyvisa
from pyvisa.constants import InterfaceType, StatusCode
from pyvisa_py.sessions import Session, UnavailableSession

from instruments import support
from instruments.connect import query_identity
from instruments.interfaces import MissingSupportError, NoReplyError
from instruments.line import Line
from instruments.support import problem_of

MISSING = type("Missing", (UnavailableSession,), {"session_issue": "Please install something."})
GPIB, USB, PORT = "GPIB0::12::INSTR", "USB0::0x5E6::0x2280::1::INSTR", "ASRL/dev/ttyUSB0::INSTR"


@pytest.fixture(params=[(InterfaceType.gpib, "INTFC"), (InterfaceType.usb, "INSTR")], ids=["GPIB", "USB"])
def without_driver(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """An address for which PyVISA-py has no driver, whatever is installed here."""
    monkeypatch.setitem(Session._session_classes, request.param, MISSING)
    return GPIB if request.param[0] is InterfaceType.gpib else USB


@pytest.mark.parametrize("library", ["@py", ""])
def test_a_missing_driver_is_named_with_what_to_install(
    without_driver: str, library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pyvisa.highlevel._get_default_wrapper", lambda: "py")
    name, extra = ("GPIB", "mtjlab[gpib]") if without_driver == GPIB else ("USB", "mtjlab[usb]")
    problem = problem_of(without_driver, library)
    assert problem.startswith(f"PyVISA-py has no driver for {name}. ")
    assert f'`pip install "{extra}"`' in problem
    assert "nstall NI-VISA" in problem
    assert ("visa_library = ''" in problem) is (library == "@py")


def test_an_interface_that_pyvisa_py_does_not_know_needs_another_library() -> None:
    assert problem_of("VXI0::7::INSTR", "@py").startswith("PyVISA-py cannot use VXI. Install NI-VISA")


@pytest.mark.parametrize("address", ["TCPIP0::127.0.0.1::5025::SOCKET", "ASRL/dev/no-such-port::INSTR", "nonsense"])
def test_nothing_is_missing_where_only_the_instrument_may_be(address: str) -> None:
    assert problem_of(address, "@py") == ""


@pytest.mark.parametrize("library", ["@nobody", "/no/such/libvisa.so"])
def test_a_library_that_cannot_be_loaded_is_named_with_one_that_can(library: str) -> None:
    problem = problem_of(GPIB, library)
    assert problem.startswith(f"the VISA library '{library}' cannot be loaded (")
    assert problem.endswith("or write visa_library = '@py' under [link]: PyVISA-py comes with mtjlab.")


def test_a_port_that_belongs_to_others_is_named_with_the_command_that_helps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(support.os.path, "exists", lambda path: path == "/dev/ttyUSB0")
    monkeypatch.setattr(support.os, "access", lambda path, mode: False)
    assert problem_of(PORT, "@py").startswith("/dev/ttyUSB0 cannot be opened. This user may not open the port: ")


def test_opening_says_what_is_missing_and_not_that_there_was_no_reply(without_driver: str) -> None:
    with pytest.raises(MissingSupportError) as caught:
        Line("source J1", without_driver, "@py", 0.1)
    assert str(caught.value) == (f"source J1 ({without_driver}): cannot be opened: {problem_of(without_driver, '@py')}")
    found = query_identity(without_driver, "@py")
    assert found.problem == f"resource ({without_driver}): cannot be opened: {problem_of(without_driver, '@py')}"


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        (StatusCode.error_library_not_found, "install the driver of the adapter, such as NI-488.2"),
        (StatusCode.error_interface_number_not_configured, "check the number in the address"),
        (StatusCode.error_no_permission, "This user may not open it: see `mtjlab help instruments`."),
    ],
)
def test_codes_of_a_visa_library_of_the_system_come_with_advice(
    code: StatusCode, advice: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*arguments: object, **options: object) -> None:
        raise pyvisa.VisaIOError(code)

    monkeypatch.setattr(pyvisa.ResourceManager, "open_resource", refuse)
    with pytest.raises(NoReplyError, match=r"source J1 .*cannot be opened \(VI_ERROR_") as caught:
        Line("source J1", "TCPIP0::127.0.0.1::5025::SOCKET", "@py", 0.1)
    assert advice in str(caught.value)


def test_a_usb_device_that_is_not_found_may_be_one_that_this_user_may_not_open(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object, **options: object) -> None:
        raise ValueError("No device found.")

    monkeypatch.setattr(pyvisa.ResourceManager, "open_resource", refuse)
    with pytest.raises(NoReplyError, match="whether this user may open USB instruments"):
        Line("source J1", "TCPIP0::127.0.0.1::5025::SOCKET", "@py", 0.1)
