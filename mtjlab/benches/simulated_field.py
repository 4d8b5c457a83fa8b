"""The magnetic field of a bench simulated in process: supply and gaussmeter, in the time of its junctions."""

from collections.abc import Callable
from math import ceil

from instruments.simulated.magnet import Magnet, MagnetModel
from instruments.simulated.physics import JunctionChain
from mtjlab.benches.simulated_rack import MT_PER_T
from mtjlab.config import SimulatedFieldSection, Simulation
from mtjlab.domain import FieldReading, FieldReport
from mtjlab.envelope import demand_field

MT_DECIMALS = 6


class SimulatedField:
    """A field at zero until it is switched on. Junctions may switch while it moves; ``pause`` waits meanwhile."""

    def __init__(
        self,
        chain: JunctionChain,
        magnet: Magnet,
        section: SimulatedFieldSection,
        pause: Callable[[float, bool], None] | None = None,
    ) -> None:
        self._chain, self._magnet, self._section, self._pause = chain, magnet, section, pause
        self._supply_mt = 0.0
        chain.field_t = magnet.follow(0.0)

    @property
    def largest_mt(self) -> float:
        """As the bench file says."""
        return self._section.largest_mt

    @property
    def ramp_mt_per_s(self) -> float:
        """As the bench file says."""
        return self._section.ramp_mt_per_s

    def switch_on(self) -> FieldReport:
        """Ramp to the field of the bench file."""
        return self.set_mt(self._section.field_mt)

    def set_mt(self, field_mt: float) -> FieldReport:
        """Ramp to a field, in bench time."""
        demand_field(field_mt, self.largest_mt)
        began_mt, way_mt = self._supply_mt, field_mt - self._supply_mt
        duration_s = abs(way_mt) / self.ramp_mt_per_s
        if self._pause is not None:
            self._pause(duration_s, False)
        steps = ceil(abs(way_mt) / MT_PER_T / self._chain.field_step_t) or 1
        for step in range(steps if way_mt else 0):
            self._chain.field_t = self._magnet.follow((began_mt + way_mt * (step + 0.5) / steps) / MT_PER_T)
            self._chain.advance(duration_s / steps)
        self._supply_mt = field_mt
        self._chain.field_t = self._magnet.follow(field_mt / MT_PER_T)
        read = self.read()
        return FieldReport(read.supply_mt, "SIMULATED", read.gaussmeter_mt)

    def read(self) -> FieldReading:
        """What supply and gaussmeter say."""
        shown_mt = round(self._magnet.shown_t() * MT_PER_T, MT_DECIMALS) if self._section.gaussmeter else None
        return FieldReading(round(self._supply_mt, MT_DECIMALS), shown_mt)

    def switch_off(self) -> FieldReport | None:
        """Ramp to zero current; None if it is there."""
        return self.set_mt(0.0) if self._supply_mt else None

    def close(self) -> None:
        """Nothing to close."""


def magnet_model(simulation: Simulation, ma_per_mt: float | None = None, lag_s: float = 0.0) -> MagnetModel:
    """The magnet of a simulation and the errors of its gaussmeter; over TCP also what its supply does."""
    return MagnetModel(
        simulation.remanence_mt / MT_PER_T,
        simulation.gaussmeter_noise_mt / MT_PER_T,
        simulation.gaussmeter_offset_mt / MT_PER_T,
        1.0 / ma_per_mt if ma_per_mt else 0.0,  # 1 T/A is 1 mT/mA
        lag_s,
    )
