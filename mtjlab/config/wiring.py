"""Instruments of a bench: their models, addresses and settings, and their wiring to the chain."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from mtjlab.config.section import PerJunctionOrAll, Positive, Section
from mtjlab.counted import counted


class Link(Section):
    """Connection to the instruments: VISA library ("" for that of the system, "@py" for pyvisa-py) and timeout."""

    visa_library: str = "@py"
    timeout_s: Positive = 2.0
    line_frequency_hz: Literal[50, 60] = 50


class Wiring(Section):
    """Voltmeters across each junction, or from the node above each junction to ground; resistance of the leads.

    ``lead_resistance_ohm`` is what a voltmeter sees in series with each junction. ``radio_frequency``: the sources feed
    the chain through RF wiring, which carries pulses below 1 us.
    """

    voltmeters: Literal["across", "to-ground"] = "across"
    lead_resistance_ohm: PerJunctionOrAll = 5.0
    radio_frequency: bool = False

    def demand_fits(self, junctions: int) -> None:
        """Raise ValueError unless there is one lead resistance for all junctions, or one for each, none negative."""
        leads = self.lead_resistance_ohm
        each = leads if isinstance(leads, tuple) else (leads,)
        if isinstance(leads, tuple) and len(leads) != junctions:
            raise ValueError(
                f"wiring.lead_resistance_ohm has {counted(len(leads), 'value')} for {counted(junctions, 'junction')}"
            )
        if min(each) < 0:
            raise ValueError("wiring.lead_resistance_ohm must not be below 0")

    def lead_ohm(self, junction: int) -> float:
        """Resistance of the leads of one junction (0 is the top of the chain)."""
        leads = self.lead_resistance_ohm
        return leads[junction] if isinstance(leads, tuple) else leads


class SerialKeys(Section):
    """Settings of an instrument at a serial address (ASRL...); a key that is left out has its factory setting."""

    baud_rate: Annotated[int, Field(ge=110, le=4_000_000)] | None = None
    """Baud rate; by default 9600."""
    parity: Literal["none", "even", "odd"] | None = None
    """Parity bit; by default none."""
    terminator: Literal["CR", "LF", "CRLF"] | None = None
    """Terminator of a message; by default CR."""
    data_bits: Literal[7, 8] | None = None
    """Data bits; by default 8."""

    @model_validator(mode="after")
    def _only_at_a_serial_port(self) -> Self:
        address, given = getattr(self, "address", None) or "none", self.serial_keys
        if given and not address.upper().startswith("ASRL"):
            raise ValueError(f"{address} is not a serial address such as ASRL3::INSTR: leave out {', '.join(given)}")
        return self

    @property
    def serial_keys(self) -> dict[str, int | str]:
        """Serial keys that are given, with their values."""
        keys = {key: getattr(self, key) for key in SerialKeys.model_fields}
        return {key: value for key, value in keys.items() if value is not None}


WAVE_REFUSED = (
    "pulses = 'wave' is not offered. A pulse must start and end at the rest current, and it is not certain that a "
    "Keithley 6221 in wave mode stays there. Published control programs quote the command table of its manual "
    "(622x-901-01) so: :SOUR:WAVE:INIT 'turns on output, triggers waveform'; :SOUR:WAVE:EXTR:IVAL, of external "
    "triggers, 'sets inactive value to output before/after waveform'; :SOUR:WAVE:ABOR 'stops generating waveform', "
    "without the current that flows then. Zero would switch a junction whose loop does not contain zero. Leave the "
    "key out: pulses are timed by the computer"
)


class SourceSection(SerialKeys):
    """A current source: model, VISA address, fixed range, and compliance (by default from its place in the chain).

    ``pulses``: who times them; the wave mode of a source is not offered.
    """

    model: str
    address: str
    range_ua: Positive
    compliance_mv: Positive | None = None
    pulses: Literal["software", "wave"] = "software"

    @model_validator(mode="after")
    def _no_wave_mode(self) -> Self:
        if self.pulses == "wave":
            raise ValueError(WAVE_REFUSED)
        return self


class VoltmeterSection(SerialKeys):
    """A voltmeter: model, VISA address, fixed range, and integration time in cycles of the power line."""

    model: str
    address: str
    range_mv: Positive
    nplc: Positive = 1.0
