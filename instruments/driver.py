"""Base class of all drivers: a PyMeasure instrument with strict checks.

A reply must be one finite number below 1e37; otherwise the error quotes it. Only attributes that exist may be set.
After a reply that was lost, not read or garbled, the connection is opened again and the identity checked before
anything else is sent. A query whose reply was lost or garbled is sent once more, a setting never.
"""

import logging
from collections.abc import Callable, Sequence
from math import isfinite
from operator import attrgetter
from threading import get_ident
from typing import Any, ClassVar, TypeVar

from instruments.interfaces import GarbledReplyError, Identity, InstrumentError, ReplyError, SettingRefusedError
from instruments.line import Line
from instruments.pymeasure_classes import Adapter, Channel
from instruments.pymeasure_classes import Instrument as PyMeasureInstrument

OVER_RANGE = 1e37
NOT_A_NUMBER = 9.91e37
UA_PER_A, MV_PER_V = 1e6, 1e3
"""Operators and bench files use uA and mV, instruments A and V."""
SAME = 1e-4
"""Instruments report settings with five digits or more; a larger difference means that a setting was not accepted."""
LARGEST_REPORTED_RANGE = 1.2
"""Instruments report a range by its name or by its full scale, up to 20 % above."""
MOST_ERRORS = 50
NOTHING_SET = "Nothing was set. Check address and cable, or correct model in the bench file"

T = TypeVar("T")

log = logging.getLogger(__name__)


