"""Keithley 2400 and 2450: current sources that can also measure the voltage at their output, in the same session."""

from collections.abc import Mapping
from typing import Any, ClassVar

from instruments.driver import MV_PER_V
from instruments.interfaces import MeterSettings, SettingRefusedError, SourceSettings
from instruments.meter import Meter, readings_by_buffer
from instruments.pymeasure_classes import Keithley2400 as PyMeasure2400
from instruments.pymeasure_classes import Keithley2450 as PyMeasure2450
from instruments.source import Source

CURRENT_DIGITS_A = {1e-6: 50e-12, 10e-6: 500e-12, 100e-6: 5e-9, 1e-3: 50e-9, 10e-3: 500e-9, 100e-3: 5e-6, 1.0: 50e-6}
THOUSANDTH_OF_LARGEST_RANGE_V = 0.2


class SourceMeter(Source, Meter):
    """A 2400 or 2450 as a current source.

    Its voltage range also limits the source (manuals: range compliance), so the source gets the smallest range
    above its compliance, and a meter range that would limit the source is refused. A compliance below a thousandth of
    the range is ignored, and an earlier user may have left the largest range: hence the smallest compliance. Digits:
    programming resolution, 2400 specifications, and source resolution, 2450 specifications (SPEC-2450 Rev. A), which
    agree on the ranges that both have.
    """

    digits_a: ClassVar[Mapping[float, float]] = CURRENT_DIGITS_A
    smallest_compliance_v = THOUSANDTH_OF_LARGEST_RANGE_V
    largest_compliance_v = 200.0
    smallest_nplc = 0.01
    largest_nplc = 10.0

    def __init__(self, adapter: Any) -> None:
        super().__init__(adapter)
        self._on = False

    def _function(self) -> str:
        """Source function, 'current' or 'voltage', read back."""
        return str(self.get("source_mode"))

    def output_is_on(self) -> bool:
        """Whether the output is on, read back."""
        self._on = super().output_is_on()
        return self._on

    def range_a(self) -> float:
        """Range that is set, read back."""
        return self.get_number("source_current_range")

    def prepare_source(self, settings: SourceSettings) -> None:
        """See ``Source``; the meter must be prepared afterwards, because the voltage range belongs to both."""
        self._meter_settings = None
        super().prepare_source(settings)

    def prepare_meter(self, settings: MeterSettings) -> None:
        """See ``Meter``. Raises SettingRefusedError if the range would limit the source below its compliance."""
        if self._settings is None:
            raise SettingRefusedError(f"{self.name}: prepare it as a source before it measures. Nothing was sent.")
        if settings.range_v < self._settings.compliance_v:
            raise SettingRefusedError(
                f"{self.name}: a range of {settings.range_v * MV_PER_V:.6g} mV would limit its source, whose "
                f"compliance is {self._settings.compliance_v * MV_PER_V:.6g} mV. Nothing was sent. Raise range_mv or "
                "lower compliance_mv."
            )
        super().prepare_meter(settings)

    def _turn_output(self, on: bool) -> None:
        self._on = False
        if on:
            self._device.enable_source()
        else:
            self._device.disable_source()

    def _on_reconnect(self) -> None:
        super()._on_reconnect()
        self._on = False

    def _demand_that_it_can_read(self) -> None:
        """Check that the output is on: with the output off a reading blocks the instrument and gives no reply."""
        is_known_on = self._on and not (self._needs_reconnect or self._unread)
        if not is_known_on and not self.output_is_on():
            raise SettingRefusedError(f"{self.name}: its output is off, so it cannot read. Nothing was sent.")

    def _demand_current_function(self) -> None:
        if self._function() != "current":
            raise SettingRefusedError(f"{self.name}: its output is on and drives a voltage. Turn it down by hand.")

    def _range_that_holds(self, compliance_v: float) -> float:
        return next(range_v for range_v in self.ranges_v if range_v >= compliance_v)


