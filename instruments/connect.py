"""Opening and finding instruments. PyVISA keeps one resource manager per process."""

import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import pyvisa
from pyvisa.highlevel import get_wrapper_class, list_backends

from instruments.driver import Driver
from instruments.interfaces import Identity, InstrumentError, ReplyError, SerialSettings
from instruments.line import AS_DELIVERED, Line
from instruments.models import MODELS
from instruments.source import Source
from instruments.traffic import Traffic


@dataclass(frozen=True, slots=True)
class BackEnd:
    """A VISA library that PyVISA can use: its name in bench files, and its version or problem."""

    library: str
    about: str


@dataclass(frozen=True, slots=True)
class Resource:
    """A VISA resource: its reply to ``*IDN?``, or why there is none."""

    address: str
    identity: str | None
    problem: str | None


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An instrument of a bench: its model and role, its address, and its VISA library.

    ``known`` is the identity found there before in this run: any other instrument is refused. ``traffic`` takes all
    that is said.
    """

    model: str
    role: str
    address: str
    library: str
    timeout_s: float
    serial: SerialSettings = AS_DELIVERED
    known: Identity | None = None
    traffic: Traffic | None = None

    def line(self, exclusive: bool = False) -> Line:
        """Open a line to the instrument."""
        return Line(self.role, self.address, self.library, self.timeout_s, exclusive, self.serial, self.traffic)


def open_instrument(endpoint: Endpoint, recognise: Callable[[Identity], None], exclusive: bool = True) -> Driver:
    """Open the instrument and check its model: opening a port succeeds even if no instrument is there.

    Nothing but ``*IDN?`` is sent before ``recognise`` accepts the identity. An ``exclusive`` one is then locked
    against other computers, where VISA or the model has a lock.

    Raises:
        InstrumentError: the model has no driver, nothing answers, another model does, or it is in use.
    """
    instrument = _driver(endpoint)(endpoint.line(exclusive))
    if endpoint.known is not None:
        instrument.expect(endpoint.known)
    try:
        recognise(instrument.identity())
        if exclusive:
            instrument.lock()
    except BaseException:
        instrument.close()
        raise
    return instrument


def cut_if_silent(endpoint: Endpoint, recognise: Callable[[Identity], None]) -> bool:
    """Send level zero and output off to a source that does not answer, or not correctly; whether that was needed.

    For a rescue only, and only for a source that is ``known``: a source that was not identified in this run is sent
    nothing. Another instrument that answers is not touched.

    Raises:
        InstrumentError: nothing can be sent.
    """
    try:
        open_instrument(endpoint, recognise, exclusive=False).close()
    except ReplyError:
        driver = _driver(endpoint)
        if endpoint.known is not None and issubclass(driver, Source):
            source = driver(endpoint.line())
            source.expect(endpoint.known)
            source.cut()
            source.close()
            return True
    except InstrumentError:
        return False
    return False


def back_ends() -> tuple[BackEnd, ...]:
    """VISA libraries that are installed."""
    return tuple(BackEnd(f"@{name}", _about(name)) for name in list_backends())


def find_resources(library: str, ask: Callable[[str, str], Resource]) -> tuple[Resource, ...]:
    """All resources that the library lists (takes about 1 s), each identified with ``ask``, as ``query_identity``.

    Raises:
        InstrumentError: the library cannot be loaded.
    """
    try:
        with warnings.catch_warnings(action="ignore", category=UserWarning):  # about buses that are not used
            addresses = pyvisa.ResourceManager(library).list_resources()
    except (pyvisa.Error, OSError, ValueError) as error:
        raise InstrumentError(
            f"VISA library {library!r}: cannot list resources ({error}). Install one, or use '@py'."
        ) from error
    return tuple(ask(address, library) for address in addresses)


def query_identity(address: str, library: str, timeout_s: float = 0.5) -> Resource:
    """Identity of the instrument at ``address``. Never raises: an error becomes ``problem``."""
    try:
        line = Line("resource", address, library, timeout_s)
        try:
            line.write("*IDN?")
            return Resource(address, line.read().strip(), None)
        finally:
            line.close()
    except Exception as error:  # VISA libraries may raise anything, and the other resources must still be listed
        return Resource(address, None, str(error) or type(error).__name__)


def _driver(endpoint: Endpoint) -> type[Driver]:
    driver = MODELS[endpoint.model].driver if endpoint.model in MODELS else None
    if driver is None:
        known = ", ".join(name for name, one in MODELS.items() if one.driver is not None)
        raise InstrumentError(
            f"{endpoint.role} ({endpoint.address}): there is no driver for model {endpoint.model!r}. There is one for "
            f"{known}."
        )
    return driver


def _about(name: str) -> str:
    try:
        information = get_wrapper_class(name).get_debug_info()
    except Exception as error:  # `mtjlab doctor` reports a broken installation
        return f"cannot be used: {error}"
    facts = {str(key): value for key, value in _items(information)}
    if isinstance(facts.get("GPIB INTFC"), list):  # without it PyVISA-py has no driver for instruments on GPIB either
        facts.pop("GPIB INSTR", None)
    return "; ".join(f"{key}: {_one_line(value)}" for key, value in facts.items())


def _items(information: Any) -> Iterable[tuple[object, object]]:
    return information.items() if isinstance(information, dict) else enumerate(information)


def _one_line(value: object) -> str:
    lines = value if isinstance(value, list) else [value]
    return " ".join(" ".join(map(str, lines)).split())
