"""How a bench may be wired: one forward model, of which every mistake is a change."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from mtjlab.arrays import FloatArray
from mtjlab.diagnosis.expected import Expected
from mtjlab.diagnosis.measured import Measured

Leads: TypeAlias = tuple[int, int]
"""Nodes of the + and the - lead: 0 is the top of the chain, the number of junctions is ground."""
Factor: TypeAlias = tuple[int | slice, int | slice, int | slice]
NONE: frozenset[int] = frozenset()
ALL = slice(None)


@dataclass(frozen=True, slots=True)
class Rig:
    """Where the leads of each source and voltmeter are, and what else is not as it should be.

    A source with both leads on ground drives nothing, a voltmeter with both on one node sees nothing. Sources in
    ``unfed`` drive into an open lead, those in ``off`` have their output off. ``weak`` sources deliver, ``off_scale``
    voltmeters show another share of a quantity than they say. Junctions in ``unsteady`` changed between two sources.
    """

    sources: tuple[Leads, ...]
    meters: tuple[Leads, ...]
    unfed: frozenset[int] = NONE
    off: frozenset[int] = NONE
    weak: frozenset[int] = NONE
    stuck: frozenset[int] = NONE
    off_scale: frozenset[int] = NONE
    shorts: frozenset[int] = NONE
    opens: frozenset[int] = NONE
    unsteady: frozenset[int] = NONE

    @property
    def junctions(self) -> int:
        """Number of junctions, and of the node that is ground."""
        return len(self.sources)

    def with_source(self, source: int, leads: Leads) -> "Rig":
        """A source with its leads elsewhere."""
        return replace(self, sources=(*self.sources[:source], leads, *self.sources[source + 1 :]))

    def with_meter(self, meter: int, leads: Leads) -> "Rig":
        """A voltmeter with its leads elsewhere."""
        return replace(self, meters=(*self.meters[:meter], leads, *self.meters[meter + 1 :]))

    def drives(self, source: int) -> bool:
        """Whether the current of a source flows through any junction."""
        return self.sources[source][0] != self.sources[source][1]

    def sees(self, meter: int) -> bool:
        """Whether a voltmeter is over any junction."""
        return self.meters[meter][0] != self.meters[meter][1]

    @property
    def limited(self) -> frozenset[int]:
        """Sources whose current finds no way to ground."""
        return self.unfed | {k for k, leads in enumerate(self.sources) if any(_over(leads, j) for j in self.opens)}

    def over(self, junction: int) -> list[int]:
        """Voltmeters that see a junction."""
        return [m for m, leads in enumerate(self.meters) if _over(leads, junction)]

    def floats(self, meter: int) -> bool:
        """Whether a voltmeter is on a part of the chain that nothing holds."""
        return min(self.meters[meter]) <= max(self.opens, default=-1)


def right_rig(expected: Expected) -> Rig:
    """Everything where the bench file says."""
    every = range(expected.junctions)
    return Rig(tuple((k, expected.junctions) for k in every), tuple(expected.leads(m) for m in every))


def signs(rigs: list[Rig]) -> FloatArray:
    """``[rig, meter, source, junction]``: with which sign the resistance of a junction is part of an answer."""
    drive, sense = (_passes(np.array(leads)) for leads in ([r.sources for r in rigs], [r.meters for r in rigs]))
    product: FloatArray = sense[:, :, None] * drive[:, None]
    return product


def predicts(rigs: list[Rig]) -> npt.NDArray[np.bool_]:
    """``[rig, meter, 1]``: whether a rig says what a voltmeter reads; if it floats, it may read nothing."""
    return np.array([[not rig.floats(m) for m in range(rig.junctions)] for rig in rigs])[..., None]


def factors(rig: Rig) -> Iterator[Factor]:
    """Unknown factors: indices of [meter, source, junction] that each concerns.

    A resistance for each junction; then a gain for each weak source, and for each voltmeter that is off scale; then for
    each unsteady junction its changes.
    """
    yield from ((ALL, ALL, j) for j in range(rig.junctions))
    yield from ((ALL, k, ALL) for k in sorted(rig.weak))
    yield from ((m, ALL, ALL) for m in sorted(rig.off_scale))
    yield from ((ALL, k, j) for j in sorted(rig.unsteady) for k in range(1, rig.junctions))


def contradictions(rig: Rig, expected: Expected, measured: Measured) -> int:
    """How many sources and junctions are not limited, or loud, as this rig would have them."""
    if not (measured.limited or rig.opens or rig.unfed):
        return 0
    loud = ~(np.abs(measured.matrix_ohm) <= measured.zero_ohm[:, None])
    limited = sorted(measured.limited)
    wrong = len(measured.limited ^ rig.limited)
    wrong += sum(not loud[np.ix_(rig.over(j), limited)].any() for j in rig.opens)
    others = [[m for m in range(rig.junctions) if not (m == k and k in expected.source_meters)] for k in rig.unfed]
    return wrong + sum(bool(loud[rest, k].any()) for k, rest in zip(rig.unfed, others, strict=True))


def _over(leads: Leads, junction: int) -> bool:
    return min(leads) <= junction < max(leads)


def _passes(leads: npt.NDArray[np.int_]) -> FloatArray:
    """``[..., junction]``: +1 from the + down to the - lead, -1 the other way round."""
    each = np.arange(leads.shape[-2])
    passes: FloatArray = (leads[..., :1] <= each).astype(float) - (leads[..., 1:] <= each)
    return passes
