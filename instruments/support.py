"""What this computer lacks to reach an address: a VISA library, a driver of an interface, the right to use a port."""

import os
import re
import warnings

import pyvisa
from pyvisa import rname
from pyvisa.constants import InterfaceType
from pyvisa.highlevel import VisaLibraryBase, open_visa_library

NO_LIBRARY = "Install it, or write visa_library = '@py' under [link]: PyVISA-py comes with mtjlab."
NAMES = {InterfaceType.gpib: "GPIB", InterfaceType.usb: "USB", InterfaceType.asrl: "serial ports"}
REMEDIES = {
    InterfaceType.gpib: "{ni_visa}, with the driver of the adapter (NI-488.2); or install linux-gpib and run "
    '`pip install "mtjlab[gpib]"`.',
    InterfaceType.usb: 'Run `pip install "mtjlab[usb]"`; or {ni_visa}.',
    InterfaceType.asrl: "Run `pip install pyserial`.",
}
PORT_RIGHTS = (
    "This user may not open the port: add the user to the group that owns it (`sudo usermod -a -G dialout $USER` on "
    "most systems) and log in again."
)
warnings.filterwarnings("ignore", "GPIB library not found")  # gpib-ctypes says so to those who use no GPIB, too
_PORT = re.compile(r"ASRL(/.+)::INSTR", re.IGNORECASE)


def problem_of(address: str, library: str) -> str:
    """What is missing on this computer to reach ``address`` over a VISA library, and the remedy; empty if nothing is.

    Nothing is opened. A VISA library of the system does not say which interfaces it has: it is believed to have all.
    """
    try:
        visa = open_visa_library(library)
    except (pyvisa.Error, OSError, ValueError) as error:
        reason = " ".join(str(error).split()).rstrip(":.")
        return f"the VISA library {library!r} cannot be loaded ({reason}). {NO_LIBRARY}"
    try:
        parsed = rname.parse_resource_name(address)
    except rname.InvalidResourceName:
        return ""
    missing = _missing_interface(visa, parsed.interface_type_const, parsed.resource_class)
    return f"{missing} {_remedy(parsed.interface_type_const, library)}" if missing else _missing_rights(address)


def _missing_interface(visa: VisaLibraryBase, interface: InterfaceType, resource_class: str) -> str:
    """What PyVISA-py lacks for an interface. It has no GPIB driver if it has no GPIB interface itself."""
    if not type(visa).__module__.startswith("pyvisa_py"):
        return ""
    from pyvisa_py.sessions import Session, UnavailableSession  # noqa: PLC0415  only where it is the library in use

    name = NAMES.get(interface, interface.name.upper())
    try:
        session = Session.get_session_class(interface, "INTFC" if interface is InterfaceType.gpib else resource_class)
    except ValueError:
        return f"PyVISA-py cannot use {name}."
    return f"PyVISA-py has no driver for {name}." if issubclass(session, UnavailableSession) else ""


def _remedy(interface: InterfaceType, library: str) -> str:
    ni_visa = "install NI-VISA and write visa_library = '' under [link]" if library else "install NI-VISA"
    remedy = REMEDIES.get(interface, "{ni_visa}.").format(ni_visa=ni_visa)
    return f"{remedy[0].upper()}{remedy[1:]}"


def _missing_rights(address: str) -> str:
    """Whether the device file of a serial port may be opened; one that does not exist is not a matter of rights."""
    found = _PORT.fullmatch(address)
    if found is None or not os.path.exists(found[1]) or os.access(found[1], os.R_OK | os.W_OK):
        return ""
    return f"{found[1]} cannot be opened. {PORT_RIGHTS}"
