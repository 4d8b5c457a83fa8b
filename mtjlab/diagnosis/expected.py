"""What a bench file says of its wiring: what a check holds its measurements against."""

from dataclasses import dataclass

from mtjlab.domain import PerJunction

OHM_PER_MV_UA = 1e3
"""1 mV / 1 uA."""


@dataclass(frozen=True, slots=True)
class Expected:
    """A chain as it should be; one value per junction, source or voltmeter, from the top.

    ``to_ground``: voltmeters measure from the node above each junction to ground, otherwise across each junction.
    ``parallel_ohm`` and ``antiparallel_ohm``: nominal junctions at small currents, leads included. ``reset_mv``: the
    voltage of a nominal junction while it is reset. ``settle_s``: after a write, the bench takes sources as settled.
    ``ranges_mv`` of voltmeters and ``compliances_mv`` of sources: None where there are no instruments.
    ``source_meters``: positions at which one instrument is source and voltmeter.
    """

    to_ground: bool
    parallel_ohm: PerJunction
    antiparallel_ohm: PerJunction
    reset_mv: PerJunction
    settle_s: float
    ranges_mv: PerJunction | None = None
    compliances_mv: PerJunction | None = None
    probe_ua: float = 10.0
    source_meters: frozenset[int] = frozenset()

    @property
    def junctions(self) -> int:
        """Number of junctions, of sources and of voltmeters."""
        return len(self.parallel_ohm)

    def below(self, meter: int) -> range:
        """Junctions that a voltmeter should measure."""
        return range(meter, self.junctions if self.to_ground else meter + 1)

    def leads(self, meter: int) -> tuple[int, int]:
        """Nodes of the + and the - lead of a voltmeter: 0 is the top of the chain."""
        return meter, self.below(meter).stop

    def largest_mv(self, meter: int) -> float:
        """What a voltmeter could see at the probe current, all junctions antiparallel."""
        return self.probe_ua * sum(self.antiparallel_ohm[j] for j in self.below(meter)) / OHM_PER_MV_UA

    @property
    def jump_mv(self) -> float:
        """By how much the two states of a junction differ at the probe current, about the least that is ever read."""
        pairs = zip(self.parallel_ohm, self.antiparallel_ohm, strict=True)
        return self.probe_ua * min(high - low for low, high in pairs) / OHM_PER_MV_UA
