"""Opening the instruments of a bench file: one program at an address, one session for an instrument."""

from instruments.connect import open_instrument
from instruments.interfaces import Instrument
from instruments.locks import AddressLock
from mtjlab.benches.instrument_rack import Part
from mtjlab.config import Link


class Opener:
    """Opens instruments over one VISA library and holds the lock of each address while they are open."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._locks: list[AddressLock] = []

    def open(self, part: Part) -> Instrument:
        """The instrument that plays ``part``, locked, and asked who it is.

        Raises:
            InstrumentError: it does not answer, is another, or another program holds it.
        """
        lock = AddressLock(part.address)
        lock.acquire()
        self._locks.append(lock)
        return open_instrument(part.model, part.role, part.address, self._link.visa_library, self._link.timeout_s)

    def release(self) -> None:
        """Let other programs have the addresses."""
        while self._locks:
            self._locks.pop().release()
