"""What all drivers share: a PyMeasure instrument made strict.

Replies are one finite number below 1e37, or an error that quotes them. Only attributes that exist may be set. After a
reply that did not come, was not read or made no sense, the connection is opened anew and the identity compared before
anything else is said. A query whose reply did not come or made no sense is asked once more, a setting never.
"""

import logging
from collections.abc import Callable, Sequence
from math import isfinite
from operator import attrgetter
from threading import get_ident
from typing import Any, ClassVar, TypeVar

from pymeasure.adapters import Adapter
from pymeasure.instruments import Channel
from pymeasure.instruments import Instrument as PyMeasureInstrument

from instruments.interfaces import GarbledReplyError, Identity, InstrumentError, ReplyError, SettingRefusedError
from instruments.line import Line

OVER_RANGE = 1e37
NOT_A_NUMBER = 9.91e37
UA_PER_A, MV_PER_V = 1e6, 1e3
"""Operators and bench files speak of uA and mV, instruments of A and V."""
SAME = 1e-4
"""Instruments report settings with five digits or more; what differs by more was not taken over."""
LARGEST_REPORTED_RANGE = 1.2
"""Instruments report a range by its name or by its full scale, up to 20 % above."""
MOST_ERRORS = 50
NOTHING_SET = "Nothing was set. Check address and cable, or correct model in the bench file"

T = TypeVar("T")

log = logging.getLogger(__name__)


