"""Kepco BOP 36-12 with BIT 4886, as far as a magnet needs it. Source: BIT 4886 operator manual, chapter on SCPI."""

from collections.abc import Sequence
from typing import ClassVar

from instruments.simulated.terminals import MagnetTerminals, Time
from instruments.simulated.vocabulary.instrument import ScpiInstrument, Setting, asks
from instruments.simulated.vocabulary.kinds import Number, Switch, only
from instruments.simulated.vocabulary.scpi import illegal_value

MODES = ("VOLT", "CURR")


def _digits(value: float) -> str:
    return f"{value:.5E}"


class Mode:
    """Set by its word, told by its number."""

    def value(self, parameters: Sequence[str]) -> str:
        """VOLT or CURR."""
        word = only(parameters).upper()[:4]
        if word not in MODES:
            raise illegal_value()
        return word

    def reply(self, value: str, parameters: Sequence[str]) -> str:
        """0 or 1."""
        return str(MODES.index(value))


class KepcoBOP(ScpiInstrument):
    """Output of a current into a magnet, which follows with the lag of the latter."""

    maker = "KEPCO"
    model = "BIT 4886 36-12  08-04-2023"
    firmware = "4.04"
    level = ":CURRent"
    settings: ClassVar[tuple[Setting, ...]] = (
        Setting(":FUNCtion:MODE", "mode", Mode(), "VOLT"),
        Setting(":CURRent", "current_a", Number(-12.0, 12.0, 0.0, _digits), 0.0),
        Setting(":VOLTage", "voltage_v", Number(-36.0, 36.0, 0.0, _digits), 0.0),
        Setting(":OUTPut", "output", Switch(), False),
    )

    def __init__(self, serial: str, time: Time, magnet: MagnetTerminals) -> None:
        self._magnet = magnet
        super().__init__(serial, time)

    def changed(self, name: str) -> None:
        """Drive the magnet."""
        is_driven = self.values["output"] and self.values["mode"] == "CURR"
        self._magnet.drive(self.values["current_a"] if is_driven else 0.0)

    def reset(self) -> None:
        """Reset: output off at once, at any current."""
        super().reset()
        self.changed("output")

    @asks(":MEASure:CURRent")
    def _measure(self, parameters: tuple[str, ...]) -> str:
        return _digits(self._magnet.current_a)
