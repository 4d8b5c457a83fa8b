"""What every model of a current source is sent, and answers."""

import re
from dataclasses import dataclass

from instruments.current_sources import Keithley6221, YokogawaGS200
from instruments.interfaces import SourceSettings
from instruments.source_meters import Keithley2400, Keithley2450

NO_ERROR = (":SYST:ERR?", '0,"No error"')


def is_in_si_units(message):
    """Whether an operator, whose bench file is in uA and mV, reads amperes or volts."""
    return re.search(r"\((A|V)\)|\d (A|V)\b", message)


@dataclass(frozen=True)
class Words:
    """What one model is sent and answers, for a range and a compliance that it has."""

    driver: type
    settings: SourceSettings
    is_on: str
    on: str
    off: str
    level: str
    prepare: tuple[tuple[str, str | None], ...]
    found_on: tuple[tuple[str, str | None], ...]
    compliance: str
    limits: str
    second_way: tuple[str, ...]
    range: str
    digit_a: float
    write: str = ":SOUR:CURR"

    def writes(self, level, limited=False, says=None):
        """What a level is sent as, and answered where the source then says ``says``."""
        query = f"{self.compliance};" if self.compliance else ""
        answer = f"{self.limits if limited else '0'};" if self.compliance else ""
        return f"{query}{self.write} {level};{self.write}?;*OPC?", f"{answer}{says or level};1"

    def zeroes(self, says="0"):
        """The second way to zero."""
        *words, setting = self.second_way
        return [*[(word, None) for word in words], (f"{setting};{self.write}?;*OPC?", f"{says};1")]

    @property
    def identity(self):
        return f"MAKER,{self.driver.identifies_as[0]},1234567,1.0"

    @property
    def prepares(self):
        return [NO_ERROR, (self.is_on, "0"), *self.prepare, (self.level, "+0.000000E+00"), NO_ERROR]

    @property
    def switches_on(self):
        return [(self.level, "0"), (self.on, None), (self.is_on, "1")]


K6221 = Words(
    Keithley6221,
    SourceSettings(range_a=2e-3, compliance_v=2.0),
    is_on="OUTPut?",
    on="OUTPut 1",
    off="OUTPut 0",
    level=":SOUR:CURR?",
    prepare=(
        (":SOUR:CURR 0.0;:SOUR:CURR?;*OPC?", "0.000000E+00;1"),
        (":SOUR:CURR:RANG:AUTO 0;:SOUR:CURR:RANG 0.002", None),
        (":SOUR:CURR:COMP 2", None),
        (":SOUR:CURR:RANG:AUTO?", "0"),
        (":SOUR:CURR:RANG?", "2.000000E-03"),
        (":SOUR:CURR:COMP?", "2.000000E+00"),
    ),
    found_on=(),
    compliance=":STAT:MEAS:COND?",
    second_way=(":SOUR:SWE:ABOR", ":SOUR:CURR 0.0"),
    range=":SOUR:CURR:RANG?",
    digit_a=100e-9,
    limits="8",
)
K2400 = Words(
    Keithley2400,
    SourceSettings(range_a=1e-3, compliance_v=2.0),
    is_on="OUTPUT?",
    on="OUTPUT 1",
    off="OUTPUT 0",
    level=":SOURCE:CURRENT?",
    prepare=(
        (":SOURCE:FUNCTION CURR", None),
        (":SOUR:CURR:MODE FIX", None),
        (":SOUR:CURR 0.0;:SOUR:CURR?;*OPC?", "0.000000E+00;1"),
        (":SOURCE:CURRENT:RANGE:AUTO 0", None),
        (":SOURCE:CURRENT:RANGE 0.001", None),
        (":SENSE:VOLTAGE:PROTECTION 2", None),
        (":SENSE:VOLTAGE:RANGE:AUTO 0", None),
        (":SENSE:VOLTAGE:RANGE 2", None),
        (":OUTPUT:SMODE HIMP", None),
        (":SOURCE:CLEAR:AUTO 0", None),
        (":SOURCE:FUNCTION?", "CURR"),
        (":SOURCE:CURRENT:RANGE:AUTO?", "0"),
        (":SOURCE:CURRENT:RANGE?", "1.050000E-03"),
        (":SENSE:VOLTAGE:PROTECTION?", "2.000000E+00"),
        (":SENSE:VOLTAGE:RANGE?", "2.100000E+00"),
        (":OUTPUT:SMODE?", "HIMP"),
        (":SOURCE:CLEAR:AUTO?", "0"),
    ),
    found_on=((":SOURCE:FUNCTION?", "CURR"),),
    compliance=":SENS:VOLT:PROT:TRIP?",
    second_way=(":ABOR", ":SOUR:CURR:MODE FIX", ":SOUR:CURR 0.0"),
    range=":SOURCE:CURRENT:RANGE?",
    digit_a=50e-9,
    limits="1",
)
K2450 = Words(
    Keithley2450,
    SourceSettings(range_a=1e-3, compliance_v=3.0),
    is_on="OUTPUT?",
    on="OUTPUT ON",
    off="OUTPUT OFF",
    level=":SOUR:CURR?",
    prepare=(
        ("*LANG?", "SCPI"),
        (":SOUR:FUNC CURR", None),
        (":SOUR:CURR 0.0;:SOUR:CURR?;*OPC?", "0.000000E+00;1"),
        (":SOUR:CURR:RANG:AUTO 0;:SOUR:CURR:RANG 0.001", None),
        (':SENS:FUNC "VOLT"', None),
        (":SENS:VOLT:RANG:AUTO 0;:SENS:VOLT:RANG 20", None),
        (":SOUR:CURR:VLIM 3", None),
        (":OUTP:CURR:SMOD HIMP", None),
        (":SOUR:FUNC?", "CURR"),
        (":SOUR:CURR:RANG:AUTO?", "0"),
        (":SOUR:CURR:RANG?", "0.001"),
        (":SOUR:CURR:VLIM?", "3"),
        (":SENS:VOLT:RANG?", "20"),
        (":OUTP:CURR:SMOD?", "HIMP"),
    ),
    found_on=((":SOUR:FUNC?", "CURR"),),
    compliance=":SOUR:CURR:VLIM:TRIP?",
    second_way=(":ABOR", ":SOUR:CURR 0.0"),
    range=":SOUR:CURR:RANG?",
    digit_a=50e-9,
    limits="1",
)
GS200 = Words(
    YokogawaGS200,
    SourceSettings(range_a=1e-3, compliance_v=2.0),
    is_on="OUTPut:STATe?",
    on="OUTPut:STATe 1",
    off="OUTPut:STATe 0",
    level=":SOURce:LEVel?",
    prepare=(
        (":SOURce:FUNCtion current", None),
        (":SOUR:LEV 0.0;:SOUR:LEV?;*OPC?", "+0.00000E+00;1"),
        ("SOURce:RANGe 0.001", None),
        ("SOURce:PROTection:VOLTage 2", None),
        (":SOURce:FUNCtion?", "CURR"),
        (":SOURce:RANGe?", "1.000E-03"),
        ("SOURce:PROTection:VOLTage?", "2"),
    ),
    found_on=((":SOURce:FUNCtion?", "CURR"),),
    compliance="",
    second_way=(":SOUR:LEV:AUTO 0.0",),
    range=":SOURce:RANGe?",
    digit_a=10e-9,
    limits="",
    write=":SOUR:LEV",
)
