"""How far junctions that should be antiparallel are from their references: in uA, and against the noise."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from mtjlab.detection.references import JunctionReference
from mtjlab.domain import Reading, junction_label

SURE = 6.0
"""Standard deviations of a sample; noise alone reaches that once in 10^9 samples."""
MOST_KEPT = 64
"""Currents of junctions whose voltages are kept: control currents, or rest currents."""


@dataclass(frozen=True, slots=True)
class Deviation:
    """A junction that should be at ``level_mv``: how far the nearest sample is, and the current that would explain it.

    ``explained_ua`` is what noise, and what the fit of the reference left over, may make of it.
    """

    junction: int
    level_mv: float
    away_mv: float
    away_ua: float
    explained_ua: float

    def is_beyond(self, limit_ua: float, known_ua: float = 0.0) -> bool:
        """Whether it means more than ``limit_ua`` beside what is known already, and noise does not explain it."""
        return abs(self.away_ua - known_ua) > max(limit_ua, self.explained_ua)

    def since(self, before: "Deviation") -> "Deviation":
        """How far it has moved since then."""
        was_mv = before.level_mv + before.away_mv
        moved_mv, moved_ua = self.away_mv - before.away_mv, self.away_ua - before.away_ua
        return Deviation(self.junction, was_mv, moved_mv, moved_ua, self.explained_ua)

    @property
    def share(self) -> float:
        """It over the voltage that should be there."""
        return abs(self.away_mv / self.level_mv) if self.level_mv else 0.0

    def __str__(self) -> str:
        return (
            f"{junction_label(self.junction)} from {self.level_mv:.4g} to {self.level_mv + self.away_mv:.4g} mV, as by "
            f"{self.away_ua:+.2g} uA"
        )


class ExpectedVoltages:
    """Voltages that antiparallel junctions should show by their references.

    They are kept: a reset returns to the same currents again and again.
    """

    def __init__(self, references: Sequence[JunctionReference]) -> None:
        self._references = references
        self._antiparallel = lru_cache(maxsize=MOST_KEPT)(self._antiparallel_at)

    def deviations(self, idle: Reading) -> tuple[Deviation, ...]:
        """Of every junction, all of them antiparallel at ``idle``.

        By the nearest sample: a switch in the middle of an aperture moves one of them alone.
        """
        found = []
        junctions = zip(idle.currents_ua, zip(*idle.samples_mv, strict=True), strict=True)
        for k, (current_ua, samples_mv) in enumerate(junctions):
            level_mv, ua_per_mv, explained_ua = self._antiparallel(k, current_ua)
            away_mv = min([sample_mv - level_mv for sample_mv in samples_mv], key=abs)
            found.append(Deviation(k, level_mv, away_mv, away_mv * ua_per_mv, explained_ua))
        return tuple(found)

    def _antiparallel_at(self, junction: int, current_ua: float) -> tuple[float, float, float]:
        """Voltage, slope dI/dV in uA/mV, and the current (uA) that noise and the fit may explain."""
        reference = self._references[junction]
        level_mv = reference.levels_mv(current_ua)[1]
        _, ua_per_mv = reference.law.conduction(level_mv - reference.offset_mv, reference.law.tmr)
        return level_mv, ua_per_mv, SURE * max(reference.noise_mv, reference.residual_mv) * ua_per_mv
