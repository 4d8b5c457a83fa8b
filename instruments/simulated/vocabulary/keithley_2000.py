"""Keithley 2000 multimeter as a DC voltmeter. Source: Model 2000 Multimeter User's Manual, 2000-900-01."""

from instruments.simulated.vocabulary.instrument import Setting, writes
from instruments.simulated.vocabulary.keithley import Keithley
from instruments.simulated.vocabulary.keithley_meter import KeithleyMeter
from instruments.simulated.vocabulary.kinds import Number, Range, Switch, Word, nr1

RANGES = Range((0.1, 1.0, 10.0, 100.0, 1000.0), 1010.0, 1000.0)
VOLT = "[:SENSe[1]]:VOLTage[:DC]"


class Keithley2000(KeithleyMeter):
    """DC voltage alone."""

    model = "MODEL 2000"
    firmware = "A19  /A02"
    ranges = RANGES
    digits = 6
    settings = (
        *Keithley.shared,
        *KeithleyMeter.triggered,
        Setting(f"{VOLT}:RANGe[:UPPer]", "range", RANGES, 1000.0),
        Setting(f"{VOLT}:RANGe:AUTO", "auto_range", Switch(), True),
        Setting(f"{VOLT}:NPLCycles", "nplc", Number(0.01, 10.0, 1.0), 1.0),
        Setting(f"{VOLT}:DIGits", "display_digits", Number(4, 7, 6, nr1), 6),
        Setting(f"{VOLT}:AVERage:STATe", "filter", Switch(), False),
        Setting(f"{VOLT}:AVERage:COUNt", "filter_count", Number(1, 100, 10, nr1), 10),
        Setting(f"{VOLT}:AVERage:TCONtrol", "filter_type", Word(("MOVing", "REPeat")), "MOV"),
        Setting(f"{VOLT}:REFerence", "reference", Number(-1010, 1010, 0), 0.0),
        Setting(f"{VOLT}:REFerence:STATe", "reference_on", Switch(), False),
        Setting("[:SENSe[1]]:FUNCtion", "function", Word(("VOLTage:DC", "VOLTage"), quoted=True), "VOLT:DC"),
    )

    @writes(":SYSTem:KEY")
    def _press(self, parameters: tuple[str, ...]) -> None:
        """A key of the front panel: nobody looks at it."""
