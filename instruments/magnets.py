"""Magnetic field: set by a Kepco BOP supply, or by hand."""

import logging
import math
import re
import time
from collections.abc import Callable
from math import isfinite
from typing import Any, ClassVar

from instruments.driver import SAME, Driver, full_precision
from instruments.interfaces import CutError, InstrumentError, MagnetSettings, ReplyError, SettingRefusedError
from instruments.pymeasure_classes import Adapter, KepcoBOP3612

log = logging.getLogger(__name__)

BY_HAND = "by hand"
"""Model name in bench files for a field set by the operator."""
MT_PER_T = 1e3
_UNIT = re.compile(r"\s*mT$", re.IGNORECASE)
TRIES = 3
FAR_MT = 1.0
"""A larger deviation of the field shifts critical currents by more than 20 uA."""


def field_by_hand_t(ask: Callable[[str], str], wanted_t: float, read: Callable[[str], float] = float) -> float:
    """Field (T) that the operator has set and read from the gaussmeter; ``ask`` shows a question to the operator.

    ``read`` converts an answer into a number, or raises ValueError with the reason. A number far from ``wanted_t`` may
    be a typing error, and must be entered twice.

    Raises:
        InstrumentError: no valid number was entered.
    """
    wanted_mt, before_mt = wanted_t * MT_PER_T, math.nan
    question = f"Set the field along the easy axis to {wanted_mt:.6g} mT. What does the gaussmeter show, in mT?"
    asked = question
    for _ in range(TRIES):
        answer = ask(asked).strip()
        try:
            read_mt = read(_UNIT.sub("", answer))
        except ValueError as error:
            asked, before_mt = f"{error}. {question}", math.nan
            continue
        if abs(read_mt - wanted_mt) <= FAR_MT or (isfinite(read_mt) and read_mt == before_mt):
            return read_mt / MT_PER_T
        asked = f"{answer!r} is far from that; enter it again to confirm. {question}"
        before_mt = read_mt
    raise InstrumentError(f"field ({BY_HAND}): asked {question!r}, the answer was {answer!r}: not a valid field.")


class KepcoBOP(Driver):
    """Kepco BOP 36-12 with digital interface (BIT 4886), as a current source for a magnet.

    The current is sent as a message of this class: PyMeasure clips it and keeps six digits. It counts as reached within
    1 % of full scale.
    """

    device_class: ClassVar[Any] = KepcoBOP3612
    model = "Kepco BOP"
    identifies_as = ("BIT 4886", "BOP")
    largest_current_a: ClassVar[float] = 12.0
    largest_compliance_v: ClassVar[float] = 36.0
    reached_within_a: ClassVar[float] = 0.12
    patience_s: ClassVar[float] = 10.0
    poll_s: ClassVar[float] = 0.05

    def __init__(self, adapter: Adapter) -> None:
        super().__init__(adapter)
        self._settings: MagnetSettings | None = None
        self._set_a: float | None = None

    def prepare_magnet(self, settings: MagnetSettings) -> None:
        """With the output off: current mode, 0 A, voltage limit, read back; then output on, confirmed."""
        self.demand_within(settings.largest_current_a, 0.0, self.largest_current_a, "a largest current (A)")
        self.demand_within(settings.compliance_v, 0.0, self.largest_compliance_v, "a compliance (V)")
        self._settings = None
        self.errors()  # discard old entries
        if self.get("output_enabled"):
            raise SettingRefusedError(f"{self.name}: its output is on. Nothing was set. Turn it down by hand first.")
        self._device.operating_mode = "CURR"
        self._set(0.0)
        self._device.voltage_setpoint = settings.compliance_v
        self.confirm("operating mode", self.get("operating_mode"), "CURR")
        self.confirm_number("current (A)", self.get_number("current_setpoint"), 0.0)
        self.confirm_number("compliance (V)", self.get_number("voltage_setpoint"), settings.compliance_v)
        self.confirm_no_errors()
        self._settings = settings
        self._device.output_enabled = True
        self.confirm("output", self.get("output_enabled"), True)

    def take_over(self, settings: MagnetSettings) -> float:
        """Set current of an output found on in current mode; see ``MagnetSupply``."""
        if not self.get("output_enabled") or self.get("operating_mode") != "CURR":
            return 0.0
        self._settings, self._set_a = settings, self.get_number("current_setpoint")
        return self._set_a

    def apply_current(self, current_a: float) -> None:
        """Drive the magnet; returns when the supply measures the current."""
        if self._settings is None:
            raise SettingRefusedError(f"{self.name}: was not prepared. Nothing was sent.")
        limit_a = self._settings.largest_current_a
        self.demand_within(current_a, -limit_a, limit_a, "a current (A)")
        self._drive(current_a)

    def current_a(self) -> float:
        """Current through the magnet, as the supply measures it."""
        return self.get_number("current")

    def switch_off(self) -> None:
        """Current to zero, then output off, confirmed; see ``MagnetSupply``."""
        not_at_zero: InstrumentError | None = None
        try:
            self._drive(0.0)
        except InstrumentError as error:
            not_at_zero = error
        self._device.output_enabled = False
        if self.get("output_enabled"):
            raise InstrumentError(f"{self.name}: its output is STILL ON after switching off. Turn it down by hand.")
        if not_at_zero is not None:
            raise CutError(f"{not_at_zero} Its output is off.") from not_at_zero

    def _drive(self, current_a: float) -> None:
        self._set(current_a)
        end_s = time.monotonic() + self.patience_s
        while abs((found_a := self.current_a()) - current_a) > self.reached_within_a:
            if time.monotonic() > end_s:
                raise InstrumentError(
                    f"{self.name}: was set to {current_a:.6g} A, drives {found_a:.6g} A after {self.patience_s:.3g} s. "
                    "Raise its compliance_mv, or check the magnet."
                )
            time.sleep(self.poll_s)

    def _set(self, current_a: float) -> None:
        """Set a current and read it back in one message: an acknowledgement does not mean that it was accepted.

        If the reply is lost and the level has not changed, the message was lost too, and is sent again: a supply that
        was idle for hours may have closed the connection.
        """
        message, before_a = f"CURR {full_precision(current_a)};CURR?", self._set_a
        self._set_a = current_a
        try:
            found_a = self._exchange_level(message)
        except ReplyError as error:
            log.warning("%s Reading its set current.", error)
            found_a = self.get_number("current_setpoint")
            if not _same(found_a, current_a):
                if before_a is None or not _same(found_a, before_a):
                    raise
                found_a = self._exchange_level(message)
        if not _same(found_a, current_a):
            raise InstrumentError(
                f"{self.name}: was set to {current_a:.6g} A, but reports a set current of {found_a:.6g} A. Look at its "
                "front panel for the cause."
            )

    def _exchange_level(self, message: str) -> float:
        (found,) = self.acknowledge(message)
        return self.parsed(found)


def _same(found_a: float, wanted_a: float) -> bool:
    return abs(found_a - wanted_a) <= SAME * max(1.0, abs(wanted_a))
