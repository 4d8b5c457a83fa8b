"""Voltmeters: Keithley 2182A, 2000 and DMM6500, Agilent 34410A, Keysight 34461A."""

from contextlib import suppress
from typing import Any, ClassVar

from instruments.interfaces import HeldError, InstrumentError, MeterSettings, NoReplyError
from instruments.meter import Meter, readings_by_buffer
from instruments.pymeasure_classes import Adapter
from instruments.pymeasure_classes import Agilent34410A as PyMeasure34410A
from instruments.pymeasure_classes import Keithley2000 as PyMeasure2000
from instruments.pymeasure_classes import Keithley2182 as PyMeasure2182
from instruments.pymeasure_classes import KeithleyDMM6500 as PyMeasureDMM6500

BENCH_RANGES_V = (0.1, 1.0, 10.0, 100.0, 1000.0)
GRANTED = ("1", "+1")


class Keithley2182A(Meter):
    """Keithley 2182A, channel 1. PyMeasure has no commands for its filters and buffer."""

    device_class: ClassVar[Any] = PyMeasure2182
    model = "Keithley 2182A"
    identifies_as = ("2182",)
    ranges_v = (0.01, 0.1, 1.0, 10.0, 100.0)
    smallest_nplc = 0.01
    largest_nplc = 50.0

    def _configure_meter(self, settings: MeterSettings) -> None:
        self.write(":INIT:CONT 0;:ABOR")  # READ? is an error while it triggers itself
        self._device.active_channel = 1
        self._device.channel_function = "voltage"
        self._device.ch_1.voltage_range_auto_enabled = False
        self._device.ch_1.voltage_range = settings.range_v
        self._device.voltage_nplc = settings.nplc
        self._device.ch_1.voltage_offset_enabled = False
        self.write(":SENS:VOLT:CHAN1:LPAS:STAT 0;:SENS:VOLT:CHAN1:DFIL:STAT 0")
        self._device.disable_buffer()
        self.write(":TRAC:CLE;:FORM:DATA ASC;:FORM:ELEM READ")  # a full buffer blocks multiple readings
        self._device.trigger_immediately()
        self._device.trigger_count = 1
        self._device.trigger_delay = 0

    def _confirm_meter(self, settings: MeterSettings) -> None:
        self.confirm_number("channel", self.get_number("active_channel"), 1)
        self.confirm("function", self.ask(":SENS:FUNC?").strip('"'), "VOLT:DC")
        self.confirm("autorange", self.get("ch_1.voltage_range_auto_enabled"), False)
        self.confirm_range_v(self.get_number("ch_1.voltage_range"), settings.range_v)
        self.confirm_number("NPLC", self.get_number("voltage_nplc"), settings.nplc)
        self.confirm_number("analog filter", self.number(":SENS:VOLT:CHAN1:LPAS:STAT?"), 0)
        self.confirm_number("digital filter", self.number(":SENS:VOLT:CHAN1:DFIL:STAT?"), 0)


class KeithleyBenchMeter(Meter):
    """Base class of Keithley bench multimeters: ranges, and reading settings back."""

    ranges_v = BENCH_RANGES_V

    def _confirm_meter(self, settings: MeterSettings) -> None:
        self.confirm("function", self.get("mode"), "voltage")
        self.confirm_number("autorange", self.number(":SENS:VOLT:RANG:AUTO?"), 0)
        self.confirm_range_v(self.get_number("voltage_range"), settings.range_v)
        self.confirm_number("NPLC", self.get_number("voltage_nplc"), settings.nplc)
        self.confirm_number("filter", self.number(":SENS:VOLT:AVER:STAT?"), 0)


