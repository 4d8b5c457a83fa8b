"""Gaussmeters: Lake Shore 421 and 425, F.W. Bell 5080. They measure a steady field, in tesla, in a fixed range.

Relative readings are switched off, so that a reading counts from where the probe was zeroed: that is done at the front
panel, in a zero gauss chamber.
"""

import time
from abc import abstractmethod
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar

from instruments.driver import Driver
from instruments.interfaces import GaussmeterSettings, InstrumentError, SettingRefusedError
from instruments.pymeasure_classes import Adapter
from instruments.pymeasure_classes import FWBell5080 as PyMeasure5080
from instruments.pymeasure_classes import LakeShore421 as PyMeasure421
from instruments.pymeasure_classes import LakeShore425 as PyMeasure425

OVERLOAD = ("OL", "-OL", "+OL")


class Gaussmeter(Driver):
    """Base class of gaussmeters: settings read back, and one finite reading in tesla."""

    ranges_t: ClassVar[tuple[float, ...]]
    """With the usual probe; larger with others."""

    def __init__(self, adapter: Adapter) -> None:
        super().__init__(adapter)
        self._is_prepared = False

    def prepare_gaussmeter(self, settings: GaussmeterSettings) -> None:
        """Tesla, steady fields, fixed range, no relative readings; read back. See ``interfaces.Gaussmeter``."""
        self._is_prepared = False
        self._configure(settings)
        self._confirm(settings)
        self._is_prepared = True

    def field_t(self) -> float:
        """The field that it measures now. Raises InstrumentError beyond its range."""
        if not self._is_prepared:
            raise SettingRefusedError(f"{self.name}: was not prepared. Nothing was sent.")
        return self._with_retry(self._measured_t)

    @abstractmethod
    def _configure(self, settings: GaussmeterSettings) -> None:
        """Write all settings."""

    @abstractmethod
    def _confirm(self, settings: GaussmeterSettings) -> None:
        """Read all settings back."""

    @abstractmethod
    def _measured_t(self) -> float:
        """One reading."""

    def parsed(self, reply: str) -> float:
        """As any number, but for the words of a gaussmeter for a field beyond its range."""
        if reply.strip().upper() in OVERLOAD:
            raise InstrumentError(self._quoted("over range: choose a larger range_mt in the bench file"))
        return super().parsed(reply)

    def _range_code(self, range_t: float, ranges_t: Mapping[float, int]) -> int:
        self.demand_one_of(range_t, tuple(ranges_t), "range (T)")
        return next(code for one_t, code in ranges_t.items() if abs(one_t - range_t) <= 1e-9 * one_t)


class _UnpacedLakeShore421(PyMeasure421):  # type: ignore[misc]  # PyMeasure has no types
    """Its messages are paced by our driver, through which all pass."""

    WRITE_DELAY = None


HIGHEST_FIRST: Mapping[float, int] = MappingProxyType({3.0: 0, 0.3: 1, 0.03: 2, 0.003: 3})
LOWEST_FIRST: Mapping[float, int] = MappingProxyType({0.0035: 1, 0.035: 2, 0.35: 3, 3.5: 4})
STABLE_PROBE = 10.0
"""Ranges of a high stability probe over those of a high sensitivity probe."""
PROBES: Mapping[str, float] = MappingProxyType({"High Sensitivity": 1.0, "High Stability": STABLE_PROBE})
PROBES_425: Mapping[int, float] = MappingProxyType({40: 1.0, 50: 1.0, 41: STABLE_PROBE, 51: STABLE_PROBE})
PREFIXES: Mapping[str, float] = MappingProxyType({"k": 1e3, "": 1.0, "m": 1e-3, "u": 1e-6})


