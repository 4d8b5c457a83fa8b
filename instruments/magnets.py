"""What makes the field: a Kepco BOP supply, or a person."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite
from typing import Any, ClassVar

from pymeasure.adapters import Adapter
from pymeasure.instruments.kepco import KepcoBOP3612

from instruments.driver import Driver, full_precision
from instruments.interfaces import InstrumentError, MagnetSettings, SettingRefusedError

TRIES = 3


@dataclass(frozen=True, slots=True)
class Said:
    """A question to the operator and the answer."""

    question: str
    answer: str


class ByHand:
    """A magnet that a person sets: asks, and records what was said."""

    model = "by hand"

    def __init__(self, ask: Callable[[str], str]) -> None:
        self._ask = ask
        self._said: list[Said] = []
        self._current_a: float | None = None
        self._largest_a: float | None = None

    @property
    def name(self) -> str:
        """What it is, for messages."""
        return "magnet (by hand)"

    @property
    def said(self) -> tuple[Said, ...]:
        """Everything that was asked and answered."""
        return tuple(self._said)

    def prepare_magnet(self, settings: MagnetSettings) -> None:
        """Ask for the limit of the supply."""
        self._largest_a = settings.largest_current_a
        self._question(
            f"Limit the magnet's supply to {settings.largest_current_a:.6g} A and {settings.compliance_v:.6g} V, "
            "its current at 0 A. Done?"
        )

    def apply_current(self, current_a: float) -> None:
        """Ask the operator to set the current and to type what the supply shows."""
        if self._largest_a is None or not isfinite(current_a) or abs(current_a) > self._largest_a:
            raise SettingRefusedError(f"{self.name}: {current_a:.6g} A is not within its limit. Nobody was asked.")
        self._current_a = self._number(f"Set the magnet to {current_a:.6g} A. What does its supply show, in A?")

    def current_a(self) -> float:
        """What the operator read last; asks if nothing has been read yet."""
        if self._current_a is None:
            self._current_a = self._number("What current does the magnet's supply show, in A?")
        return self._current_a

    def switch_off(self) -> None:
        """Ask the operator to turn the current down and to switch the supply off."""
        self._current_a = self._number(
            "Turn the magnet's current to 0 A and switch its supply off. What does it show, in A?"
        )

    def close(self) -> None:
        """Nothing to close."""

    def _number(self, question: str) -> float:
        for _ in range(TRIES):
            answer = self._question(question)
            try:
                value = float(answer.replace(",", ".").removesuffix("A").strip())
            except ValueError:
                continue
            if isfinite(value):
                return value
        raise InstrumentError(f"{self.name}: asked {question!r}, was told {answer!r}: not a number.")

    def _question(self, question: str) -> str:
        answer = self._ask(question).strip()
        self._said.append(Said(question, answer))
        return answer


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

    def prepare_magnet(self, settings: MagnetSettings) -> None:
        """With the output off: current mode, 0 A, voltage limit, read back; then output on, confirmed."""
        self.demand_within(settings.largest_current_a, 0.0, self.largest_current_a, "a largest current (A)")
        self.demand_within(settings.compliance_v, 0.0, self.largest_compliance_v, "a compliance (V)")
        self._settings = None
        self.errors()  # of earlier days
        if self.get("output_enabled"):
            raise SettingRefusedError(f"{self.name}: its output is on. Nothing was set. Turn it down by hand first.")
        self._device.operating_mode = "CURR"
        self.acknowledge("CURR 0.0")
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
        """Current to zero, then output off, confirmed."""
        self._drive(0.0)
        self._device.output_enabled = False
        if self.get("output_enabled"):
            raise InstrumentError(f"{self.name}: its output is STILL ON after switching off. Turn it down by hand.")

    def _drive(self, current_a: float) -> None:
        self.acknowledge(f"CURR {full_precision(current_a)}")
        end_s = time.monotonic() + self.patience_s
        while abs((found_a := self.current_a()) - current_a) > self.reached_within_a:
            if time.monotonic() > end_s:
                raise InstrumentError(
                    f"{self.name}: was set to {current_a:.6g} A, drives {found_a:.6g} A after {self.patience_s:.3g} s. "
                    "Raise its compliance_v, or check the magnet."
                )
            time.sleep(self.poll_s)