class Keithley2000(KeithleyBenchMeter):
    """Keithley 2000. PyMeasure's ``mode`` is CONF, which resets offset, math and triggers."""

    device_class: ClassVar[Any] = PyMeasure2000
    model = "Keithley 2000"
    identifies_as = ("MODEL 2000",)
    smallest_nplc = 0.01
    largest_nplc = 10.0

    def _configure_meter(self, settings: MeterSettings) -> None:
        self._device.mode = "voltage"
        self._device.voltage_range = settings.range_v
        self._device.voltage_nplc = settings.nplc
        self.write(":SENS:VOLT:AVER:STAT 0")  # PyMeasure's filter properties query the function first
        self._device.disable_buffer()
        self.write(":TRAC:CLE;:FORM:DATA ASC;:FORM:ELEM READ")  # a full buffer blocks multiple readings


class KeithleyDMM6500(KeithleyBenchMeter):
    """Keithley DMM6500 in the SCPI command set: changing it needs a restart, so another one is refused."""

    device_class: ClassVar[Any] = PyMeasureDMM6500
    model = "Keithley DMM6500"
    identifies_as = ("DMM6500",)
    smallest_nplc = 0.0005
    largest_nplc = 12.0

    def _configure_meter(self, settings: MeterSettings) -> None:
        self.confirm("command set (*LANG)", self.get("command_set"), "SCPI")
        self._device.mode = "voltage"
        self._device.voltage_range = settings.range_v
        self._device.voltage_nplc = settings.nplc
        self._device.voltage_relative_enabled = False
        self.write(":SENS:VOLT:AVER:STAT 0;:FORM:DATA ASC")  # PyMeasure's filter properties query the function first

    def _reading_message(self, samples: int) -> str:
        return readings_by_buffer(samples)


class Agilent34410A(Meter):
    """Agilent 34410A. PyMeasure has only ``MEAS``, which resets range and integration time at every reading."""

    device_class: ClassVar[Any] = PyMeasure34410A
    model = "Agilent 34410A"
    identifies_as = ("34410A",)
    ranges_v = BENCH_RANGES_V
    smallest_nplc = 0.006
    largest_nplc = 100.0

    def __init__(self, adapter: Adapter) -> None:
        super().__init__(adapter)
        self._locked = False

    def lock(self) -> None:
        """Lock it for this interface, or for this computer on a network. An instrument without locks is used without.

        A lock left by a killed run of this computer is taken over: every lock request needs its own release.

        Raises:
            HeldError: another interface or computer holds it.
        """
        try:
            owner, here = (_interface(name) for name in self._exchange(":SYST:LOCK:OWN?;:SYST:LOCK:NAME?").split(";"))
            self._locked = owner == here or self._exchange(":SYST:LOCK:REQ?") in GRANTED
        except (NoReplyError, ValueError):
            self._needs_reconnect = True
            return
        if not self._locked:
            raise HeldError(f"{self.name}: is locked by {owner}. Nothing was set. Wait until that ends, or stop it.")

    def close(self) -> None:
        """Release the lock, and close the connection."""
        if self._locked:
            self._locked = False
            with suppress(InstrumentError):
                self.write(":SYST:LOCK:REL")
        super().close()

    def _on_reconnect(self) -> None:
        """Lock again: the instrument releases a lock when its connection is lost."""
        super()._on_reconnect()
        if self._locked:
            self.lock()

    def _configure_meter(self, settings: MeterSettings) -> None:
        self.write(f":CONF:VOLT:DC {settings.range_v!r}")  # fixed range, one immediate trigger, no math
        self.write(f":SENS:VOLT:DC:NPLC {settings.nplc!r}")

    def _confirm_meter(self, settings: MeterSettings) -> None:
        self.confirm_number("autorange", self.number(":SENS:VOLT:DC:RANG:AUTO?"), 0)
        self.confirm_range_v(self.number(":SENS:VOLT:DC:RANG?"), settings.range_v)
        self.confirm_number("NPLC", self.number(":SENS:VOLT:DC:NPLC?"), settings.nplc)


class Keysight34461A(Agilent34410A):
    """Keysight 34461A: the same commands."""

    model = "Keysight 34461A"
    identifies_as = ("34461A",)
    smallest_nplc = 0.02


def _interface(name: str) -> str:
    """Name of an interface as the instrument reports it, for example ``LAN169.254.149.35``, with or without a space."""
    return name.replace('"', "").replace(" ", "").upper()
