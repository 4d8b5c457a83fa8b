"""Base class of voltmeters: fixed range, fixed integration time, and the requested number of readings."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import ClassVar

from instruments.driver import MV_PER_V, Driver
from instruments.interfaces import InstrumentError, MeterSettings, SettingRefusedError
from instruments.pymeasure_classes import Adapter

MOST_SAMPLES = 1000
"""All models can store at least this number of readings."""


class Meter(Driver):
    """A voltmeter. Readings use messages of this class: PyMeasure passes on texts, lists and 9.9E37 unchecked."""

    ranges_v: ClassVar[tuple[float, ...]]
    smallest_nplc: ClassVar[float]
    largest_nplc: ClassVar[float]

    def __init__(self, adapter: Adapter) -> None:
        super().__init__(adapter)
        self._meter_settings: MeterSettings | None = None
        self._requested = 0

    @abstractmethod
    def _configure_meter(self, settings: MeterSettings) -> None:
        """DC voltage, fixed range, integration time, no filter, no offset, one immediate trigger."""

    @abstractmethod
    def _confirm_meter(self, settings: MeterSettings) -> None:
        """Read back the settings that readings depend on."""

    def prepare_meter(self, settings: MeterSettings) -> None:
        """Fixed range, integration time, no filter, no autorange; range and integration time read back."""
        ranges_mv = tuple(range_v * MV_PER_V for range_v in self.ranges_v)
        self.demand_one_of(settings.range_v * MV_PER_V, ranges_mv, "voltage range (mV)")
        self.demand_within(settings.nplc, self.smallest_nplc, self.largest_nplc, "an integration time (NPLC)")
        self._meter_settings = None
        self.errors()  # discard old entries
        self._configure_meter(settings)
        self._confirm_meter(settings)
        self.confirm_no_errors()
        self._meter_settings = settings

    def confirm_range_v(self, found_v: float, wanted_v: float, what: str = "range (mV)") -> None:
        """Raise SettingRefusedError unless the voltage range read back is the one that was set."""
        self.confirm_range(what, found_v * MV_PER_V, wanted_v * MV_PER_V)

    def request(self, samples: int) -> None:
        """Start ``samples`` readings; one message. All meters are triggered before the first is read."""
        if self._meter_settings is None:
            raise SettingRefusedError(f"{self.name}: was not prepared as a voltmeter. Nothing was sent.")
        self.demand_within(samples, 1, MOST_SAMPLES, "a number of samples")
        self._demand_that_it_can_read()
        self.allow(samples * self._meter_settings.aperture_s)
        self.write(self._reading_message(samples))
        self._requested = samples

    def voltages_v(self) -> Sequence[float]:
        """The readings that were requested."""
        if not self._requested:
            raise InstrumentError(f"{self.name}: no readings were requested, so none can be read.")
        samples, self._requested = self._requested, 0
        readings = self.read().split(",")
        if len(readings) != samples:
            raise self.garbled_reply(f"{samples} readings were requested")
        return [self.parsed(reading) for reading in readings]

    def _on_reconnect(self) -> None:
        super()._on_reconnect()
        self._requested = 0

    def _reading_message(self, samples: int) -> str:
        return f":SAMP:COUN {samples};:READ?"

    def _demand_that_it_can_read(self) -> None:
        """Raise SettingRefusedError if the instrument would not answer."""


def readings_by_buffer(samples: int) -> str:
    """Message for the 2450 and DMM6500, which answer READ? with the last reading only; the others are in the buffer."""
    buffer = '"defbuffer1"'
    return f":SENS:COUN {samples};:TRAC:CLE {buffer};:TRAC:TRIG {buffer};:TRAC:DATA? 1,{samples},{buffer}"
