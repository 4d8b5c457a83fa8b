"""Wiring: the node that each source feeds, and the nodes that each meter is connected to."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

Measures: TypeAlias = Literal["across", "ground"]
"""A meter across its junction, or from the top of it to ground."""


@dataclass(frozen=True, slots=True)
class Tap:
    """A meter over junctions ``first`` to ``last`` - 1, with ``sign`` -1 where its leads are swapped."""

    first: int
    last: int
    sign: int = 1


@dataclass(frozen=True, slots=True)
class Branch:
    """A source, and the junctions ``first`` to ``last`` - 1 between its node and that of the next source.

    There are none between two sources on one node.
    """

    source: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Wiring:
    """Node that each source feeds (0 is the top of the chain), sources with swapped leads, taps of meters by role.

    ``tops`` are the first nodes of several chains in parallel, each with its far end at ground.
    """

    feeds: tuple[int, ...]
    taps: dict[str, Tap] = field(default_factory=dict)
    reversed_sources: frozenset[int] = frozenset()
    tops: tuple[int, ...] = (0,)

    @classmethod
    def straight(
        cls, junctions: int, meters: Sequence[tuple[str, int, Measures]] = (), tops: Sequence[int] = (0,)
    ) -> "Wiring":
        """Every source at the node of its number; meters (role, position, what they measure) as well."""
        bare = cls(tuple(range(junctions)), tops=tuple(tops))
        taps = {role: Tap(k, k + 1 if how == "across" else bare.end(k)) for role, k, how in meters}
        return replace(bare, taps=taps)

    def end(self, node: int) -> int:
        """Number of the last junction of the chain below a node, plus 1."""
        return next((top for top in self.tops if top > node), len(self.feeds))

    def branches(self) -> tuple[Branch, ...]:
        """Sources in the order of their nodes, from the top of the chain to ground."""
        order = sorted(range(len(self.feeds)), key=lambda source: self.feeds[source])
        nodes = [self.feeds[source] for source in order]
        following = [*nodes[1:], len(self.feeds)]
        ends = [min(after, self.end(node)) for node, after in zip(nodes, following, strict=True)]
        return tuple([Branch(*branch) for branch in zip(order, nodes, ends, strict=True)])

    def sign(self, source: int) -> int:
        """-1 for a source with swapped leads."""
        return -1 if source in self.reversed_sources else 1

    def with_source_reversed(self, source: int) -> "Wiring":
        """The leads of a source swapped."""
        return replace(self, reversed_sources=self.reversed_sources ^ {source})

    def with_sources_swapped(self, one: int, other: int) -> "Wiring":
        """Two sources feeding each other's nodes."""
        feeds = list(self.feeds)
        feeds[one], feeds[other] = feeds[other], feeds[one]
        return replace(self, feeds=tuple(feeds))

    def with_source_on(self, source: int, node: int) -> "Wiring":
        """A source feeding another node, beside whatever feeds it already."""
        return replace(self, feeds=(*self.feeds[:source], node, *self.feeds[source + 1 :]))

    def with_meter_from(self, meter: str, node: int) -> "Wiring":
        """The high lead of a meter on another node, its low lead where it was."""
        return self._with_tap(meter, replace(self.taps[meter], first=node))

    def with_meter_reversed(self, meter: str) -> "Wiring":
        """The leads of a meter swapped."""
        tap = self.taps[meter]
        return self._with_tap(meter, replace(tap, sign=-tap.sign))

    def with_meters_swapped(self, one: str, other: str) -> "Wiring":
        """Two meters on each other's leads."""
        return self._with_tap(one, self.taps[other])._with_tap(other, self.taps[one])

    def with_meter_on(self, meter: str, junction: int) -> "Wiring":
        """A meter on another junction than its own."""
        tap = self.taps[meter]
        last = junction + 1 if tap.last == tap.first + 1 else self.end(junction)
        return self._with_tap(meter, Tap(junction, max(last, junction + 1), tap.sign))

    def _with_tap(self, meter: str, tap: Tap) -> "Wiring":
        return replace(self, taps={**self.taps, meter: tap})
