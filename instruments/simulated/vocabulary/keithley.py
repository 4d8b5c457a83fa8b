"""Commands that all Keithley instruments share: status subsystem, display, beeper, line frequency."""

from typing import ClassVar

from instruments.simulated.terminals import Time
from instruments.simulated.vocabulary.instrument import ScpiInstrument, Setting, asks, writes
from instruments.simulated.vocabulary.kinds import Number, Switch, nr1

MEASUREMENT_SUMMARY = 1


class Keithley(ScpiInstrument):
    """Registers of conditions and events over the model's own ``condition``."""

    maker = "KEITHLEY INSTRUMENTS INC."
    shared: ClassVar[tuple[Setting, ...]] = (
        Setting(":DISPlay:ENABle", "display", Switch(), True),
        Setting(":SYSTem:BEEPer:STATe", "beeper", Switch(), True),
        Setting(":STATus:MEASurement:ENABle", "measurement_enable", Number(0, 65535, 0, nr1), 0),
        Setting(":STATus:OPERation:ENABle", "operation_enable", Number(0, 65535, 0, nr1), 0),
        Setting(":STATus:QUEStionable:ENABle", "questionable_enable", Number(0, 65535, 0, nr1), 0),
    )

    def __init__(self, serial: str, time: Time, line_frequency_hz: float = 50.0) -> None:
        self.line_frequency_hz = line_frequency_hz
        self._latched = 0
        super().__init__(serial, time)

    def condition(self) -> int:
        """Measurement condition register now."""
        return 0

    def latch(self) -> None:
        """Latch the present conditions in the measurement event register."""
        self._latched |= self.condition()

    def summary(self) -> int:
        """Measurement summary bit."""
        self.latch()
        return MEASUREMENT_SUMMARY if self._latched & int(self.values["measurement_enable"]) else 0

    @asks(":STATus:MEASurement:CONDition")
    def _condition(self, parameters: tuple[str, ...]) -> str:
        return str(self.condition())

    @asks(":STATus:MEASurement[:EVENt]")
    def _measurement_events(self, parameters: tuple[str, ...]) -> str:
        self.latch()
        latched, self._latched = self._latched, 0
        return str(latched)

    @asks(":STATus:OPERation[:EVENt]", ":STATus:OPERation:CONDition")
    def _operation(self, parameters: tuple[str, ...]) -> str:
        return "1024"  # idle

    @asks(":STATus:QUEStionable[:EVENt]", ":STATus:QUEStionable:CONDition")
    def _questionable(self, parameters: tuple[str, ...]) -> str:
        return "0"

    @writes("*CLS")
    def _clear(self, parameters: tuple[str, ...]) -> None:
        self.status.clear()
        self._latched = 0

    @writes(":STATus:PRESet")
    def _preset_status(self, parameters: tuple[str, ...]) -> None:
        for name in ("measurement_enable", "operation_enable", "questionable_enable"):
            self.values[name] = 0

    @writes(":SYSTem:PRESet")
    def _preset(self, parameters: tuple[str, ...]) -> None:
        self.reset()

    @asks(":SYSTem:VERSion")
    def _version(self, parameters: tuple[str, ...]) -> str:
        return "1999.0"

    @asks(":SYSTem:LFRequency")
    def _line_frequency(self, parameters: tuple[str, ...]) -> str:
        return f"{self.line_frequency_hz:.0f}"

    @writes(":SYSTem:BEEPer[:IMMediate]", ":DISPlay[:WINDow[1]]:TEXT[:DATA]", ":DISPlay[:WINDow[1]]:TEXT:STATe")
    def _show(self, parameters: tuple[str, ...]) -> None:
        """Nobody hears or sees it."""
