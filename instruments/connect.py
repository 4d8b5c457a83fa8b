"""Opening instruments, and finding out what is there. One resource manager a process: PyVISA keeps it by itself."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass

import pyvisa
from pyvisa.highlevel import get_wrapper_class, list_backends

from instruments.driver import Driver
from instruments.interfaces import Identity, InstrumentError, ReplyError, SerialSettings
from instruments.line import AS_DELIVERED, Line
from instruments.models import MODELS
from instruments.source import Source


@dataclass(frozen=True, slots=True)
class BackEnd:
    """A VISA library that PyVISA can use: its name as in bench files, and what is known of it."""

    library: str
    about: str


@dataclass(frozen=True, slots=True)
class Resource:
    """Something on the bus: its answer to ``*IDN?``, or why there is none."""

    address: str
    identity: str | None
    problem: str | None


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An instrument of a bench: its model and what it plays, its address, and the VISA library that reaches it.

    ``known`` is who answered there before in this run: nobody else is spoken to.
    """

    model: str
    role: str
    address: str
    library: str
    timeout_s: float
    serial: SerialSettings = AS_DELIVERED
    known: Identity | None = None

    def line(self, exclusive: bool = False) -> Line:
        """A line to it."""
        return Line(self.role, self.address, self.library, self.timeout_s, exclusive, self.serial)


def open_instrument(endpoint: Endpoint, recognise: Callable[[Identity], None], exclusive: bool = True) -> Driver:
    """Open the instrument, and make sure that it is of this model: opening a port where nobody listens succeeds.

    Nothing but ``*IDN?`` is sent before ``recognise`` agrees with the answer. An ``exclusive`` one is then locked
    against other computers, where VISA or the model has a lock.

    Raises:
        InstrumentError: not a model on the bus, nobody answers, another model does, or it is in use elsewhere.
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
    """Tell a source that says nothing, or nothing sensible, to go to zero, output off; whether that was needed.

    For a rescue only, and only to a source that is ``known``: to one that never said in this run who it is, nothing is
    said. Another instrument that answers is left alone.

    Raises:
        InstrumentError: nothing can be sent there either.
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
    """Everything that the library lists (which takes about a second), each asked who it is, as by ``query_identity``.

    Raises:
        InstrumentError: the library cannot be loaded.
    """
    try:
        with warnings.catch_warnings(action="ignore", category=UserWarning):  # about buses that nobody asked for
            addresses = pyvisa.ResourceManager(library).list_resources()
    except (pyvisa.Error, OSError, ValueError) as error:
        raise InstrumentError(
            f"VISA library {library!r}: cannot list resources ({error}). Install one, or use '@py'."
        ) from error
    return tuple(ask(address, library) for address in addresses)


def query_identity(address: str, library: str, timeout_s: float = 0.5) -> Resource:
    """Ask whatever is at ``address`` who it is. Never raises: what goes wrong becomes text."""
    try:
        line = Line("resource", address, library, timeout_s)
        try:
            line.write("*IDN?")
            return Resource(address, line.read().strip(), None)
        finally:
            line.close()
    except Exception as error:  # whatever a VISA library may raise, the others must still be listed
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
    except Exception as error:  # a broken installation is what a doctor must be able to tell
        return f"cannot be used: {error}"
    facts = information.items() if isinstance(information, dict) else enumerate(information)
    return "; ".join(f"{key}: {' '.join(str(value).split())}" for key, value in facts)
