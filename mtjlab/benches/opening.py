"""Opening the instruments of a bench file: one program at an address, one session for an instrument."""

from collections.abc import Iterator
from contextlib import contextmanager

from instruments.interfaces import Instrument, InstrumentError
from instruments.locks import HeldError, Hold, usual_folder
from mtjlab.benches.parts import Part
from mtjlab.config import InstrumentBenchConfig, Link
from mtjlab.errors import RefusedError

LOCKS = usual_folder("mtjlab")


class Opener:
    """Opens instruments over one VISA library; imports the drivers only then, as no chain in process needs them."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def open(self, part: Part) -> Instrument:
        """The instrument that plays ``part``, asked who it is. Raises InstrumentError if it is none of that model."""
        from instruments.connect import open_instrument  # noqa: PLC0415

        link = self._link
        instrument: Instrument = open_instrument(part.model, part.role, part.address, link.visa_library, link.timeout_s)
        return instrument

    def cut_if_silent(self, part: Part) -> str:
        """Tell the source that plays ``part`` to go to zero, output off, if nobody answers there; says so."""
        from instruments.connect import cut_if_silent  # noqa: PLC0415

        link = self._link
        try:
            cut = cut_if_silent(part.model, part.role, part.address, link.visa_library, link.timeout_s)
        except InstrumentError as error:
            return f"{error} It could not even be told to go to zero."
        return f"{part.role} ({part.address}) was told to go to zero, without confirmation." if cut else ""


@contextmanager
def held(bench: InstrumentBenchConfig, program: str) -> Iterator[None]:
    """No other program uses the instruments of ``bench`` meanwhile; ``program`` is what others are told.

    Raises:
        RefusedError: another program holds one of them.
    """
    try:
        hold = Hold(bench.addresses, LOCKS, program)
    except HeldError as error:
        raise RefusedError(str(error)) from error
    with hold:
        yield
