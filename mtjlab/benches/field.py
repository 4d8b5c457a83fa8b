"""The magnetic field of a bench with instruments: set by a person, simulated, or made by a supply."""

import time
from contextlib import suppress
from dataclasses import dataclass
from math import ceil

from instruments.interfaces import CutError, InstrumentError, MagnetSettings, MagnetSupply
from mtjlab.bench import MV_PER_V
from mtjlab.benches.parts import MagnetPart, serial_settings
from mtjlab.benches.sessions import Claims, Opener, bench_faults
from mtjlab.config import FieldSection, InstrumentBenchConfig
from mtjlab.domain import FieldReading, FieldReport, GaussmeterReading
from mtjlab.envelope import demand_field
from mtjlab.errors import BenchFaultError
from mtjlab.rack import MagneticField
from mtjlab.stopping import LookAround, nothing, wait

MA_PER_A = 1e3
STEP_S = 0.1
"""Of a ramp: a field that jumps induces voltages in the leads of the junctions."""
STEP_DECIMALS = 6
MT_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class FixedField:
    """A field set by hand, with the value that the operator entered; no instrument on the bus."""

    report: FieldReport

    largest_mt: float = 0.0
    ramp_mt_per_s: float = 0.0

    def switch_on(self) -> FieldReport:
        """There is nothing to set."""
        return self.report

    def set_mt(self, field_mt: float) -> FieldReport:
        """Refused: a person sets it."""
        demand_field(field_mt, self.largest_mt)
        return self.report

    def read(self) -> FieldReading:
        """The entered value; nothing can be read back."""
        return FieldReading(self.report.field_mt)

    def switch_off(self) -> None:
        """Nothing to switch off."""

    def close(self) -> None:
        """Nothing to close."""


class SuppliedField:
    """A field that a supply makes. It is opened when the field is wanted, and found on it is left to a person."""

    def __init__(self, part: MagnetPart, opener: Opener, look_around: LookAround = nothing) -> None:
        """``look_around`` is called in every wait, and may raise to end it."""
        self._part = part
        self._opener = opener
        self._look_around = look_around
        self._supply: MagnetSupply | None = None
        self._driven_a: float | None = None

    @property
    def largest_mt(self) -> float:
        """That of the largest current."""
        return self._in_mt(self._part.settings.largest_current_a)

    @property
    def ramp_mt_per_s(self) -> float:
        """As the bench file says."""
        return self._part.ramp_a_per_s / self._part.a_per_mt

    def switch_on(self) -> FieldReport:
        """Prepare the supply, ramp up, and tell the field from the current that it reads back."""
        with bench_faults():
            supply = self._supply = _opened(self._part, self._opener)
            supply.prepare_magnet(self._part.settings)
        self._driven_a = 0.0
        return self.set_mt(self._part.current_a / self._part.a_per_mt)

    def set_mt(self, field_mt: float) -> FieldReport:
        """Ramp to a field; the supply reads back every step."""
        demand_field(field_mt, self.largest_mt)
        supply, part = self._prepared(), self._part
        with bench_faults():
            self._ramp(supply, field_mt * part.a_per_mt)
            read_a = supply.current_a()
        return FieldReport(self._in_mt(read_a), f"{part.model} at {part.address}, {read_a:.2f} A read back")

    def read(self) -> FieldReading:
        """The field that follows from the current that the supply reads back."""
        supply = self._prepared()
        with bench_faults():
            return FieldReading(self._in_mt(supply.current_a()))

    def switch_off(self) -> FieldReport | None:
        """Ramp down, then off; a supply that was never switched on is not touched."""
        if self._supply is None or self._driven_a is None:
            return None
        with bench_faults():
            with suppress(InstrumentError):  # whatever happens on the way, off is what counts
                self._ramp(self._supply, 0.0)
            self._supply.switch_off()
        self._driven_a = None
        return FieldReport(0.0, f"{self._part.model} at {self._part.address}, at zero, output off, read back")

    def close(self) -> None:
        """Close the connection."""
        supply, self._supply = self._supply, None
        if supply is not None:
            with suppress(InstrumentError, OSError):
                supply.close()
        self._opener.close()

    def _prepared(self) -> MagnetSupply:
        if self._supply is None or self._driven_a is None:
            raise BenchFaultError(f"{self._part.role}: its supply was not switched on.")
        return self._supply

    def _in_mt(self, current_a: float) -> float:
        return round(current_a / self._part.a_per_mt, MT_DECIMALS)

    def _ramp(self, supply: MagnetSupply, target_a: float) -> None:
        start_a, part = self._driven_a or 0.0, self._part
        steps = ceil(round(abs(target_a - start_a) / (part.ramp_a_per_s * STEP_S), STEP_DECIMALS)) or 1
        for step in range(1, steps + 1):
            began_s = time.monotonic()
            self._driven_a = start_a + (target_a - start_a) * step / steps
            supply.apply_current(self._driven_a)
            wait(STEP_S / part.speed - (time.monotonic() - began_s), False, self._look_around)


def open_field(
    config: InstrumentBenchConfig,
    simulated: bool,
    said: GaussmeterReading | None = None,
    look_around: LookAround = nothing,
    claims: Claims | None = None,
) -> MagneticField:
    """The field of ``config``, not switched on yet.

    ``said`` is what a person read; without it a field set by hand is taken to be what the bench file says. Others as
    for ``open_bench``.
    """
    part = magnet_part(config, simulated)
    if part is not None:
        return SuppliedField(part, Opener(config.link, claims), look_around)
    if simulated:
        return FixedField(FieldReport(config.simulation.field_mt, "SIMULATED"))
    return FixedField(_by_hand(config.field, said))


def switch_off_supply(config: InstrumentBenchConfig, opener: Opener) -> str:
    """Take the field supply of ``config``, if it has one, to zero where its engine cannot; says how that went."""
    part = magnet_part(config)
    if part is None:
        return ""
    try:
        supply = _opened(part, opener)
        try:
            supply.switch_off()
        finally:
            supply.close()
    except CutError as error:
        return f"magnet off, but not seen at zero before: {error}"
    except InstrumentError as error:
        return f"the magnet may STILL BE ON: {error}"
    return "magnet at zero and off"


def magnet_part(config: InstrumentBenchConfig, simulated: bool = False) -> MagnetPart | None:
    """The supply that makes the field, and its settings; None for a field that is set by hand."""
    section = config.field
    address, largest_ma, compliance_mv = section.address, section.largest_current_ma, section.compliance_mv
    if address is None or largest_ma is None or compliance_mv is None or section.ma_per_mt is None:
        return None
    a_per_mt = section.ma_per_mt / MA_PER_A
    return MagnetPart(
        "field",
        section.model,
        address,
        MagnetSettings(largest_ma / MA_PER_A, compliance_mv / MV_PER_V),
        section.current_ma / MA_PER_A,
        a_per_mt,
        section.ramp_mt_per_s * a_per_mt,
        speed=config.simulation.speed if simulated else 1.0,
        serial=serial_settings(section),
    )


def _by_hand(section: FieldSection, said: GaussmeterReading | None) -> FieldReport:
    if said is None:
        return FieldReport(section.field_mt, f"by hand: {section.field_mt:.6g} mT as the bench file says")
    return FieldReport(said.reads_mt, f"by hand: the operator says {said.reads_mt:.6g} mT (on {said.said_at})")


def _opened(part: MagnetPart, opener: Opener) -> MagnetSupply:
    supply: MagnetSupply = opener.open(part)  # type: ignore[assignment]  # its model drives magnets
    return supply
