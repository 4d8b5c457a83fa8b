"""Keithley DMM6500 as a DC voltmeter, SCPI command set. Source: DMM6500 Reference Manual, DMM6500-901-01."""

from instruments.simulated.vocabulary.instrument import Setting
from instruments.simulated.vocabulary.keithley import Keithley
from instruments.simulated.vocabulary.keithley_buffer import OVERFLOW, BufferedReadings
from instruments.simulated.vocabulary.keithley_meter import DcVoltmeter
from instruments.simulated.vocabulary.kinds import Number, Range, Switch, Word, nr1

RANGES = Range((0.1, 1.0, 10.0, 100.0, 1000.0), 1010.0, 1000.0)
VOLT = "[:SENSe[1]]:VOLTage[:DC]"
OVER_RANGE = 1.2


class KeithleyDMM6500(BufferedReadings, DcVoltmeter):
    """DC voltage alone."""

    model = "MODEL DMM6500"
    firmware = "1.7.12b"
    settings = (
        *Keithley.shared,
        *BufferedReadings.buffered,
        Setting("[:SENSe[1]]:FUNCtion[:ON]", "function", Word(("VOLTage:DC", "VOLTage"), quoted=True), "VOLT:DC"),
        Setting(f"{VOLT}:RANGe[:UPPer]", "range", RANGES, 1000.0),
        Setting(f"{VOLT}:RANGe:AUTO", "auto_range", Switch(), True),
        Setting(f"{VOLT}:NPLCycles", "nplc", Number(0.0005, 15.0, 1.0), 1.0),
        Setting(f"{VOLT}:AZERo[:STATe]", "auto_zero", Switch(), True),
        Setting(f"{VOLT}:AVERage[:STATe]", "filter", Switch(), False),
        Setting(f"{VOLT}:AVERage:COUNt", "filter_count", Number(1, 100, 10, nr1), 10),
        Setting(f"{VOLT}:AVERage:TCONtrol", "filter_type", Word(("MOVing", "REPeat")), "REP"),
        Setting(f"{VOLT}:RELative", "relative", Number(-1000, 1000, 0), 0.0),
        Setting(f"{VOLT}:RELative:STATe", "relative_on", Switch(), False),
        Setting(f"{VOLT}:INPutimpedance", "input_impedance", Word(("MOHM10", "AUTO")), "MOHM10"),
        Setting(f"{VOLT}:LINE:SYNC", "line_synchronisation", Switch(), False),
        Setting(":DISPlay:VOLTage[:DC]:DIGits", "display_digits", Number(3, 6, 6, nr1), 6),
    )

    def _start(self) -> None:
        self.acquisition.start(int(self.values["count"]), 0.0, self.aperture_s)

    def _written(self, voltage_v: float) -> str:
        if self.values["relative_on"]:
            voltage_v -= self.values["relative"]
        if self.values["auto_range"]:
            self.values["range"] = RANGES.holding(abs(voltage_v) / OVER_RANGE)
        top_v = min(self.values["range"] * OVER_RANGE, RANGES.high)
        return OVERFLOW if abs(voltage_v) > top_v else f"{voltage_v:.8E}"
