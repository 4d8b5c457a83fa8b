"""The magnetic field of a bench with instruments: set by a person, simulated, or made by a supply."""

from contextlib import suppress
from dataclasses import dataclass

from instruments.interfaces import CutError, InstrumentError, MagnetSettings, MagnetSupply
from mtjlab.bench import MV_PER_V
from mtjlab.benches.parts import MagnetPart, serial_settings
from mtjlab.benches.sessions import Claims, Opener, bench_faults
from mtjlab.config import BenchConfig, FieldSection, InstrumentBenchConfig
from mtjlab.domain import FieldReport, GaussmeterReading
from mtjlab.errors import BenchFaultError
from mtjlab.rack import MagneticField

MA_PER_A = 1e3
RAMP_STEPS = 10
"""A field that jumps induces voltages in the leads of the junctions."""
MT_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class FixedField:
    """A field set by hand, with the value that the operator entered; no instrument on the bus."""

    report: FieldReport

    def switch_on(self) -> FieldReport:
        """There is nothing to set."""
        return self.report

    def read_mt(self) -> float:
        """The entered value; nothing can be read back."""
        return self.report.field_mt

    def switch_off(self) -> None:
        """Nothing to switch off."""

    def close(self) -> None:
        """Nothing to close."""


class SuppliedField:
    """A field that a supply makes. It is opened when the field is wanted, and found on it is left to a person."""

    def __init__(self, part: MagnetPart, opener: Opener) -> None:
        self._part = part
        self._opener = opener
        self._supply: MagnetSupply | None = None
        self._driven_a: float | None = None

    def switch_on(self) -> FieldReport:
        """Prepare the supply, ramp up, and tell the field from the current that it reads back."""
        part = self._part
        with bench_faults():
            supply = self._supply = _opened(part, self._opener)
            supply.prepare_magnet(part.settings)
            self._driven_a = 0.0
            self._ramp(supply, part.current_a)
            read_a = supply.current_a()
        return FieldReport(self._in_mt(read_a), f"{part.model} at {part.address}, {read_a:.2f} A read back")

    def read_mt(self) -> float:
        """The field that follows from the current that the supply reads back."""
        if self._supply is None:
            raise BenchFaultError(f"{self._part.role}: its supply was not switched on.")
        with bench_faults():
            return self._in_mt(self._supply.current_a())

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

    def _in_mt(self, current_a: float) -> float:
        return round(current_a / self._part.a_per_mt, MT_DECIMALS)

    def _ramp(self, supply: MagnetSupply, target_a: float) -> None:
        start_a = self._driven_a or 0.0
        for step in range(1, RAMP_STEPS + 1):
            self._driven_a = start_a + (target_a - start_a) * step / RAMP_STEPS
            supply.apply_current(self._driven_a)


def open_field(
    config: BenchConfig, simulated: bool, said: GaussmeterReading | None = None, claims: Claims | None = None
) -> MagneticField | None:
    """The field of ``config``, not switched on yet; None for junctions simulated in process, whose truth holds it.

    ``said`` is what a person read; without it a field set by hand is taken to be what the bench file says. ``claims``
    as for ``open_bench``.
    """
    if not isinstance(config, InstrumentBenchConfig):
        return None
    if simulated:
        return FixedField(FieldReport(config.simulation.field_mt, "SIMULATED"))
    part = magnet_part(config.field)
    return SuppliedField(part, Opener(config.link, claims)) if part else FixedField(_by_hand(config.field, said))


def switch_off_supply(config: InstrumentBenchConfig, opener: Opener) -> str:
    """Take the field supply of ``config``, if it has one, to zero where its engine cannot; says how that went."""
    part = magnet_part(config.field)
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


def magnet_part(section: FieldSection) -> MagnetPart | None:
    """The supply that makes the field, and its settings; None for a field that is set by hand."""
    address, largest_ma, compliance_mv = section.address, section.largest_current_ma, section.compliance_mv
    if address is None or largest_ma is None or compliance_mv is None or section.ma_per_mt is None:
        return None
    settings = MagnetSettings(largest_ma / MA_PER_A, compliance_mv / MV_PER_V)
    current_a, a_per_mt, serial = section.current_ma / MA_PER_A, section.ma_per_mt / MA_PER_A, serial_settings(section)
    return MagnetPart("field", section.model, address, settings, current_a, a_per_mt, serial=serial)


def _by_hand(section: FieldSection, said: GaussmeterReading | None) -> FieldReport:
    if said is None:
        return FieldReport(section.field_mt, f"by hand: {section.field_mt:.6g} mT as the bench file says")
    return FieldReport(said.reads_mt, f"by hand: the operator says {said.reads_mt:.6g} mT (on {said.said_at})")


def _opened(part: MagnetPart, opener: Opener) -> MagnetSupply:
    supply: MagnetSupply = opener.open(part)  # type: ignore[assignment]  # its model drives magnets
    return supply
