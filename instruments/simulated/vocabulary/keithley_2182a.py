"""Keithley 2182A nanovoltmeter. Source: Model 2182 and 2182A Nanovoltmeter User's Manual, 2182A-900-01."""

from instruments.simulated.vocabulary.instrument import Setting
from instruments.simulated.vocabulary.keithley import Keithley
from instruments.simulated.vocabulary.keithley_meter import KeithleyMeter
from instruments.simulated.vocabulary.kinds import Number, Range, Switch, Word, nr1

RANGES = Range((0.01, 0.1, 1.0, 10.0, 100.0), 120.0, 100.0)
SECOND_RANGES = Range((0.1, 1.0, 10.0), 12.0, 10.0)
VOLT = "[:SENSe[1]]:VOLTage[:DC]"


class Keithley2182A(KeithleyMeter):
    """Channel 1 is connected, channel 2 has settings but no leads."""

    model = "MODEL 2182A"
    firmware = "C06 /A02"
    ranges = RANGES
    digits = 8
    settings = (
        *Keithley.shared,
        *KeithleyMeter.triggered,
        Setting(f"{VOLT}[:CHANnel1]:RANGe[:UPPer]", "range", RANGES, 100.0),
        Setting(f"{VOLT}[:CHANnel1]:RANGe:AUTO", "auto_range", Switch(), True),
        Setting(f"{VOLT}:CHANnel2:RANGe[:UPPer]", "second_range", SECOND_RANGES, 10.0),
        Setting(f"{VOLT}:CHANnel2:RANGe:AUTO", "second_auto_range", Switch(), True),
        Setting(f"{VOLT}:NPLCycles", "nplc", Number(0.01, 60.0, 5.0), 5.0),
        Setting(f"{VOLT}:DIGits", "display_digits", Number(4, 8, 8, nr1), 8),
        Setting(f"{VOLT}[:CHANnel1]:DFILter[:STATe]", "filter", Switch(), False),
        Setting(f"{VOLT}[:CHANnel1]:DFILter:COUNt", "filter_count", Number(1, 100, 10, nr1), 10),
        Setting(f"{VOLT}[:CHANnel1]:DFILter:WINDow", "filter_window", Number(0, 10, 0.01), 0.01),
        Setting(f"{VOLT}[:CHANnel1]:DFILter:TCONtrol", "filter_type", Word(("MOVing", "REPeat")), "MOV"),
        Setting(f"{VOLT}[:CHANnel1]:LPASs[:STATe]", "analog_filter", Switch(), False),
        Setting(f"{VOLT}[:CHANnel1]:REFerence", "reference", Number(-120, 120, 0), 0.0),
        Setting(f"{VOLT}[:CHANnel1]:REFerence:STATe", "reference_on", Switch(), False),
        Setting("[:SENSe[1]]:FUNCtion", "function", Word(("VOLTage:DC", "VOLTage"), quoted=True), "VOLT:DC"),
        Setting("[:SENSe[1]]:CHANnel", "channel", Number(1, 1, 1, nr1), 1),
        Setting(":SYSTem:FAZero[:STATe]", "front_auto_zero", Switch(), True),
        Setting(":SYSTem:LSYNc[:STATe]", "line_synchronisation", Switch(), False),
    )
