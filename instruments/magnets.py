"""What makes the field: a Kepco BOP supply, or a person."""

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
"""As bench files name a field that a person sets."""
MT_PER_T = 1e3
_UNIT = re.compile(r"\s*mT$", re.IGNORECASE)
TRIES = 3
FAR_MT = 1.0
"""A field that is off by more shifts critical currents by 20 uA and more."""


def field_by_hand_t(ask: Callable[[str], str], wanted_t: float, read: Callable[[str], float] = float) -> float:
    """Field (T) that the gaussmeter shows by the word of a person, who has set it; ``ask`` puts a question to them.

    ``read`` makes a number of an answer, or raises ValueError with what is wrong with it. A number far from
    ``wanted_t`` may be a slip of the finger, and is believed when it is typed twice.

    Raises:
        InstrumentError: no number came, however often it was asked for.
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
        asked = f"{answer!r} is not near that; a number that is typed again is believed. {question}"
        before_mt = read_mt
    raise InstrumentError(f"field ({BY_HAND}): asked {question!r}, was told {answer!r}: no field that can be believed.")


class KepcoBOP(Driver):
    """Kepco BOP 36-12 with digital interface (BIT 4886), as a current source for a magnet.

    The current is sent in our own words: PyMeasure clips it and keeps six digits. The supply holds it within 1 % of its
    full scale, or the current is not called reached.
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
        self.errors()  # of earlier days
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
        """Set a current, read back in the same message: an acknowledgement says that it is done, not that it obeyed.

        Where the reply is lost, a supply that did not move did not hear it: one that nobody talked to for hours may
        have closed the connection.
        """
        message, before_a = f"CURR {full_precision(current_a)};CURR?", self._set_a
        self._set_a = current_a
        try:
            found_a = self._told(message)
        except ReplyError as error:
            log.warning("%s Reading what it is set to.", error)
            found_a = self.get_number("current_setpoint")
            if not _same(found_a, current_a):
                if before_a is None or not _same(found_a, before_a):
                    raise
                found_a = self._told(message)
        if not _same(found_a, current_a):
            raise InstrumentError(
                f"{self.name}: was asked for {current_a:.6g} A, says that it is set to {found_a:.6g} A. Look at its "
                "front panel for what keeps it there."
            )

    def _told(self, message: str) -> float:
        (found,) = self.acknowledge(message)
        return self.parsed(found)


def _same(found_a: float, wanted_a: float) -> bool:
    return abs(found_a - wanted_a) <= SAME * max(1.0, abs(wanted_a))