class Driver:
    """An instrument of one model, over PyMeasure's driver ``device_class``.

    It is the adapter of the PyMeasure instrument, so that all messages of PyMeasure pass the same checks. Only the
    thread that created it may use it.
    """

    device_class: ClassVar[Any]
    model: ClassVar[str]
    """Name in bench files."""
    identifies_as: ClassVar[tuple[str, ...]]
    """Texts of which the second field of ``*IDN?`` must contain one."""

    def __init__(self, adapter: Adapter) -> None:
        self._adapter = adapter
        self._owner = get_ident()
        self._sent = ""
        self._reply = ""
        self._known: Identity | None = None
        self._unread = False
        self._needs_reconnect = False
        # Not PyMeasure's own constructor: those of the 2400 and the DMM6500 write at once, before the instrument is
        # identified.
        device = self.device_class.__new__(self.device_class)
        PyMeasureInstrument.__init__(device, self, self.model, includeSCPI=False)
        self._device: Any = StrictDevice(device)

    @property
    def name(self) -> str:
        """Role, model and address."""
        role, address = getattr(self._adapter, "role", "instrument"), getattr(self._adapter, "address", "no address")
        return f"{role} ({self.model}, {address})"

    def identity(self) -> Identity:
        """Identity of the instrument.

        Raises:
            InstrumentError: it is another model, or not the instrument that answered before.
        """
        return self._with_retry(lambda: self._recognise(self._exchange("*IDN?")))

    def expect(self, identity: Identity) -> None:
        """Set the expected identity: an instrument with another model or serial number is refused."""
        self._known = identity

    def lock(self) -> None:
        """Take the lock that some models have, against other computers.

        Raises:
            HeldError: another computer holds it.
        """

    def errors(self) -> tuple[str, ...]:
        """Entries of the error queue, which is empty afterwards."""
        entries: list[str] = []
        while len(entries) < MOST_ERRORS and (entry := self._with_retry(self._next_error)):
            entries.append(entry)
        return tuple(entries)

    def close(self) -> None:
        """Close the connection; outputs stay as they are."""
        self._adapter.close()

    def write(self, message: str, **_: Any) -> None:
        """Send one message."""
        if get_ident() != self._owner:
            raise RuntimeError(f"{self.name}: only the thread that opened an instrument may use it.")
        self._needs_reconnect = self._needs_reconnect or self._unread
        if self._needs_reconnect:
            self._reconnect()
        self._send(message)

    def read(self, **_: Any) -> str:
        """The reply to the last message."""
        self._reply = ""
        try:
            self._reply = str(self._adapter.read()).strip()
        except InstrumentError:
            self._needs_reconnect = True
            raise
        self._unread = False
        return self._reply

    def ask(self, query: str) -> str:
        """The reply to a query that changes nothing and so may be repeated."""
        return self._with_retry(lambda: self._exchange(query))

    def number(self, query: str) -> float:
        """The reply to a query as one finite number below 1e37."""
        return self._with_retry(lambda: self.parsed(self._exchange(query)))

    def get(self, name: str) -> Any:
        """Value of PyMeasure's property ``name``, or ``channel.name``."""
        return self._with_retry(lambda: self._got(name))

    def get_number(self, name: str) -> float:
        """Value of a PyMeasure property as one finite number; PyMeasure passes on texts and lists unchecked."""
        return self._with_retry(lambda: self._got_number(name))

    def parsed(self, reply: str) -> float:
        """``reply`` as one finite number below 1e37."""
        try:
            value = float(reply)
        except ValueError:
            value = float("nan")
        if abs(value) == NOT_A_NUMBER:
            raise InstrumentError(self._quoted("the SCPI value for not a number: it was not measured"))
        if abs(value) >= OVER_RANGE:
            raise InstrumentError(self._quoted("over range: choose a larger range_mv in the bench file"))
        if not isfinite(value):
            raise self.garbled_reply("not a number")
        return value

    def acknowledge(self, message: str) -> list[str]:
        """Send a setting once, in one message, and wait until it is carried out. Returns the replies to its queries."""
        *answers, done = self._exchange(f"{message};*OPC?").split(";")
        if done.strip() != "1" or len(answers) != message.count("?"):
            raise self.garbled_reply("not acknowledged, so it is not known whether it was set")
        return [answer.strip() for answer in answers]

    def garbled_reply(self, why: str) -> GarbledReplyError:
        """Error for a garbled reply; the connection is opened again before the next message."""
        self._needs_reconnect = True
        return GarbledReplyError(self._quoted(why))

    def confirm(self, what: str, found: object, wanted: object) -> None:
        """Raise SettingRefusedError unless the value read back, ``found``, is the one that was set."""
        if found != wanted:
            raise self._not_accepted(what, str(found), str(wanted))

    def confirm_number(self, what: str, found: float, wanted: float) -> None:
        """Raise SettingRefusedError unless a number read back is the one that was set, to the reported digits."""
        if abs(found - wanted) > SAME * abs(wanted):
            raise self._not_accepted(what, f"{found:.6g}", f"{wanted:.6g}")

    def confirm_range(self, what: str, found: float, wanted: float) -> None:
        """Raise SettingRefusedError unless the range is ``wanted``, which may be reported by name or full scale."""
        if not wanted * (1 - SAME) <= found <= wanted * (LARGEST_REPORTED_RANGE + SAME):
            raise self._not_accepted(what, f"{found:.6g}", f"{wanted:.6g}")

    def confirm_no_errors(self) -> None:
        """Raise SettingRefusedError if the settings left an entry in the error queue."""
        if entries := self.errors():
            raise SettingRefusedError(f"{self.name}: does not accept its settings: {'; '.join(entries)}.")

    def demand_one_of(self, value: float, allowed: Sequence[float], what: str) -> None:
        """Raise SettingRefusedError, before anything is sent, for a setting that the instrument does not have."""
        if not any(abs(value - one) <= 1e-9 * one for one in allowed):
            known = ", ".join(f"{one:.6g}" for one in allowed)
            raise SettingRefusedError(f"{self.name}: has no {what} {value:.6g}. It has {known}. Nothing was sent.")

    def demand_within(self, value: float, low: float, high: float, what: str) -> None:
        """Raise SettingRefusedError, before anything is sent, for a value that is not finite or out of range."""
        if not (isfinite(value) and low <= value <= high):
            raise SettingRefusedError(
                f"{self.name}: {what} of {value:.12g} is outside {low:.12g}..{high:.12g}. Nothing was sent."
            )

    def allow(self, integration_s: float) -> None:
        """Extend the timeout by the time that this integration may take."""
        if isinstance(self._adapter, Line):
            self._adapter.allow(integration_s)

    def _not_accepted(self, what: str, found: str, wanted: str) -> SettingRefusedError:
        return SettingRefusedError(
            f"{self.name}: {what} was set to {wanted}, but reads back {found}. Its output was not switched on. Choose "
            "a setting that the instrument has."
        )

    def _quoted(self, why: str) -> str:
        return f"{self.name}: sent {self._sent!r}, received {self._reply!r} ({why})."

    def _with_retry(self, query: Callable[[], T]) -> T:
        """Result of ``query``, which changes nothing: repeated once if its reply was lost or garbled."""
        try:
            return query()
        except ReplyError as error:
            log.warning("%s Asked once more.", error)
            return query()

    def _got(self, name: str) -> Any:
        try:
            return attrgetter(name)(self._device)
        except (ValueError, KeyError, TypeError, IndexError) as error:
            raise self.garbled_reply("not a valid reply") from error

    def _got_number(self, name: str) -> float:
        value = self._got(name)
        return self.parsed(str(value) if isinstance(value, float | int) else self._reply)

    def _next_error(self) -> str:
        """The oldest entry of the error queue; empty if there is none."""
        reply = self._exchange(":SYST:ERR?")
        code = reply.split(",")[0].strip()
        if not code.lstrip("+-").isdigit():
            raise self.garbled_reply("not an entry of an error queue")
        return reply if int(code) else ""

    def _exchange(self, message: str) -> str:
        self.write(message)
        return self.read()

    def _exchange_unchecked(self, message: str) -> str:
        """Send and read without a check of the connection."""
        self._send(message)
        return self.read()

    def _send(self, message: str) -> None:
        self._sent, self._reply, self._unread = message, "", "?" in message
        try:
            self._adapter.write(message)
        except InstrumentError:
            self._needs_reconnect = True
            raise

    def _reconnect(self) -> None:
        """Open the connection again, and check that the same instrument answers."""
        if isinstance(self._adapter, Line):
            self._adapter.reopen()
        self._recognise(self._exchange_unchecked("*IDN?"))
        self._needs_reconnect = False
        self._on_reconnect()

    def _on_reconnect(self) -> None:
        """Discard known state of the instrument, which may have changed meanwhile."""

    def _recognise(self, reply: str) -> Identity:
        found = Identity.parse(reply)
        if found is None:
            raise self.garbled_reply(f"not a {self.model}. {NOTHING_SET}")
        if not any(word in found.model.upper() for word in self.identifies_as):
            raise self._wrong_instrument(f"not a {self.model}. {NOTHING_SET}")
        if self._known is not None and (found.model, found.serial) != (self._known.model, self._known.serial):
            raise self._wrong_instrument(f"expected {self._known}. Nothing else was sent. Check the addresses")
        self._known = found
        return found

    def _wrong_instrument(self, why: str) -> InstrumentError:
        """Error for another instrument: nothing more is sent until the right one answers."""
        self._needs_reconnect = True
        return InstrumentError(self._quoted(why))


def full_precision(value: float) -> str:
    """Shortest decimal that reads back as the same number; ``%g`` would keep six digits."""
    return repr(float(value) + 0.0)


class StrictDevice:
    """PyMeasure's driver with a check: otherwise a misspelt property becomes a plain attribute and sends nothing."""

    def __init__(self, device: Any) -> None:
        object.__setattr__(self, "_device", device)

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._device, name)
        return StrictDevice(found) if isinstance(found, Channel) else found

    def __setattr__(self, name: str, value: object) -> None:
        exists = isinstance(getattr(type(self._device), name, None), property)
        if not exists:
            raise AttributeError(f"{type(self._device).__name__} has no property {name!r}.")
        setattr(self._device, name, value)
