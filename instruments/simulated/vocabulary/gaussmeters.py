"""Gaussmeters Lake Shore 421 and 425, F.W. Bell 5080, with high sensitivity probes. They report no errors.

Sources: user's manuals of the 421 (4.2) and 425 (6.3); the 5080 as PyMeasure's driver reads it.
"""

from collections.abc import Sequence
from typing import ClassVar

from instruments.simulated.terminals import MagnetTerminals, Time
from instruments.simulated.vocabulary.instrument import ScpiInstrument, Setting, asks, writes
from instruments.simulated.vocabulary.kinds import Number, Switch, nr1

OVERLOAD = "OL"
FULL_SCALE = 1.17
"""A reading may go so far beyond the name of its range."""


class Letters:
    """One of some words, as it is written."""

    def __init__(self, *words: str) -> None:
        self._words = words

    def value(self, parameters: Sequence[str]) -> str:
        """The word; anything else leaves the first."""
        return parameters[0] if parameters and parameters[0] in self._words else self._words[0]

    def reply(self, value: str, parameters: Sequence[str]) -> str:
        """The word."""
        return value


class SimulatedGaussmeter(ScpiInstrument):
    """A probe in the field of the bench."""

    ranges_t: ClassVar[dict[int, float]]

    def __init__(self, serial: str, time: Time, magnet: MagnetTerminals) -> None:
        self._magnet = magnet
        super().__init__(serial, time)

    def shown_t(self) -> float | None:
        """Field to the digits of the range; None beyond it."""
        range_t, field_t = self.ranges_t[int(self.values["range"])], self._magnet.shown_t()
        digit_t = range_t * 1e-5
        return None if abs(field_t) > range_t * FULL_SCALE else round(field_t / digit_t) * digit_t


class LakeShore421(SimulatedGaussmeter):
    """Its serial number is never told; here it is, so that instruments of two benches differ."""

    maker = "LSCI"
    model = "MODEL421"
    firmware = "070199"
    ranges_t: ClassVar[dict[int, float]] = {0: 3.0, 1: 0.3, 2: 0.03, 3: 0.003}
    settings: ClassVar[tuple[Setting, ...]] = (
        Setting("UNIT", "unit", Letters("G", "T"), "G"),
        Setting("ACDC", "ac", Switch(), False),
        Setting("FAST", "fast", Switch(), False),
        Setting("REL", "relative", Switch(), False),
        Setting("MAX", "max_hold", Switch(), False),
        Setting("AUTO", "auto", Switch(), True),
        Setting("RANGE", "range", Number(0, 3, 0, nr1), 0),
    )

    @asks("TYPE")
    def _probe(self, parameters: tuple[str, ...]) -> str:
        return "0"

    @asks("FIELD")
    def _field(self, parameters: tuple[str, ...]) -> str:
        shown_t = self.shown_t()
        return OVERLOAD if shown_t is None else f"{shown_t * self._per_unit():+.5f}"

    @asks("FIELDM")
    def _multiplier(self, parameters: tuple[str, ...]) -> str:
        return "m" if self.values["unit"] == "T" and self.values["range"] >= 1 else " "

    def _per_unit(self) -> float:
        if self.values["unit"] == "G":
            return 1e4
        return 1e3 if self.values["range"] >= 1 else 1.0


class LakeShore425(SimulatedGaussmeter):
    """Readings in gauss or tesla."""

    maker = "LSCI"
    model = "MODEL425"
    firmware = "1.0"
    ranges_t: ClassVar[dict[int, float]] = {1: 0.0035, 2: 0.035, 3: 0.35, 4: 3.5}
    settings: ClassVar[tuple[Setting, ...]] = (
        Setting("UNIT", "unit", Number(1, 4, 1, nr1), 1.0),
        Setting("REL", "relative", Switch(), False),
        Setting("AUTO", "auto", Switch(), True),
        Setting("RANGE", "range", Number(1, 4, 4, nr1), 4.0),
    )
    _mode = "1,0,1"

    @writes("RDGMODE")
    def _set_mode(self, parameters: tuple[str, ...]) -> None:
        self._mode = ",".join(parameters)

    @asks("RDGMODE")
    def _ask_mode(self, parameters: tuple[str, ...]) -> str:
        return self._mode

    @asks("TYPE")
    def _probe(self, parameters: tuple[str, ...]) -> str:
        return "40"

    @asks("RDGFIELD")
    def _field(self, parameters: tuple[str, ...]) -> str:
        shown_t = self.shown_t()
        return OVERLOAD if shown_t is None else f"{shown_t * (1.0 if self.values['unit'] == 2 else 1e4):+.6E}"


class FWBell5080(SimulatedGaussmeter):
    """Replies end with a semicolon."""

    maker = "F.W. BELL"
    model = "5080"
    firmware = "1.0"
    ranges_t: ClassVar[dict[int, float]] = {0: 0.03, 1: 0.3, 2: 3.0}
    settings: ClassVar[tuple[Setting, ...]] = (Setting(":SENS:FLUX:RANG", "range", Number(0, 2, 0, nr1), 0),)
    _is_tesla = False

    @writes(":UNIT:FLUX:DC:TESLA")
    def _tesla(self, parameters: tuple[str, ...]) -> None:
        self._is_tesla = True

    @writes(":UNIT:FLUX:DC:GAUSS")
    def _gauss(self, parameters: tuple[str, ...]) -> None:
        self._is_tesla = False

    @asks(":UNIT:FLUX")
    def _unit(self, parameters: tuple[str, ...]) -> str:
        return "DC TESLA" if self._is_tesla else "DC GAUSS"

    @asks(":MEASure:FLUX")
    def _field(self, parameters: tuple[str, ...]) -> str:
        shown_t = self.shown_t()
        if shown_t is None:
            return OVERLOAD
        return f"{shown_t:+.7f}T" if self._is_tesla else f"{shown_t * 1e4:+.3f}G"