class Keithley2400(SourceMeter):
    """Keithley 2400. Its output, when off, is disconnected (HIMP): other sources share the chain.

    Neither PyMeasure's constructor, which writes a format at once, nor its ``voltage``, which is MEAS and may reset the
    limit, is ever used. A running trigger model, and a sweep or list instead of a fixed level, block new levels.
    """

    device_class: ClassVar[Any] = PyMeasure2400
    model = "Keithley 2400"
    identifies_as = ("MODEL 2400",)
    ranges_v = (0.2, 2.0, 20.0, 200.0)
    compliance_query = ":SENS:VOLT:PROT:TRIP?"
    recovery_commands = (":ABOR", ":SOUR:CURR:MODE FIX", ":SOUR:CURR 0.0")

    def _before_level(self) -> None:
        self._device.source_mode = "current"
        self.write(":SOUR:CURR:MODE FIX")  # not in PyMeasure; a sweep may still be selected

    def _configure(self, settings: SourceSettings) -> None:
        self._device.source_current_range_auto_enabled = False
        self._device.source_current_range = settings.range_a
        self._device.compliance_voltage = settings.compliance_v
        self._device.voltage_range_auto_enabled = False
        self._device.voltage_range = self._range_that_holds(settings.compliance_v)
        self._device.output_off_state = "disconnected"
        self._device.auto_output_off_enabled = False

    def _confirm_configuration(self, settings: SourceSettings) -> None:
        self.confirm("function", self._function(), "current")
        self.confirm("autorange", self.get("source_current_range_auto_enabled"), False)
        self.confirm_range_a(self.range_a(), settings.range_a)
        self.confirm_compliance(self.get_number("compliance_voltage"), settings.compliance_v)
        range_v = self._range_that_holds(settings.compliance_v)
        self.confirm_range_v(self.get_number("voltage_range"), range_v, "voltage range (mV)")
        self.confirm("output-off mode", self.ask(":OUTPUT:SMODE?"), "HIMP")
        self.confirm("automatic output off", self.get("auto_output_off_enabled"), False)

    def _configure_meter(self, settings: MeterSettings) -> None:
        self.write(':SENS:FUNC:CONC 0;:SENS:FUNC "VOLT";:FORM:DATA ASC;:FORM:ELEM VOLT')  # not in PyMeasure
        self._device.voltage_range_auto_enabled = False
        self._device.voltage_range = settings.range_v
        self._device.voltage_nplc = settings.nplc
        self._device.filter_enabled = False
        self._device.source_delay = 0
        self.write(":ARM:COUN 1;:ARM:SOUR IMM;:TRIG:SOUR IMM;:TRIG:DEL 0")

    def _confirm_meter(self, settings: MeterSettings) -> None:
        self.confirm("autorange", self.get("voltage_range_auto_enabled"), False)
        self.confirm_range_v(self.get_number("voltage_range"), settings.range_v)
        self.confirm_number("NPLC", self.get_number("voltage_nplc"), settings.nplc)
        self.confirm("filter", self.get("filter_enabled"), False)
        if self._settings is not None:
            self.confirm_compliance(self.get_number("compliance_voltage"), self._settings.compliance_v)

    def _reading_message(self, samples: int) -> str:
        return f":TRIG:COUN {samples};:READ?"


class Keithley2450(SourceMeter):
    """Keithley 2450 in its own command set. Its output, when off, is disconnected (HIMP).

    A running trigger model blocks new levels.
    """

    device_class: ClassVar[Any] = PyMeasure2450
    model = "Keithley 2450"
    identifies_as = ("MODEL 2450",)
    ranges_v = (0.02, 0.2, 2.0, 20.0, 200.0)
    compliance_query = ":SOUR:CURR:VLIM:TRIP?"
    recovery_commands = (":ABOR", ":SOUR:CURR 0.0")

    def _before_level(self) -> None:
        self.confirm("command set (*LANG)", self.ask("*LANG?"), "SCPI")
        self._device.source_mode = "current"

    def _configure(self, settings: SourceSettings) -> None:
        self._device.source_current_range = settings.range_a
        self.write(':SENS:FUNC "VOLT"')  # PyMeasure's measure_voltage() turns autorange on
        self._device.voltage_range = self._range_that_holds(settings.compliance_v)
        self._device.compliance_voltage = settings.compliance_v  # after the range, which may change it
        self._device.current_output_off_state = "HIMP"

    def _confirm_configuration(self, settings: SourceSettings) -> None:
        self.confirm("function", self._function(), "current")
        self.confirm_number("autorange", self.number(":SOUR:CURR:RANG:AUTO?"), 0)
        self.confirm_range_a(self.range_a(), settings.range_a)
        self.confirm_compliance(self.get_number("compliance_voltage"), settings.compliance_v)
        range_v = self._range_that_holds(settings.compliance_v)
        self.confirm_range_v(self.get_number("voltage_range"), range_v, "voltage range (mV)")
        self.confirm("output-off mode", self.get("current_output_off_state"), "HIMP")

    def _configure_meter(self, settings: MeterSettings) -> None:
        self.write(':SENS:FUNC "VOLT";:SENS:VOLT:AVER 0;:SOUR:CURR:READ:BACK 0;:FORM:DATA ASC')
        self._device.voltage_range = settings.range_v
        self._device.voltage_nplc = settings.nplc
        self._device.source_current_delay = 0

    def _confirm_meter(self, settings: MeterSettings) -> None:
        self.confirm_number("autorange", self.number(":SENS:VOLT:RANG:AUTO?"), 0)
        self.confirm_range_v(self.get_number("voltage_range"), settings.range_v)
        self.confirm_number("NPLC", self.get_number("voltage_nplc"), settings.nplc)
        self.confirm_number("filter", self.number(":SENS:VOLT:AVER?"), 0)
        if self._settings is not None:
            self.confirm_compliance(self.get_number("compliance_voltage"), self._settings.compliance_v)

    def _reading_message(self, samples: int) -> str:
        return readings_by_buffer(samples)
