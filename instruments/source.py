"""Base class of current sources: the order of commands that protects a junction from unintended currents."""

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
"""Valid for every model."""
HALF = 0.5 + 1e-6
"""Half a digit, plus rounding errors."""

log = logging.getLogger(__name__)


class Source(Driver):
    """A current source.

    Levels are sent as messages of this class, because PyMeasure clips them or keeps only six digits, and because
    setting, read-back, acknowledgement and compliance then form one message: a reading can never overtake a setting.
    An acknowledgement does not mean that a setting was accepted, so a level counts only when it is read back.
    """

    digits_a: ClassVar[Mapping[float, float]]
    """Ranges, each with its digit: the smallest step of a level (programming resolution of the data sheet), both in A.

    Currents up to the nominal range are allowed, though most models drive a few percent more.
    """
    recovery_commands: ClassVar[tuple[str, ...]]
    """Messages that end any operation which blocks a level; the last one sets the level to 0."""
    smallest_compliance_v: ClassVar[float]
    largest_compliance_v: ClassVar[float]
    level_command: ClassVar[str] = ":SOUR:CURR"
    compliance_query: ClassVar[str] = ""
    """Empty if the model cannot report compliance."""

    def __init__(self, adapter: Adapter) -> None:
        super().__init__(adapter)
        self._settings: SourceSettings | None = None
        self._found_a: float | None = None
        self._seen_a: float | None = None
        self._digit_a = 0.0
        self._ready = False

    def output_is_on(self) -> bool:
        """Whether the output is on, read back."""
        return bool(self.get("source_enabled"))

    def level_a(self) -> float:
        """Current that is set, read back, whether the output is on or off."""
        return self.get_number("source_current")

    def range_a(self) -> float:
        """Range that is set, read back: its name or its full scale."""
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
        """Raise SettingRefusedError unless the current range read back is the one that was set."""
        self.confirm_range("range (uA)", found_a * UA_PER_A, wanted_a * UA_PER_A)

    def confirm_compliance(self, found_v: float, wanted_v: float) -> None:
        """Raise SettingRefusedError unless the compliance read back is the one that was set."""
        self.confirm_number("compliance (mV)", found_v * MV_PER_V, wanted_v * MV_PER_V)

    def prepare_source(self, settings: SourceSettings) -> None:
        """With the output off: level 0, fixed range, compliance, output-off mode; every safety setting read back."""
        self._demand_available(settings)
        self._settings, self._ready = None, False
        self.errors()  # discard old entries
        if self.output_is_on():
            raise SettingRefusedError(
                f"{self.name}: its output is on. Nothing was set. Ramp it down and switch it off first."
            )
        self._before_level()
        self._digit_a = self._digit_of(settings.range_a)
        self._set_level(f"{self.level_command} {full_precision(0.0)}", 0.0)
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
                f"{self.name}: its level is {_in_ua(level_a)}, so its output stays off. Set it to 0."
            )
        self._turn_output(True)
        if not self.output_is_on():
            raise InstrumentError(
                f"{self.name}: its output is still off after switching on. Check interlock and front panel."
            )

    def switch_off(self) -> None:
        """Output off, confirmed. It is never refused, and sent once more if a message was lost: off stays off."""
        try:
            off = self._try_off()
        except ReplyError as error:
            log.warning("%s Switching off once more.", error)
            off = False
        if not off and not self._try_off():
            raise InstrumentError(
                f"{self.name}: its output is STILL ON after switching off. Turn it down at its front panel."
            )
        self._found_a = None

    def cut(self) -> None:
        """Level 0 and output off, sent over a new connection without waiting for a reply: the last resort.

        Raises:
            InstrumentError: it cannot be sent, or another instrument answers, which was sent only ``*IDN?``.
        """
        if isinstance(self._adapter, Line):
            self._adapter.reopen()
        with suppress(ReplyError):
            self._recognise(self._exchange_unchecked("*IDN?"))
        for message in (f"{self.level_command} {full_precision(0.0)}", OFF):
            self._adapter.write(message)
        self._needs_reconnect, self._unread = True, False

    def write_level(self, current_a: float) -> None:
        """Set and read back in one message, with full precision; see ``CurrentSource``."""
        self._demand_allowed(current_a)
        setting = f"{self.level_command} {full_precision(current_a)}"
        limited = self._set_level(f"{self.compliance_query};{setting}" if self.compliance_query else setting, current_a)
        if limited:
            raise ComplianceReachedError(
                f"{self.name}: was at its compliance until now, so it drove less than its set current and readings "
                f"since are wrong. Now set to {_in_ua(current_a)}. Check for an open contact, or raise compliance_mv."
            )

    def zero_with_recovery(self) -> None:
        """Level 0 by ``recovery_commands``, read back; see ``CurrentSource``."""
        *commands, setting = self.recovery_commands
        for command in commands:
            self.write(command)
        self._set_level(setting, 0.0)

    def in_compliance(self) -> bool | None:
        """Whether the current is limited by the compliance at this moment; None if this model cannot report it."""
        if not self.compliance_query:
            return None
        return self._with_retry(lambda: self._limits(self._exchange(self.compliance_query)))

    def _on_reconnect(self) -> None:
        """It may have lost power and all settings: it can be ramped down, but not switched on."""
        super()._on_reconnect()
        self._ready = False

    def _set_level(self, message: str, wanted_a: float) -> bool:
        """Send a level and read it back; returns whether the query before it reported compliance.

        If the reply is lost or garbled, the level is read over a new connection. Only if it has not changed, so that
        the setting was lost too, the setting is sent again.
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
        *before, level = self.acknowledge(f"{message};{self.level_command}?")
        limited = bool(before) and self._limits(before[0])
        found_a = self.parsed(level)
        if not self._is_near(found_a, wanted_a):
            raise self._refusal(found_a, wanted_a)
        self._seen_a = found_a
        return limited

    def _is_near(self, found_a: float, wanted_a: float) -> bool:
        """Whether a level is reached; a relative tolerance would reject sources that round small currents."""
        return abs(found_a - wanted_a) <= HALF * self._digit_a

    def _refusal(self, found_a: float, wanted_a: float) -> LevelRefusedError:
        self._seen_a = found_a
        entries: tuple[str, ...] = ()
        with suppress(InstrumentError):
            entries = self.errors()
        return LevelRefusedError(
            f"{self.name}: was set to {_in_ua(wanted_a)}, reports a level of {_in_ua(found_a)}"
            f"{' (' + '; '.join(entries) + ')' if entries else ''}. Look at its front panel for the cause.",
            found_a,
        )

    def _digit_of(self, range_a: float) -> float:
        """Digit of a range given by its name or full scale."""
        named = [name for name in self.digits_a if name <= range_a * (1 + SAME)]
        return self.digits_a[max(named, default=min(self.digits_a))]

    def _try_off(self) -> bool:
        self._turn_output(False)
        return not self.output_is_on()

    def _limits(self, answer: str) -> bool:
        """Whether the reply to ``compliance_query`` means compliance."""
        if answer not in ("0", "1"):
            raise self.garbled_reply("neither 0 nor 1")
        return answer == "1"

    def _before_level(self) -> None:
        """Set what must be set before level and range."""

    def _demand_current_function(self) -> None:
        """Raise SettingRefusedError if an output that was found on does not drive a current."""

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
        """Level of an output that was found on; read once, with the digit of its range."""
        if self._found_a is None:
            if not self.output_is_on():
                raise SettingRefusedError(f"{self.name}: was not prepared and its output is off. Nothing was set.")
            self._demand_current_function()
            self._digit_a = self._digit_of(self.range_a())
            self._found_a = self._seen_a = self.level_a()
        return self._found_a


def _in_ua(current_a: float) -> str:
    """A current as text, in uA."""
    return f"{current_a * UA_PER_A:.6g} uA"
