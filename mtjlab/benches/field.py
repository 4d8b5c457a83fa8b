"""The magnetic field of a bench with instruments: set by a person, simulated, or made by a supply."""

import time
from contextlib import suppress
from dataclasses import replace
from math import ceil, inf

from instruments.interfaces import (
    CutError,
    Gaussmeter,
    GaussmeterSettings,
    InstrumentError,
    MagnetSettings,
    MagnetSupply,
)
from instruments.traffic import Traffic
from mtjlab.bench import MV_PER_V
from mtjlab.benches.parts import GaussmeterPart, MagnetPart, serial_settings
from mtjlab.benches.sessions import Claims, Opener, bench_faults
from mtjlab.benches.simulated_rack import MT_PER_T
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
SETTLED = 5e-4
"""Share of the largest current by which a settled current may differ between two readings."""
MOST_READS = 30
LONGEST_RESCUE_S = 10.0
"""A guardian ramps no slower than so that it is done in this time."""
MT_DECIMALS = 6


class FieldMeter:
    """The gaussmeter of a bench; it is opened and prepared when it is read first."""

    def __init__(self, part: GaussmeterPart, opener: Opener) -> None:
        self._part, self._opener = part, opener
        self._meter: Gaussmeter | None = None

    def read_mt(self) -> float:
        """The field that it shows. Raises BenchFaultError if it does not answer."""
        with bench_faults():
            if self._meter is None:
                meter: Gaussmeter = self._opener.open(self._part)  # type: ignore[assignment]  # its model is one
                meter.prepare_gaussmeter(self._part.settings)
                self._meter = meter
            return round(self._meter.field_t() * MT_PER_T, MT_DECIMALS)

    def close(self) -> None:
        """Close the connection."""
        meter, self._meter = self._meter, None
        if meter is not None:
            with suppress(InstrumentError, OSError):
                meter.close()


class FixedField:
    """A field set by hand, with the value that the operator entered, or that a gaussmeter shows."""

    largest_mt, ramp_mt_per_s = 0.0, 0.0

    def __init__(self, report: FieldReport, opener: Opener | None = None, meter: FieldMeter | None = None) -> None:
        self._report, self._opener, self._meter = report, opener, meter

    def switch_on(self) -> FieldReport:
        """There is nothing to set."""
        return replace(self._report, gaussmeter_mt=self.read().gaussmeter_mt)

    def set_mt(self, field_mt: float) -> FieldReport:
        """Refused: a person sets it."""
        demand_field(field_mt, self.largest_mt)
        return self.switch_on()

    def read(self) -> FieldReading:
        """The entered value, and what the gaussmeter shows now."""
        return FieldReading(self._report.field_mt, self._meter.read_mt() if self._meter else None)

    def switch_off(self) -> None:
        """Nothing to switch off."""

    def close(self) -> None:
        """Close the gaussmeter."""
        if self._meter is not None:
            self._meter.close()
        if self._opener is not None:
            self._opener.close()