class LakeShore421(Gaussmeter):
    """Lake Shore 421. It needs 50 ms between messages, and reports a field and its multiplier separately."""

    device_class: ClassVar[Any] = _UnpacedLakeShore421
    model = "Lake Shore 421"
    identifies_as = ("421",)
    ranges_t = tuple(HIGHEST_FIRST)[::-1]
    between_messages_s: ClassVar[float] = 0.05

    def __init__(self, adapter: Adapter) -> None:
        super().__init__(adapter)
        self._sent_s = -self.between_messages_s

    def _send(self, message: str) -> None:
        time.sleep(max(0.0, self._sent_s + self.between_messages_s - time.monotonic()))
        super()._send(message)
        self._sent_s = time.monotonic()

    def _configure(self, settings: GaussmeterSettings) -> None:
        code = self._range_code(settings.range_t, self._ranges_of_probe())
        self._device.unit = "T"
        self._device.field_mode = "DC"
        self._device.fast_mode = False
        self._device.relative_mode_enabled = False
        self._device.max_hold_enabled = False
        self._device.auto_range = False
        self._device.field_range_raw = code

    def _confirm(self, settings: GaussmeterSettings) -> None:
        self.confirm("unit", self.get("unit"), "T")
        self.confirm("mode", self.get("field_mode"), "DC")
        self.confirm("relative mode", self.get("relative_mode_enabled"), False)
        self.confirm("autorange", self.get("auto_range"), False)
        code = self._range_code(settings.range_t, self._ranges_of_probe())
        self.confirm_number("range", self.get_number("field_range_raw"), code)

    def _measured_t(self) -> float:
        value = self.parsed(self._exchange("FIELD?"))
        prefix = self._exchange("FIELDM?")
        if prefix not in PREFIXES:
            raise self.garbled_reply("not a multiplier of a field")
        return value * PREFIXES[prefix]

    def _ranges_of_probe(self) -> Mapping[float, int]:
        factor = PROBES.get(self.get("probe_type"))
        if factor is None:
            raise SettingRefusedError(self._quoted("a probe for small fields. Take a high sensitivity probe"))
        return {range_t * factor: code for range_t, code in HIGHEST_FIRST.items()}


class LakeShore425(Gaussmeter):
    """Lake Shore 425. PyMeasure has no way to switch its autorange and its relative readings off."""

    device_class: ClassVar[Any] = PyMeasure425
    model = "Lake Shore 425"
    identifies_as = ("425",)
    ranges_t = tuple(LOWEST_FIRST)

    def _configure(self, settings: GaussmeterSettings) -> None:
        code = self._range_code(settings.range_t, self._ranges_of_probe())
        self._device.unit = "T"
        self.write("RDGMODE 1,1,2")  # steady field, filter on, narrow band
        self.write("REL 0")
        self.write("AUTO 0")
        self.write(f"RANGE {code}")

    def _confirm(self, settings: GaussmeterSettings) -> None:
        self.confirm("unit", self.get("unit"), "T")
        self.confirm("mode", self.ask("RDGMODE?").split(",")[0].strip(), "1")
        self.confirm_number("relative mode", self.number("REL?"), 0)
        self.confirm_number("autorange", self.number("AUTO?"), 0)
        code = self._range_code(settings.range_t, self._ranges_of_probe())
        self.confirm_number("range", self.number("RANGE?"), code)

    def _measured_t(self) -> float:
        return self.parsed(self._exchange("RDGFIELD?"))

    def _ranges_of_probe(self) -> Mapping[float, int]:
        factor = PROBES_425.get(int(self.number("TYPE?")))
        if factor is None:
            raise SettingRefusedError(self._quoted("a probe for small fields. Take a high sensitivity probe"))
        return {range_t * factor: code for range_t, code in LOWEST_FIRST.items()}


BELL_RANGES: Mapping[float, int] = MappingProxyType({0.03: 0, 0.3: 1, 3.0: 2})


class FWBell5080(Gaussmeter):
    """F.W. Bell 5080. Its replies may end with a semicolon, and name the unit of a field."""

    device_class: ClassVar[Any] = PyMeasure5080
    model = "FW Bell 5080"
    identifies_as = ("5080",)
    ranges_t = tuple(BELL_RANGES)

    def read(self, **_: Any) -> str:
        """The reply without semicolons: PyMeasure takes them off for itself only."""
        self._reply = super().read().replace(";", "").strip()
        return self._reply

    def _configure(self, settings: GaussmeterSettings) -> None:
        code = self._range_code(settings.range_t, BELL_RANGES)
        self._device.units = "tesla"
        self._device.range = code

    def _confirm(self, settings: GaussmeterSettings) -> None:
        self.confirm("unit", self.get("units"), "tesla")
        self.confirm_number("range", self.get_number("range"), self._range_code(settings.range_t, BELL_RANGES))

    def _measured_t(self) -> float:
        reply = self._exchange(":MEASure:FLUX?")
        if reply.upper() in OVERLOAD:
            return self.parsed(reply)
        value, prefix = reply.removesuffix("T").rstrip(), ""
        if value == reply:
            raise self.garbled_reply("not a field in tesla")
        if value[-1:] in ("k", "m", "u"):
            value, prefix = value[:-1].rstrip(), value[-1]
        return self.parsed(value) * PREFIXES[prefix]
