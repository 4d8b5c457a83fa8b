"""Keithley DMM6500 as a DC voltmeter, SCPI command set. Source: DMM6500 Reference Manual, DMM6500-901-01."""

from instruments.simulated.terminals import MeterTerminals, Time
from instruments.simulated.vocabulary.acquisition import Acquisition
from instruments.simulated.vocabulary.instrument import Setting, Steps, asks, writes
from instruments.simulated.vocabulary.keithley import Keithley
from instruments.simulated.vocabulary.keithley_meter import DcVoltmeter
from instruments.simulated.vocabulary.kinds import Number, Range, Switch, Word, as_number, nr1
from instruments.simulated.vocabulary.scpi import illegal_value, missing_parameter, out_of_range

RANGES = Range((0.1, 1.0, 10.0, 100.0, 1000.0), 1010.0, 1000.0)
VOLT = "[:SENSe[1]]:VOLTage[:DC]"
OVERFLOW = "9.900000E+37"
OVER_RANGE = 1.2
BUFFERS = ("DEFBUFFER1", "DEFBUFFER2")


class KeithleyDMM6500(DcVoltmeter):
    """DC voltage alone, readings into the default buffer. READ? answers with the last one of a count."""

    maker = "KEITHLEY INSTRUMENTS"
    model = "MODEL DMM6500"
    firmware = "1.7.12b"
    settings = (
        *Keithley.shared,
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
        Setting("[:SENSe[1]]:COUNt", "count", Number(1, 1_000_000, 1, nr1), 1),
        Setting(":SYSTem:AZERo[:STATe]", "system_auto_zero", Switch(), True),
        Setting(":FORMat[:DATA]", "format", Word(("ASCii",)), "ASC"),
        Setting(":FORMat:ASCii:PRECision", "precision", Number(0, 16, 0, nr1), 0),
        Setting(":DISPlay:VOLTage[:DC]:DIGits", "display_digits", Number(3, 6, 6, nr1), 6),
        Setting("*LANG", "language", Word(("SCPI",)), "SCPI"),
    )

    def __init__(self, serial: str, time: Time, meter: MeterTerminals, line_frequency_hz: float) -> None:
        self.acquisition = Acquisition(time, meter, self._store)
        self._buffer_v: list[float] = []
        super().__init__(serial, time, line_frequency_hz)

    def reset(self) -> None:
        """Reset: default settings, no acquisition, empty buffer."""
        super().reset()
        self._buffer_v.clear()

    def error_text(self, code: int, text: str) -> str:
        """Entries carry a severity and a time."""
        return f'{code},"{text};{1 if code else 0};{"2026/01/01 00:00:00.000" if code else "0 0"}"'

    def _store(self) -> None:
        self._buffer_v.append(self.acquisition.readings_v[-1])

    def _start(self) -> None:
        self.acquisition.start(int(self.values["count"]), 0.0, self.aperture_s)

    def _written(self, voltage_v: float) -> str:
        if self.values["relative_on"]:
            voltage_v -= self.values["relative"]
        if self.values["auto_range"]:
            self.values["range"] = RANGES.holding(abs(voltage_v) / OVER_RANGE)
        top_v = min(self.values["range"] * OVER_RANGE, RANGES.high)
        return OVERFLOW if abs(voltage_v) > top_v else f"{voltage_v:.8E}"

    @asks(":READ", ":MEASure", ":MEASure:VOLTage[:DC]")
    def _read(self, parameters: tuple[str, ...]) -> Steps:
        self.acquisition.abort()
        self._start()
        return (yield from self._fetch(()))

    @asks(":FETCh")
    def _fetch(self, parameters: tuple[str, ...]) -> Steps:
        yield from self.acquisition.wait()
        return self._written(self.acquisition.fetched_v()[-1])

    @writes(":TRACe:TRIGger", ":INITiate[:IMMediate]")
    def _fill(self, parameters: tuple[str, ...]) -> None:
        _demand_buffer(parameters)
        self._start()

    @writes(":TRACe:CLEar")
    def _clear_buffer(self, parameters: tuple[str, ...]) -> Steps:
        _demand_buffer(parameters)
        yield from self.acquisition.wait()
        self._buffer_v.clear()
        return None

    @asks(":TRACe:DATA")
    def _data(self, parameters: tuple[str, ...]) -> Steps:
        if len(parameters) < 2:
            raise missing_parameter()
        _demand_buffer(parameters[2:3])
        first, last = (int(as_number(text)) for text in parameters[:2])
        yield from self.acquisition.wait()
        if not 1 <= first <= last <= len(self._buffer_v):
            raise out_of_range()
        return ",".join([self._written(voltage_v) for voltage_v in self._buffer_v[first - 1 : last]])

    @asks(":TRACe:ACTual[:END]")
    def _points(self, parameters: tuple[str, ...]) -> str:
        return str(len(self._buffer_v))

    @asks(":ROUTe:TERMinals")
    def _terminals(self, parameters: tuple[str, ...]) -> str:
        return "FRON"


def _demand_buffer(parameters: tuple[str, ...]) -> None:
    if any(text.strip("\"'").upper() not in BUFFERS for text in parameters):
        raise illegal_value()