class SuppliedField:
    """A field that a supply makes. It is opened when the field is wanted, and found on it is left to a person."""

    def __init__(
        self, part: MagnetPart, opener: Opener, meter: FieldMeter | None = None, look_around: LookAround = nothing
    ) -> None:
        """``look_around`` is called in every wait, and may raise to end it."""
        self._part = part
        self._opener = opener
        self._meter = meter
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
            read_a = self._settled_a(supply)
        how = f"{part.model} at {part.address}, {read_a:.2f} A read back"
        return FieldReport(self._in_mt(read_a), how, self._meter.read_mt() if self._meter else None)

    def read(self) -> FieldReading:
        """The field that follows from the current that the supply reads back."""
        supply = self._prepared()
        with bench_faults():
            supply_mt = self._in_mt(supply.current_a())
        return FieldReading(supply_mt, self._meter.read_mt() if self._meter else None)

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
        if self._meter is not None:
            self._meter.close()
        self._opener.close()

    def _prepared(self) -> MagnetSupply:
        if self._supply is None or self._driven_a is None:
            raise BenchFaultError(f"{self._part.role}: its supply was not switched on.")
        return self._supply

    def _in_mt(self, current_a: float) -> float:
        return round(current_a / self._part.a_per_mt, MT_DECIMALS)

    def _ramp(self, supply: MagnetSupply, target_a: float) -> None:
        start_a, part = self._driven_a or 0.0, self._part
        for level_a in ramp_levels_a(start_a, target_a, part.ramp_a_per_s):
            began_s = time.monotonic()
            self._driven_a = level_a
            supply.apply_current(level_a)
            wait(STEP_S / part.speed - (time.monotonic() - began_s), False, self._look_around)

    def _settled_a(self, supply: MagnetSupply) -> float:
        """Current read back once it no longer changes, or after a while."""
        tolerance_a, before_a, now_a = self._part.settings.largest_current_a * SETTLED, inf, supply.current_a()
        for _ in range(MOST_READS):
            if abs(now_a - before_a) <= tolerance_a:
                break
            wait(STEP_S / self._part.speed, False, self._look_around)
            before_a, now_a = now_a, supply.current_a()
        return now_a


def ramp_levels_a(start_a: float, target_a: float, rate_a_per_s: float) -> list[float]:
    """Currents of a ramp, one every ``STEP_S``; the last is the target."""
    steps = ceil(round(abs(target_a - start_a) / (rate_a_per_s * STEP_S), STEP_DECIMALS)) or 1
    return [start_a + (target_a - start_a) * step / steps for step in range(1, steps + 1)]


def open_field(
    config: InstrumentBenchConfig,
    simulated: bool,
    said: GaussmeterReading | None = None,
    look_around: LookAround = nothing,
    claims: Claims | None = None,
    traffic: Traffic | None = None,
) -> MagneticField:
    """The field of ``config``, not switched on yet.

    ``said`` is what a person read; without it a field set by hand is taken to be what the bench file says. Others as
    for ``open_bench``.
    """
    opener = Opener(config.link, claims, traffic=traffic)
    section, part, meter = config.field.gaussmeter, magnet_part(config, simulated), None
    if section is not None:
        settings = GaussmeterSettings(section.range_mt / MT_PER_T)
        serial = serial_settings(section)
        meter = FieldMeter(
            GaussmeterPart("gaussmeter", section.model, section.address, settings, serial=serial), opener
        )
    if part is not None:
        return SuppliedField(part, opener, meter, look_around)
    if simulated:
        return FixedField(FieldReport(config.simulation.field_mt, "SIMULATED"), opener, meter)
    return FixedField(_by_hand(config.field, said), opener, meter)


def switch_off_supply(config: InstrumentBenchConfig, opener: Opener, simulated: bool = False) -> str:
    """Ramp the field supply of ``config``, if it has one, to zero where its engine cannot; says how that went."""
    part = magnet_part(config, simulated)
    if part is None:
        return ""
    try:
        supply = _opened(part, opener)
        try:
            with suppress(InstrumentError):  # whatever happens on the way, off is what counts
                _ramp_down(supply, part)
            supply.switch_off()
        finally:
            supply.close()
    except CutError as error:
        return f"magnet off, but not seen at zero before: {error}"
    except InstrumentError as error:
        return f"the magnet may STILL BE ON: {error}"
    return "magnet at zero and off"


def _ramp_down(supply: MagnetSupply, part: MagnetPart) -> None:
    found_a = supply.take_over(part.settings)
    if found_a:
        rate_a_per_s = max(part.ramp_a_per_s, abs(found_a) / (LONGEST_RESCUE_S * part.speed))
        for level_a in ramp_levels_a(found_a, 0.0, rate_a_per_s):
            supply.apply_current(level_a)
            time.sleep(STEP_S / part.speed)


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
