"""Current sources that do nothing else: Keithley 6220 and 6221, Yokogawa GS200."""

from collections.abc import Mapping
from typing import Any, ClassVar

from instruments.interfaces import SettingRefusedError, SourceSettings
from instruments.pymeasure_classes import Keithley6221 as PyMeasure6221
from instruments.pymeasure_classes import YokogawaGS200 as PyMeasureGS200
from instruments.source import Source

COMPLIANCE_BIT = 8
"""Bit 3 of the measurement condition register, 6220/6221 reference manual, figure 11-6."""


class Keithley6221(Source):
    """Keithley 6221. Its output, when off, needs no mode: there is only one.

    With a compliance near the voltage of the load it may overshoot by up to 2 V on a step. Digits: programming
    resolution, 6220 and 6221 source specifications (HW 1/17/05 Rev. B). An armed sweep, waveform or delta measurement
    blocks new levels until it is aborted; ``:SOUR:CLE`` would also cut the output.
    """

    device_class: ClassVar[Any] = PyMeasure6221
    model = "Keithley 6221"
    identifies_as = ("6221",)
    digits_a: ClassVar[Mapping[float, float]] = {
        2e-9: 100e-15,
        20e-9: 1e-12,
        200e-9: 10e-12,
        2e-6: 100e-12,
        20e-6: 1e-9,
        200e-6: 10e-9,
        2e-3: 100e-9,
        20e-3: 1e-6,
        100e-3: 10e-6,
    }
    recovery_commands = (":SOUR:SWE:ABOR", ":SOUR:CURR 0.0")
    smallest_compliance_v = 0.1
    largest_compliance_v = 105.0
    compliance_query = ":STAT:MEAS:COND?"  # PyMeasure reads the event register, which is latched

    def _configure(self, settings: SourceSettings) -> None:
        self._device.source_range = settings.range_a
        self._device.source_compliance = settings.compliance_v

    def _confirm_configuration(self, settings: SourceSettings) -> None:
        self.confirm("autorange", self.get("source_auto_range"), False)
        self.confirm_range_a(self.range_a(), settings.range_a)
        self.confirm_compliance(self.get_number("source_compliance"), settings.compliance_v)

    def _limits(self, answer: str) -> bool:
        if not answer.isdigit():
            raise self.garbled_reply("not a condition register")
        return bool(int(answer) & COMPLIANCE_BIT)


class Keithley6220(Keithley6221):
    """Keithley 6220: the same commands, without waveforms."""

    model = "Keithley 6220"
    identifies_as = ("6220",)


class YokogawaGS200(Source):
    """Yokogawa GS200 (GS210, GS211) as a current source.

    It cannot report compliance: only the voltmeters show it. Its limiter has steps of 1 V. Function and level are read
    with messages of this class, because PyMeasure's properties fail on an unexpected reply. Digits: resolution, GS200
    User's Manual (IM GS210-01EN), specifications of the current source. A level outside the range is set by the
    command that also chooses the range.
    """

    device_class: ClassVar[Any] = PyMeasureGS200
    model = "Yokogawa GS200"
    identifies_as = ("GS200", "GS210", "GS211")
    digits_a: ClassVar[Mapping[float, float]] = {1e-3: 10e-9, 10e-3: 100e-9, 100e-3: 1e-6, 200e-3: 1e-6}
    recovery_commands = (":SOUR:LEV:AUTO 0.0",)
    smallest_compliance_v = 1.0
    largest_compliance_v = 30.0
    level_command = ":SOUR:LEV"

    def level_a(self) -> float:
        """Current that is set, read back, whether the output is on or off."""
        return self.number(":SOURce:LEVel?")

    def _before_level(self) -> None:
        self._device.source_mode = "current"

    def _configure(self, settings: SourceSettings) -> None:
        self._device.source_range = settings.range_a
        self._device.voltage_limit = settings.compliance_v

    def _confirm_configuration(self, settings: SourceSettings) -> None:
        self.confirm("function", self.ask(":SOURce:FUNCtion?"), "CURR")
        self.confirm_range_a(self.range_a(), settings.range_a)
        self.confirm_compliance(self.get_number("voltage_limit"), settings.compliance_v)

    def _demand_current_function(self) -> None:
        if self.ask(":SOURce:FUNCtion?") != "CURR":
            raise SettingRefusedError(f"{self.name}: its output is on and drives a voltage. Turn it down by hand.")
