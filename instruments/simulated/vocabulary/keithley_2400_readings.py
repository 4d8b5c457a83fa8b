"""Readings of a Keithley 2400 as they are sent: chosen elements of voltage, current, resistance, time and status."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from instruments.simulated.vocabulary.scpi import illegal_value

NOT_MEASURED, OVERFLOW = "+9.910000E+37", "+9.900000E+37"
ELEMENTS = ("VOLTage", "CURRent", "RESistance", "TIME", "STATus")
FUNCTIONS = {"VOLT": "VOLT:DC", "CURR": "CURR:DC", "RES": "RES"}
COMPLIANCE_STATUS = 1 << 3
OVER_RANGE = 1.005


@dataclass(frozen=True, slots=True)
class Note:
    """What is noted beside the voltage of a reading."""

    current_a: float
    limited: bool
    time_s: float


def written(voltage_v: float, note: Note, measured: Collection[str], top_v: float, elements: Sequence[str]) -> str:
    """One reading; functions that are neither measured nor sourced are sent as not a number."""
    in_range = f"{voltage_v:+.6E}" if abs(voltage_v) <= top_v * OVER_RANGE else OVERFLOW
    has_resistance = "RES" in measured and note.current_a != 0.0
    texts = {
        "VOLT": in_range if "VOLT" in measured else NOT_MEASURED,
        "CURR": f"{note.current_a:+.6E}" if "CURR" in measured else NOT_MEASURED,
        "RES": f"{voltage_v / note.current_a:+.6E}" if has_resistance else NOT_MEASURED,
        "TIME": f"{note.time_s:+.6E}",
        "STAT": f"{COMPLIANCE_STATUS if note.limited else 0:+.6E}",
    }
    return ",".join([texts[name] for name in elements])


def function_named(text: str) -> str:
    """``'VOLTage:DC'`` -> ``VOLT``. Raises ScpiError for what is no function."""
    name = text.strip("\"'").upper().removesuffix(":DC")
    for function, long in (("VOLT", "VOLTAGE"), ("CURR", "CURRENT"), ("RES", "RESISTANCE")):
        if name in (function, long):
            return function
    raise illegal_value()
