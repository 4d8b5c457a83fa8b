"""Sessions with the instruments of a bench file, locked against other programs; their errors as bench faults."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

from instruments.interfaces import (
    ComplianceReachedError,
    HeldError,
    Identity,
    Instrument,
    InstrumentError,
    LevelRefusedError,
    ReplyError,
)
from instruments.locks import Hold, usual_folder
from instruments.traffic import Traffic
from mtjlab.benches.parts import Part
from mtjlab.config import InstrumentBenchConfig, Link
from mtjlab.errors import BenchFaultError, ComplianceFaultError, LevelRefusedFaultError, RefusedError, without_name

if TYPE_CHECKING:
    from instruments.connect import Endpoint


class Claims(Protocol):
    """Locks instruments against other programs."""

    def take(self, *addresses: str) -> None:
        """Nobody else may open these. Raises HeldError if somebody does."""

    def recognise(self, address: str, identity: Identity) -> None:
        """Nobody else may set the instrument that answers there, at whatever address. Raises HeldError."""


class Opener:
    """Opens instruments over one VISA library; imports the drivers only then, as no chain in process needs them.

    Without ``claims`` it holds what it opens itself, until it is closed. To a rescue, which must get through, another
    program at one instrument is no reason to leave the others, and no instrument is locked against other computers.
    ``known`` says who answered at which address before in this run: nobody else is spoken to there. ``traffic`` takes
    all that is said.
    """

    def __init__(
        self,
        link: Link,
        claims: Claims | None = None,
        rescues: bool = False,
        known: Mapping[str, Identity] = MappingProxyType({}),
        traffic: Traffic | None = None,
    ) -> None:
        self._traffic = traffic
        self._link = link
        self._known = known
        self._own = Hold(usual_folder(), Path(sys.argv[0]).name or "a Python session")
        self._claims = claims or self._own
        self._rescues = rescues

    def open(self, part: Part) -> Instrument:
        """The instrument that plays ``part``; nothing but ``*IDN?`` is sent before it is claimed.

        Raises:
            HeldError: another program uses it.
            InstrumentError: it is none of that model, or does not answer.
        """
        from instruments.connect import open_instrument  # noqa: PLC0415

        recognise = partial(self._claims.recognise, part.address)
        try:
            self._claims.take(part.address)
            instrument: Instrument = open_instrument(self._where(part), recognise, exclusive=not self._rescues)
        except HeldError as error:
            if self._rescues:
                raise InstrumentError(str(error)) from error
            raise
        return instrument

    def cut_if_silent(self, part: Part) -> str:
        """Send zero to the source ``part`` if it is identified but gives no valid replies; return what was done."""
        from instruments.connect import cut_if_silent  # noqa: PLC0415

        try:
            cut = cut_if_silent(self._where(part), partial(self._claims.recognise, part.address))
        except ReplyError:
            return f"{part.role} ({part.address}): zero could not be sent to it."
        except InstrumentError as error:
            return f"{part.role} ({part.address}): zero could not be sent to it: {without_name(str(error))}"
        return f"{part.role} ({part.address}): zero was sent without confirmation." if cut else ""

    def close(self) -> None:
        """Release its own locks."""
        self._own.release()

    def _where(self, part: Part) -> "Endpoint":
        from instruments.connect import Endpoint  # noqa: PLC0415

        link, known = self._link, self._known.get(part.address)
        return Endpoint(
            part.model, part.role, part.address, link.visa_library, link.timeout_s, part.serial, known, self._traffic
        )


@contextmanager
def held(bench: InstrumentBenchConfig, program: str) -> Iterator[Hold]:
    """No other program uses the instruments of ``bench`` meanwhile; ``program`` is what others are told.

    Raises:
        RefusedError: another program holds one of them.
    """
    with Hold(usual_folder(), program) as hold:
        try:
            hold.take(*bench.addresses)
        except HeldError as error:
            raise RefusedError(str(error)) from error
        yield hold


@contextmanager
def bench_faults() -> Iterator[None]:
    """Raise errors of instruments as bench faults."""
    try:
        yield
    except ComplianceReachedError as error:
        raise ComplianceFaultError(str(error)) from error
    except LevelRefusedError as error:
        raise LevelRefusedFaultError(str(error), error.level_a) from error
    except InstrumentError as error:
        raise BenchFaultError(str(error)) from error
