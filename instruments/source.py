"""What all current sources share: the order of things that keeps a junction from a current nobody asked for."""

import logging
from abc import abstractmethod
from collections.abc import Mapping
from contextlib import suppress
from math import copysign, isfinite
from typing import ClassVar

from instruments.driver import MV_PER_V, SAME, UA_PER_A, Driver, full_precision
from instruments.interfaces import (
    ComplianceReachedError,
    InstrumentError,
    LevelRefusedError,
    ReplyError,
    SettingRefusedError,
    SourceSettings,
)
from instruments.line import Line
from instruments.pymeasure_classes import Adapter

OFF = ":OUTP OFF"
"""Every model understands this."""
HALF = 0.5 + 1e-6
"""Half a digit, and what arithmetic adds."""

log = logging.getLogger(__name__)


class Source(Driver):
    """A current source.

    Levels are sent in our own words, because PyMeasure clips them or keeps six digits only, and because setting,
    read-back, acknowledgement and compliance travel in one message: a reading can never overtake a setting. An
    acknowledgement says that a source is done, not that it obeyed, so a level counts when it is read back.
    """

    digits_a: ClassVar[Mapping[float, float]]
    """Ranges, each with its digit: the smallest step of a level (programming resolution of the data sheet), both in A.

    Currents up to the nominal range are allowed, though most models drive a few percent more.
    """
    second_way: ClassVar[tuple[str, ...]]
    """Messages that end what may keep the model from taking a level over; the last one sets the level to 0."""
    smallest_compliance_v: ClassVar[float]
    largest_compliance_v: ClassVar[float]
    level_word: ClassVar[str] = ":SOUR:CURR"
    compliance_query: ClassVar[str] = ""
    """Empty if the model cannot say that it limits."""

    def __init__(self, adapter: Adapter) -> None:
        super().__init__(adapter)
        self._settings: SourceSettings | None = None
        self._found_a: float | None = None
        self._seen_a: float | None = None
        self._digit_a = 0.0
        self._ready = False

    def output_is_on(self) -> bool:
        """Whether the output is on, by the instrument's own word."""
        return bool(self.get("source_enabled"))

    def level_a(self) -> float:
        """Current that is set, by the instrument's own word, whether the output is on or not."""
        return self.get_number("source_current")

    def range_a(self) -> float:
        """Range that is set, by the instrument's own word: its name or its full scale."""
        return self.get_number("source_range")

    def _turn_output(self, on: bool) -> None:
        """Switch the output."""
        self._device.source_enabled = on

    @abstractmethod
    def _configure(self, settings: SourceSettings) -> None:
        """Fixed range, compliance, output-off mode; the level is 0 and the output off."""

    @abstractmethod
    def _confirm_configuration(self, settings: SourceSettings) -> None:
        """Read every safety setting back."""

    def confirm_range_a(self, found_a: float, wanted_a: float) -> None:
        """Demand that it took over a current range, by its own word."""
        self.confirm_range("range (uA)", found_a * UA_PER_A, wanted_a * UA_PER_A)

    def confirm_compliance(self, found_v: float, wanted_v: float) -> None:
        """Demand that it took over a compliance, by its own word."""
        self.confirm_number("compliance (mV)", found_v * MV_PER_V, wanted_v * MV_PER_V)

    def prepare_source(self, settings: SourceSettings) -> None:
        """With the output off: level 0, fixed range, compliance, output-off mode; every safety setting read back."""
        self._demand_available(settings)
        self._settings, self._ready = None, False
        self.errors()  # of earlier days
        if self.output_is_on():
            raise SettingRefusedError(
                f"{self.name}: its output is on. Nothing was set. Ramp it down and switch it off first."
            )
        self._before_level()
        self._digit_a = self._digit_of(settings.range_a)
        self._set_level(f"{self.level_word} {full_precision(0.0)}", 0.0)
        self._configure(settings)
        self._confirm_configuration(settings)
        self.confirm_number("level (uA)", self.level_a() * UA_PER_A, 0.0)
        self.confirm_no_errors()
        self._settings, self._ready = settings, True

    def switch_on(self) -> None:
        """Output on, confirmed. Raises SettingRefusedError unless prepared and at level 0."""
        if not self._ready:
            raise SettingRefusedError(f"{self.name}: was not prepared since it was connected, so its output stays off.")
        level_a = self.level_a()
        if level_a != 0.0:
            raise SettingRefusedError(
                f"{self.name}: stands at {_in_ua(level_a)}, so its output stays off. Set it to 0."
            )
        self._turn_output(True)
        if not self.output_is_on():
            raise InstrumentError(
                f"{self.name}: its output is still off after switching on. Check interlock and front panel."
            )

    def switch_off(self) -> None:
        """Output off, confirmed. Refused by nothing, and said once more if it was lost on the way: off stays off."""
        try:
            off = self._turned_off()
        except ReplyError as error:
            log.warning("%s Switching off once more.", error)
            off = False
        if not off and not self._turned_off():
            raise InstrumentError(
                f"{self.name}: its output is STILL ON after switching off. Turn it down at its front panel."
            )
        self._found_a = None

    def cut(self) -> None:
        """Level 0 and output off, said into a new connection without waiting for any answer: the last resort.

        Raises:
            InstrumentError: it cannot be said, or another instrument answers: that one was sent ``*IDN?`` alone.
        """
        if isinstance(self._adapter, Line):
            self._adapter.reopen()
        with suppress(ReplyError):
            self._recognise(self._exchange_now("*IDN?"))
        for message in (f"{self.level_word} {full_precision(0.0)}", OFF):
            self._adapter.write(message)
        self._doubtful, self._unread = True, False

    def write_level(self, current_a: float) -> None:
        """Set and read back in one message, with full precision; see ``CurrentSource``."""
        self._demand_allowed(current_a)
        setting = f"{self.level_word} {full_precision(current_a)}"
        limited = self._set_level(f"{self.compliance_query};{setting}" if self.compliance_query else setting, current_a)
        if limited:
            raise ComplianceReachedError(
                f"{self.name}: was at its compliance until now, so it drove less than it was set to and readings "
                f"since are wrong. Now set to {_in_ua(current_a)}. Check for an open contact, or raise compliance_mv."
            )

    def zero_by_second_way(self) -> None:
        """Level 0 in other words, read back; see ``CurrentSource``."""
        *words, setting = self.second_way
        for word in words:
            self.write(word)
        self._set_level(setting, 0.0)

    def in_compliance(self) -> bool | None:
        """Whether the current is limited by the compliance at this moment; None if this model has no word for it."""
        if not self.compliance_query:
            return None
        return self._twice(lambda: self._limits(self._exchange(self.compliance_query)))

    def _connected_anew(self) -> None:
        """It may have lost power and all settings: good enough to ramp down, not to switch on."""
        super()._connected_anew()
        self._ready = False

    def _set_level(self, message: str, wanted_a: float) -> bool:
        """Send a setting of the level, read back with it; whether its query before told of a compliance until now.

        Where the reply is lost or garbled, the level is read over a new connection. One that has not moved shows that
        the setting was lost too: then alone it is sent again.
        """
        try:
            return self._exchange_level(message, wanted_a)
        except ReplyError as error:
            log.warning("%s Reading its level.", error)
            found_a = self._level_after(error)
            if self._is_near(found_a, wanted_a):
                self._seen_a = found_a
                return False
            if self._seen_a is None or not self._is_near(found_a, self._seen_a):
                raise self._refusal(found_a, wanted_a) from error
        return self._exchange_level(message, wanted_a)

    def _level_after(self, lost: ReplyError) -> float:
        try:
            return self.level_a()
        except InstrumentError as error:
            raise type(error)(f"{lost} Asked for its level: {error}") from error

    def _exchange_level(self, message: str, wanted_a: float) -> bool:
        *before, level = self.acknowledge(f"{message};{self.level_word}?")
        limited = bool(before) and self._limits(before[0])
        found_a = self.parsed(level)
        if not self._is_near(found_a, wanted_a):
            raise self._refusal(found_a, wanted_a)
        self._seen_a = found_a
        return limited

    def _is_near(self, found_a: float, wanted_a: float) -> bool:
        """Whether a level is there; a relative tolerance would complain of sources that round small currents."""
        return abs(found_a - wanted_a) <= HALF * self._digit_a

    def _refusal(self, found_a: float, wanted_a: float) -> LevelRefusedError:
        self._seen_a = found_a
        entries: tuple[str, ...] = ()
        with suppress(InstrumentError):
            entries = self.errors()
        return LevelRefusedError(
            f"{self.name}: was asked for {_in_ua(wanted_a)}, says that it delivers {_in_ua(found_a)}"
            f"{' (' + '; '.join(entries) + ')' if entries else ''}. Look at its front panel for what keeps it there.",
            found_a,
        )

    def _digit_of(self, range_a: float) -> float:
        """Digit of a range that is given by its name or full scale."""
        named = [name for name in self.digits_a if name <= range_a * (1 + SAME)]
        return self.digits_a[max(named, default=min(self.digits_a))]

    def _turned_off(self) -> bool:
        self._turn_output(False)
        return not self.output_is_on()

    def _limits(self, answer: str) -> bool:
        """What the answer to ``compliance_query`` means."""
        if answer not in ("0", "1"):
            raise self.complaint("neither 0 nor 1")
        return answer == "1"

    def _before_level(self) -> None:
        """What must be set before level and range have their meaning."""

    def _demand_current_function(self) -> None:
        """Refuse to ramp an output that was found on and is not a current."""

    def _demand_available(self, settings: SourceSettings) -> None:
        ranges_ua = tuple(range_a * UA_PER_A for range_a in self.digits_a)
        self.demand_one_of(settings.range_a * UA_PER_A, ranges_ua, "current range (uA)")
        self.demand_within(
            settings.compliance_v * MV_PER_V,
            self.smallest_compliance_v * MV_PER_V,
            self.largest_compliance_v * MV_PER_V,
            "a compliance (mV)",
        )

    def _demand_allowed(self, current_a: float) -> None:
        if self._settings is not None:
            range_ua = self._settings.range_a * UA_PER_A
            self.demand_within(current_a * UA_PER_A, -range_ua, range_ua, "a current (uA)")
            return
        if not isfinite(current_a):
            raise SettingRefusedError(f"{self.name}: {current_a} is not a current. Nothing was sent.")
        found_a = self._found_on()
        if current_a != 0.0 and (abs(current_a) > abs(found_a) or copysign(1.0, current_a) != copysign(1.0, found_a)):
            raise SettingRefusedError(
                f"{self.name}: its output was found on at {_in_ua(found_a)} and can only be ramped down from there, "
                f"not set to {_in_ua(current_a)}. Nothing was set."
            )

    def _found_on(self) -> float:
        """Level of an output that was found on, and the digit of its range; asked once."""
        if self._found_a is None:
            if not self.output_is_on():
                raise SettingRefusedError(f"{self.name}: was not prepared and its output is off. Nothing was set.")
            self._demand_current_function()
            self._digit_a = self._digit_of(self.range_a())
            self._found_a = self._seen_a = self.level_a()
        return self._found_a


def _in_ua(current_a: float) -> str:
    """A current as operators read it."""
    return f"{current_a * UA_PER_A:.6g} uA"
