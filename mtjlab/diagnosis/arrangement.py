"""Which source feeds which node and which voltmeter measures which junction: the fewest mistakes that explain a matrix.

Source k should feed node k, the top of junction k, and so move every junction from k down. Across junction j, a
voltmeter answers the sources that feed nodes 0..j, all by the resistance of j. From node j to ground it answers the
source at node i by the sum of all resistances from max(i, j) down: from one node to the next below, what a voltmeter
sees falls by the junction between, and does not fall above its own node. Either way, once the sources are placed, each
voltmeter gives itself away on its own.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise, permutations

import numpy as np

from mtjlab.diagnosis.measured import FloatArray

SAME = 0.1
"""Resistances of a junction by different sources agree to this."""
DIFFERENCE = 1.5
"""What a difference of two entries may be wrong by, over what one may."""


@dataclass(frozen=True, slots=True)
class Arrangement:
    """``feeds[source]`` is a node, ``taps[meter]`` a junction (or node, to ground), for those that show it.

    ``shorts``: junctions that are seen to have no resistance, where voltmeters measure to ground. ``puzzling``:
    voltmeters that no place explains. ``resistances_ohm[junction]``: by each source, or to ground by each voltmeter.
    """

    feeds: dict[int, int]
    taps: dict[int, int]
    shorts: frozenset[int]
    puzzling: frozenset[int]
    resistances_ohm: dict[int, tuple[float, ...]]

    @property
    def mistakes(self) -> tuple[int, int]:
        """How much this asks to believe: what it does not explain counts most."""
        return len(self.puzzling), len(misplaced(self.feeds)) + len(misplaced(self.taps)) + len(self.shorts)


def misplaced(places: Mapping[int, int]) -> list[tuple[int, ...]]:
    """Mistakes in ``places``: pairs that are swapped, and single ones that are elsewhere."""
    wrong = {one: place for one, place in places.items() if one != place}
    swapped = [(one, place) for one, place in wrong.items() if one < place and wrong.get(place) == one]
    paired = {one for pair in swapped for one in pair}
    return [*swapped, *((one,) for one in wrong if one not in paired)]


def arrange(matrix_ohm: FloatArray, zero_ohm: FloatArray, to_ground: bool) -> Arrangement:
    """The arrangement that explains ``matrix_ohm[meter, source]`` (signs set right, NaN where unknown) most simply.

    ``zero_ohm[meter]``: less than this is nothing. Sources and voltmeters without any answer are left out.
    """
    strong = np.abs(matrix_ohm) > zero_ohm[:, None]
    sources = [int(k) for k in np.flatnonzero(strong.any(axis=0))]
    meters = [int(m) for m in np.flatnonzero(strong.any(axis=1))]
    place = _place_to_ground if to_ground else _place_across
    nodes = range(matrix_ohm.shape[1])
    return min(
        (
            place(matrix_ohm, zero_ohm, meters, dict(zip(sources, chosen, strict=True)))
            for chosen in permutations(nodes, len(sources))
        ),
        key=lambda arrangement: arrangement.mistakes,
    )


def _place_across(
    matrix_ohm: FloatArray, zero_ohm: FloatArray, meters: list[int], feeds: dict[int, int]
) -> Arrangement:
    def fits(meter: int, tap: int) -> bool:
        entries = [(node, matrix_ohm[meter, source]) for source, node in feeds.items()]
        return all(np.isnan(ohm) or _answers(ohm, zero_ohm[meter], node <= tap) for node, ohm in entries)

    taps = _chosen({m: [tap for tap in range(len(zero_ohm)) if fits(m, tap)] for m in meters})
    resistances_ohm = {
        tap: tuple(
            float(matrix_ohm[meter, source])
            for source, node in feeds.items()
            if node <= tap and np.isfinite(matrix_ohm[meter, source])
        )
        for meter, tap in sorted(taps.items(), key=lambda placed: placed[0] == placed[1])
    }
    return Arrangement(feeds, taps, frozenset(), frozenset(meters) - frozenset(taps), resistances_ohm)


def _answers(ohm: float, zero_ohm: float, driven: bool) -> bool:
    return ohm > zero_ohm if driven else abs(ohm) <= zero_ohm


def _place_to_ground(
    matrix_ohm: FloatArray, zero_ohm: FloatArray, meters: list[int], feeds: dict[int, int]
) -> Arrangement:
    stretches = list(_stretches(feeds, len(zero_ohm)))
    drops_ohm = {m: _drops_ohm(matrix_ohm[m], feeds) for m in meters}
    within_ohm = {m: DIFFERENCE * float(zero_ohm[m]) for m in meters}
    whole_ohm = [max((drops_ohm[m][n] for m in meters if np.isfinite(drops_ohm[m][n])), default=0.0)
                 for n in range(len(stretches))]  # fmt: skip

    def fits(meter: int, tap: int) -> bool:
        return all(
            np.isnan(drop) or _falls(stretch, tap, drop, whole, within_ohm[meter])
            for stretch, drop, whole in zip(stretches, drops_ohm[meter], whole_ohm, strict=True)
        )

    taps = _chosen({m: [tap for tap in range(len(zero_ohm)) if fits(m, tap)] for m in meters})
    told_ohm = {
        stretch: tuple(drops_ohm[m][n] for m, tap in taps.items() if tap <= stretch[0] and np.isfinite(drops_ohm[m][n]))
        for n, stretch in enumerate(stretches)
    }
    tolerance_ohm = max(within_ohm.values(), default=0.0)
    shorts = frozenset(j for stretch, told in told_ohm.items() if told and max(told) <= tolerance_ohm for j in stretch)
    resistances_ohm = {
        stretch[0]: told
        for stretch, told in told_ohm.items()
        if len(stretch) == 1 and told and stretch[0] not in shorts
    }
    return Arrangement(feeds, taps, shorts, frozenset(meters) - frozenset(taps), resistances_ohm)


def _stretches(feeds: Mapping[int, int], junctions: int) -> Iterator[range]:
    """Junctions from each node that is fed down to the next."""
    for node, following in pairwise([*sorted(feeds.values()), junctions]):
        yield range(node, following)


def _drops_ohm(row_ohm: FloatArray, feeds: Mapping[int, int]) -> list[float]:
    """By how much the answers of one voltmeter fall from each node that is fed to the next."""
    down = [float(row_ohm[source]) for source, _ in sorted(feeds.items(), key=lambda fed: fed[1])]
    return [here - below for here, below in pairwise([*down, 0.0])]


def _falls(stretch: range, tap: int, drop_ohm: float, whole_ohm: float, within_ohm: float) -> bool:
    """Whether a voltmeter at node ``tap`` may see this drop over a stretch whose resistance is ``whole_ohm``."""
    if tap >= stretch.stop:
        return abs(drop_ohm) <= within_ohm
    if tap <= stretch.start:
        return abs(drop_ohm - whole_ohm) <= within_ohm + SAME * whole_ohm
    return -within_ohm <= drop_ohm <= whole_ohm + within_ohm


def _chosen(fitting: Mapping[int, list[int]]) -> dict[int, int]:
    """A place for each voltmeter that has any: its own if that fits, otherwise one that no other has a right to."""
    at_home = {meter for meter, taps in fitting.items() if meter in taps}
    return {
        meter: meter if meter in at_home else min(taps, key=lambda tap: (tap in at_home, abs(tap - meter)))
        for meter, taps in fitting.items()
        if taps
    }
