"""What all drivers share: a PyMeasure instrument made strict.

Replies are one finite number below 1e37, or an error that quotes them. Only attributes that exist may be set. After a
reply that did not come, the connection is cleared and the identity compared before anything else is said.
"""

from math import isfinite
from typing import Any, ClassVar

from pymeasure.adapters import Adapter

from instruments.interfaces import Identity, InstrumentError, NoReplyError, SettingRefusedError
from instruments.line import Line

OVER_RANGE = 1e37
SAME = 1e-4
"""Instruments report settings with five digits or more; what differs by more was not taken over."""
NO_ERROR = ("0", "+0")


class Driver:
    """An instrument of one model, over PyMeasure's driver ``device_class``. Talks from one thread only."""

    device_class: ClassVar[Any]
    device_options: ClassVar[dict[str, Any]] = {}
    model: ClassVar[str]
    """As bench files name it."""
    identifies_as: ClassVar[tuple[str, ...]]
    """What the second field of ``*IDN?`` contains, any of these."""

    def __init__(self, adapter: Adapter) -> None:
        self._adapter = adapter
        self._device = self.device_class(adapter, **self.device_options)
        self._known: Identity | None = None
        self._doubtful = False

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
        reply = self.ask("*IDN?")
        fields = [field.strip() for field in reply.split(",")]
        if len(fields) < 4 or not any(word in fields[1].upper() for word in self.identifies_as):
            raise InstrumentError(
                f"{self.name}: sent '*IDN?', came {reply!r}: not a {self.model}. Nothing was set. Check address and "
                "cable, or correct model in the bench file."
            )
        found = Identity(fields[0], fields[1], fields[2], fields[3])
        if self._known is not None and (found.model, found.serial) != (self._known.model, self._known.serial):
            raise InstrumentError(
                f"{self.name}: {found} answers where {self._known} was. Nothing was sent to it. Check the addresses."
            )
        self._known = found
        return found

    def errors(self) -> tuple[str, ...]:
        """Entries of the error queue, which is empty afterwards."""
        entries: list[str] = []
        while len(entries) < 20:
            reply = self.ask(":SYST:ERR?")
            if reply.split(",")[0].strip() in NO_ERROR:
                break
            entries.append(reply)
        return tuple(entries)

    def close(self) -> None:
        """Close the connection; outputs stay as they are."""
        self._adapter.close()

    def ask(self, message: str) -> str:
        """The reply to one message."""
        self.say(message)
        return self.listen()

    def say(self, message: str) -> None:
        """Send one message."""
        self._be_sure()
        self._adapter.write(message)

    def listen(self) -> str:
        """The reply to what was sent last."""
        try:
            return str(self._adapter.read()).strip()
        except NoReplyError:
            self._doubtful = True
            raise

    def number(self, message: str) -> float:
        """The reply to one message as one finite number below 1e37."""
        return self.parsed(self.ask(message), message)

    def parsed(self, reply: str, message: str) -> float:
        """``reply`` as one finite number below 1e37."""
        try:
            value = float(reply)
        except ValueError:
            value = float("nan")
        if not isfinite(value) or abs(value) >= OVER_RANGE:
            over = " (over range: choose a larger range_v in the bench file)" if abs(value) >= OVER_RANGE else ""
            raise InstrumentError(f"{self.name}: sent {message!r}, came {reply!r}{over or ': not a number'}.")
        return value

    def acknowledge(self, message: str) -> None:
        """Send a setting and wait until it is carried out; one message."""
        reply = self.ask(f"{message};*OPC?")
        if reply != "1":
            raise InstrumentError(f"{self.name}: sent {message + ';*OPC?'!r}, came {reply!r} instead of '1'.")

    def read_back(self, query: str, wanted: float, what: str) -> None:
        """Demand that the instrument says it has ``wanted``."""
        found = self.number(query)
        if abs(found - wanted) > SAME * max(abs(wanted), 1e-12):
            raise SettingRefusedError(
                f"{self.name}: {what} was set to {wanted:.6g}, but reads back {found:.6g}. Its output stays off."
            )

    def demand_one_of(self, value: float, allowed: tuple[float, ...], what: str) -> None:
        """Refuse a setting that the instrument does not have, before anything is sent."""
        if not any(abs(value - one) <= 1e-9 * one for one in allowed):
            known = ", ".join(f"{one:.6g}" for one in allowed)
            raise SettingRefusedError(f"{self.name}: has no {what} {value:.6g}. It has {known}.")

    def demand_within(self, value: float, low: float, high: float, what: str) -> None:
        """Refuse a value that is not finite or outside, before anything is sent."""
        if not (isfinite(value) and low <= value <= high):
            raise SettingRefusedError(
                f"{self.name}: {what} of {value:.6g} is outside {low:.6g}..{high:.6g}. Nothing was sent."
            )

    def _be_sure(self) -> None:
        """After a missing reply: clear, and make sure that the same instrument answers."""
        if not self._doubtful:
            return
        self._doubtful = False
        if isinstance(self._adapter, Line):
            self._adapter.reopen()
        self.identity()


def full_precision(value: float) -> str:
    """Shortest decimal that reads back as the same number; ``%g`` would keep six digits."""
    return repr(float(value))