class Driver:
    """An instrument of one model, over PyMeasure's driver ``device_class``.

    To PyMeasure it is the adapter, so that whatever PyMeasure says goes through the same checks. The thread that made
    it owns it.
    """

    device_class: ClassVar[Any]
    model: ClassVar[str]
    """As bench files name it."""
    identifies_as: ClassVar[tuple[str, ...]]
    """What the second field of ``*IDN?`` contains, any of these."""

    def __init__(self, adapter: Adapter) -> None:
        self._adapter = adapter
        self._owner = get_ident()
        self._sent = ""
        self._came = ""
        self._known: Identity | None = None
        self._unread = False
        self._doubtful = False
        # Not PyMeasure's own constructor: those of the 2400 and the DMM6500 write at once, before anybody knows which
        # instrument listens.
        device = self.device_class.__new__(self.device_class)
        PyMeasureInstrument.__init__(device, self, self.model, includeSCPI=False)
        self._device: Any = Existing(device)

    @property
    def name(self) -> str:
        """Role, model and address."""
        role, address = getattr(self._adapter, "role", "instrument"), getattr(self._adapter, "address", "no address")
        return f"{role} ({self.model}, {address})"

    def identity(self) -> Identity:
        """Who answers.

        Raises:
            InstrumentError: another model, or since the last time another instrument.
        """
        return self._twice(lambda: self._recognise(self._exchange("*IDN?")))

    def expect(self, identity: Identity) -> None:
        """Whom to expect: an instrument of another model or serial number is refused as if it had come meanwhile."""
        self._known = identity

    def lock(self) -> None:
        """Take the lock that some models have themselves, so that another computer meets it.

        Raises:
            HeldError: another computer has it.
        """

    def errors(self) -> tuple[str, ...]:
        """Entries of the error queue, which is empty afterwards."""
        entries: list[str] = []
        while len(entries) < MOST_ERRORS and (entry := self._twice(self._next_error)):
            entries.append(entry)
        return tuple(entries)

    def close(self) -> None:
        """Close the connection; outputs stay as they are."""
        self._adapter.close()

    def write(self, message: str, **_: Any) -> None:
        """Send one message."""
        if get_ident() != self._owner:
            raise RuntimeError(f"{self.name}: only the thread that opened an instrument may talk to it.")
        self._doubtful = self._doubtful or self._unread
        if self._doubtful:
            self._be_sure()
        self._send(message)

    def read(self, **_: Any) -> str:
        """The reply to what was sent last."""
        self._came = ""
        try:
            self._came = str(self._adapter.read()).strip()
        except InstrumentError:
            self._doubtful = True
            raise
        self._unread = False
        return self._came

    def ask(self, query: str) -> str:
        """The reply to a query that changes nothing, and so may be asked a second time."""
        return self._twice(lambda: self._exchange(query))

    def number(self, query: str) -> float:
        """The reply to a query as one finite number below 1e37."""
        return self._twice(lambda: self.parsed(self._exchange(query)))

    def get(self, name: str) -> Any:
        """What PyMeasure's property ``name`` reads, ``channel.name`` included."""
        return self._twice(lambda: self._got(name))

    def get_number(self, name: str) -> float:
        """What PyMeasure's property reads, as one finite number; PyMeasure hands on text and lists as they come."""
        return self._twice(lambda: self._got_number(name))

    def parsed(self, reply: str) -> float:
        """``reply`` as one finite number below 1e37."""
        try:
            value = float(reply)
        except ValueError:
            value = float("nan")
        if abs(value) == NOT_A_NUMBER:
            raise InstrumentError(self._quoted("SCPI's word for not a number: it did not measure this"))
        if abs(value) >= OVER_RANGE:
            raise InstrumentError(self._quoted("over range: choose a larger range_mv in the bench file"))
        if not isfinite(value):
            raise self.complaint("not a number")
        return value

    def acknowledge(self, message: str) -> list[str]:
        """Send a setting once and wait until it is carried out; one message. Returns what its own queries answered."""
        *answers, done = self._exchange(f"{message};*OPC?").split(";")
        if done.strip() != "1" or len(answers) != message.count("?"):
            raise self.complaint("not acknowledged, so it is not known whether it was set")
        return [answer.strip() for answer in answers]

    def complaint(self, why: str) -> GarbledReplyError:
        """The error for a reply that makes no sense; what comes next is not trusted either."""
        self._doubtful = True
        return GarbledReplyError(self._quoted(why))

    def confirm(self, what: str, found: object, wanted: object) -> None:
        """Demand that the instrument took over a setting, by its own word ``found``."""
        if found != wanted:
            raise self._not_taken_over(what, str(found), str(wanted))

    def confirm_number(self, what: str, found: float, wanted: float) -> None:
        """Demand that the instrument took over a number, to the digits that instruments report."""
        if abs(found - wanted) > SAME * abs(wanted):
            raise self._not_taken_over(what, f"{found:.6g}", f"{wanted:.6g}")

    def confirm_range(self, what: str, found: float, wanted: float) -> None:
        """Demand that the instrument is in the range ``wanted``, which it reports by name or by full scale."""
        if not wanted * (1 - SAME) <= found <= wanted * (LARGEST_REPORTED_RANGE + SAME):
            raise self._not_taken_over(what, f"{found:.6g}", f"{wanted:.6g}")

    def confirm_no_errors(self) -> None:
        """Demand that the settings left nothing in the error queue."""
        if entries := self.errors():
            raise SettingRefusedError(f"{self.name}: does not accept its settings: {'; '.join(entries)}.")

    def demand_one_of(self, value: float, allowed: Sequence[float], what: str) -> None:
        """Refuse a setting that the instrument does not have, before anything is sent."""
        if not any(abs(value - one) <= 1e-9 * one for one in allowed):
            known = ", ".join(f"{one:.6g}" for one in allowed)
            raise SettingRefusedError(f"{self.name}: has no {what} {value:.6g}. It has {known}. Nothing was sent.")

    def demand_within(self, value: float, low: float, high: float, what: str) -> None:
        """Refuse a value that is not finite or outside, before anything is sent."""
        if not (isfinite(value) and low <= value <= high):
            raise SettingRefusedError(
                f"{self.name}: {what} of {value:.12g} is outside {low:.12g}..{high:.12g}. Nothing was sent."
            )

    def allow(self, integration_s: float) -> None:
        """Wait for a reply as long as this integration may take."""
        if isinstance(self._adapter, Line):
            self._adapter.allow(integration_s)

    def _not_taken_over(self, what: str, found: str, wanted: str) -> SettingRefusedError:
        return SettingRefusedError(
            f"{self.name}: {what} was set to {wanted}, but reads back {found}. Its output was not switched on. Ask for "
            "a setting that the instrument has."
        )

    def _quoted(self, why: str) -> str:
        return f"{self.name}: sent {self._sent!r}, came {self._came!r} ({why})."

    def _twice(self, query: Callable[[], T]) -> T:
        """What ``query`` reads, which changes nothing: asked once more if its reply was lost or garbled."""
        try:
            return query()
        except ReplyError as error:
            log.warning("%s Asked once more.", error)
            return query()

    def _got(self, name: str) -> Any:
        try:
            return attrgetter(name)(self._device)
        except (ValueError, KeyError, TypeError, IndexError) as error:
            raise self.complaint("not one of its answers") from error

    def _got_number(self, name: str) -> float:
        value = self._got(name)
        return self.parsed(str(value) if isinstance(value, float | int) else self._came)

    def _next_error(self) -> str:
        """The oldest entry of the error queue; empty if there is none."""
        reply = self._exchange(":SYST:ERR?")
        code = reply.split(",")[0].strip()
        if not code.lstrip("+-").isdigit():
            raise self.complaint("not an entry of an error queue")
        return reply if int(code) else ""

    def _exchange(self, message: str) -> str:
        self.write(message)
        return self.read()

    def _exchange_now(self, message: str) -> str:
        """Send and read without a doubt about who listens."""
        self._send(message)
        return self.read()

    def _send(self, message: str) -> None:
        self._sent, self._came, self._unread = message, "", "?" in message
        try:
            self._adapter.write(message)
        except InstrumentError:
            self._doubtful = True
            raise

    def _be_sure(self) -> None:
        """Open the connection anew, and make sure that the same instrument answers."""
        if isinstance(self._adapter, Line):
            self._adapter.reopen()
        self._recognise(self._exchange_now("*IDN?"))
        self._doubtful = False
        self._connected_anew()

    def _connected_anew(self) -> None:
        """What was known of the instrument's state may have changed meanwhile."""

    def _recognise(self, reply: str) -> Identity:
        found = Identity.parse(reply)
        if found is None:
            raise self.complaint(f"not a {self.model}. {NOTHING_SET}")
        if not any(word in found.model.upper() for word in self.identifies_as):
            raise self._stranger(f"not a {self.model}. {NOTHING_SET}")
        if self._known is not None and (found.model, found.serial) != (self._known.model, self._known.serial):
            raise self._stranger(f"{self._known} was there before. Nothing else was sent. Check the addresses")
        self._known = found
        return found

    def _stranger(self, why: str) -> InstrumentError:
        """The error for another instrument: it is sent nothing more before the right one answers."""
        self._doubtful = True
        return InstrumentError(self._quoted(why))


def full_precision(value: float) -> str:
    """Shortest decimal that reads back as the same number; ``%g`` would keep six digits."""
    return repr(float(value) + 0.0)


class Existing:
    """PyMeasure's driver, without its trap: there a misspelt property becomes a plain attribute and sends nothing."""

    def __init__(self, device: Any) -> None:
        object.__setattr__(self, "_device", device)

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._device, name)
        return Existing(found) if isinstance(found, Channel) else found

    def __setattr__(self, name: str, value: object) -> None:
        exists = isinstance(getattr(type(self._device), name, None), property)
        if not exists:
            raise AttributeError(f"{type(self._device).__name__} has no property {name!r}.")
        setattr(self._device, name, value)
