"""Names by which an instrument is locked: from its address, and after ``*IDN?`` from its model and serial number.

Two addresses of one instrument should share a name. Host names are resolved; case, defaults and number formats do not
matter. Addresses that cannot be compared, such as a raw socket and ``inst0``, share the name from the serial number.
"""

import os
import socket
import threading
from collections.abc import Iterable
from time import monotonic

from instruments.interfaces import Identity

RESOLVES_WITHIN_S = 1.0
"""Looking up an unknown host can take half a minute; then its name is used as written."""
WITHOUT_SERIAL_NUMBER = ("NONE", "N/A")


def canonical(address: str) -> str:
    """Canonical form of an address: ``gpib::12`` and ``GPIB0::12::INSTR`` are the same instrument."""
    from pyvisa.rname import to_canonical_name  # noqa: PLC0415  it loads numpy, and many programs lock nothing

    try:
        return to_canonical_name(address.strip().upper()).upper()
    except ValueError:
        return address.strip().upper()


def names_of_addresses(addresses: Iterable[str]) -> dict[str, frozenset[str]]:
    """Lock names of each address; hosts are resolved in parallel, within ``RESOLVES_WITHIN_S``."""
    addresses = tuple(addresses)
    known = _resolved({host for address in addresses if (host := _host(address))})
    return {address: _names(address, known.get(_host(address) or "", ())) for address in addresses}


def name_of_instrument(identity: Identity) -> str | None:
    """Lock name of an instrument at any address; None if its serial number is not usable."""
    serial = identity.serial.upper()
    if serial in WITHOUT_SERIAL_NUMBER or not any(sign.isalnum() and sign != "0" for sign in serial):
        return None
    return f"{identity.maker} {identity.model} no. {serial}".upper()


def _names(address: str, resolved: Iterable[str]) -> frozenset[str]:
    whole = canonical(address)
    kind, *rest = whole.split("::")
    if kind.startswith("USB") and len(rest) >= 3:  # the same instrument on any board and interface
        maker, model, serial = _number(rest[0]), _number(rest[1]), rest[2]
        return frozenset([f"USB::{maker}::{model}::{serial}"])
    if kind.startswith("TCPIP") and rest:
        return frozenset("::".join(["TCPIP", host, *rest[1:]]) for host in (rest[0], *resolved))
    if kind.startswith("ASRL/"):  # a device file may have several names, and case matters
        return frozenset([f"ASRL{os.path.realpath(_device(address))}"])
    return frozenset([whole])


def _device(address: str) -> str:
    return address.strip()[len("ASRL") :].split("::")[0]


def _number(text: str) -> str:
    """A vendor or model number, written decimal or hexadecimal, in decimal."""
    try:
        return str(int(text, 0))
    except ValueError:
        return text


def _host(address: str) -> str | None:
    kind, *rest = canonical(address).split("::")
    return rest[0] if kind.startswith("TCPIP") and rest else None


def _resolved(hosts: set[str]) -> dict[str, tuple[str, ...]]:
    """Numeric addresses of each host that are found in time."""
    found: dict[str, tuple[str, ...]] = {}

    def look_up(host: str) -> None:
        found[host] = _numeric(host)

    threads = [threading.Thread(target=look_up, args=(host,), daemon=True) for host in sorted(hosts)]
    end_s = monotonic() + RESOLVES_WITHIN_S
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0.0, end_s - monotonic()))
    return dict(found)


def _numeric(host: str) -> tuple[str, ...]:
    try:
        return tuple(sorted({str(entry[4][0]).upper() for entry in socket.getaddrinfo(host, None)}))
    except (OSError, UnicodeError):
        return ()
