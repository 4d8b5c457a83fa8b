"""A wrong source shows in new references as one common change of every junction below it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from mtjlab.detection.cause import Cause
from mtjlab.detection.references import JunctionReference
from mtjlab.domain import (
    CriticalCurrents,
    PerJunction,
    input_label,
    junction_currents_ua,
    junction_label,
    junction_labels,
    source_currents_ua,
)

COMMON_UA, COMMON_SHARE = 2.0, 0.1
"""Changes of junctions below one source are common to this."""
CLEARLY = 0.5
"""Of the squares of how far critical currents have moved: what a source may leave unexplained."""


class Measured(Protocol):
    """What a sweep tells of all junctions."""

    @property
    def references(self) -> tuple[JunctionReference, ...]:
        """Levels of the detector."""

    @property
    def critical(self) -> CriticalCurrents:
        """Where they switch."""


def common_source_of_chains(
    before: Measured, after: Measured, controls_ua: PerJunction, spans: Sequence[slice]
) -> Cause | None:
    """The source as ``common_source`` finds it on any of parallel chains, for sweeps at ``controls_ua``."""
    for chain, span in enumerate(spans):
        old, new = (_Part(one.references[span], one.critical.of(span)) for one in (before, after))
        found = common_source(old, new, source_currents_ua(controls_ua[span], 0.0))
        if found is not None:
            return found if len(spans) == 1 else found.of_chain(input_label(chain), span.start)
    return None


def common_source(before: Measured, after: Measured, sources_ua: PerJunction) -> Cause | None:
    """The source that explains what has changed between two sweeps that began at ``sources_ua``; None if none does.

    All junctions below one source seem to carry more or less, by the same current, and none above. A chip that has
    changed its resistance looks alike, but switches where it did; with a wrong source critical currents are off, too,
    as far as they are known well enough to tell.
    """
    controls_ua = junction_currents_ua(sources_ua)
    off_ua = np.array(
        [
            _explaining_ua(old, new, control)
            for old, new, control in zip(before.references, after.references, controls_ua, strict=True)
        ]
    )
    for k in range(len(off_ua)):
        by_ua = float(np.mean(off_ua[k:]))
        within_ua = COMMON_UA + COMMON_SHARE * abs(by_ua)
        is_common = np.all(np.abs(off_ua[k:] - by_ua) <= within_ua) and np.all(np.abs(off_ua[:k]) <= COMMON_UA)
        if is_common and abs(by_ua) > 2 * COMMON_UA and _criticals_agree(before, after, sources_ua, k, by_ua):
            text = f"source {junction_label(k)} delivers {by_ua:+.3g} uA beside what is set"
            if k == 0 or sources_ua[k]:
                text = f"source {junction_label(k)} delivers {1 + by_ua / sources_ua[k]:.3g} of what is set"
            below = junction_labels(range(k, len(off_ua)))
            return Cause("source", (k,), f"{text}: one common factor in the new references of {below}")
    return None


@dataclass(frozen=True, slots=True)
class _Part:
    references: tuple[JunctionReference, ...]
    critical: CriticalCurrents


def _explaining_ua(old: JunctionReference, new: JunctionReference, current_ua: float) -> float:
    """The change of current that turns the antiparallel voltage of the old reference into that of the new one."""
    seen_mv = new.levels_mv(current_ua)[1] - new.offset_mv
    return old.law.conduction(seen_mv, old.law.tmr)[0] - current_ua


def _criticals_agree(before: Measured, after: Measured, sources_ua: PerJunction, k: int, by_ua: float) -> bool:
    """Whether critical currents have moved as a source ``k`` that delivers ``by_ua`` more makes them, or stayed."""
    left = stayed = 0.0
    for old, new, moved in _moves(before, after, sources_ua, k, by_ua):
        left += (new - old - moved) ** 2
        stayed += (new - old) ** 2
    return left < CLEARLY * stayed


def _moves(
    before: Measured, after: Measured, sources_ua: PerJunction, k: int, by_ua: float
) -> Iterator[tuple[float, float, float]]:
    """Critical currents of junctions from ``k`` down before and after, and how far such a source would move each.

    The input moves source 1 alone, so that its error grows with the current; that of another source stays.
    """
    controls_ua = junction_currents_ua(sources_ua)
    pairs = ((before.critical.up_ua, after.critical.up_ua), (before.critical.down_ua, after.critical.down_ua))
    for old, new in pairs:
        for m in range(k, len(controls_ua)):
            driven_ua = old[m] - (controls_ua[m] - sources_ua[0])
            moved_ua = driven_ua * (1 / (1 + by_ua / sources_ua[0]) - 1) if k == 0 and sources_ua[0] else -by_ua
            yield old[m], new[m], moved_ua
