"""The circuit on the simulated bench: sources into a chain of junctions, and the voltages between its nodes.

It has one time, which advances in steps over which all currents are constant: from one switching junction to the next
(in compliance that changes every current), and in sub-steps while sources settle.
"""

from collections.abc import Sequence
from functools import partial
from itertools import accumulate
from math import inf
from typing import Protocol

from instruments.simulated.compliance import Drive, Stretch, solve
from instruments.simulated.junction import JunctionState
from instruments.simulated.magnet import DrivenMagnet
from instruments.simulated.physics import JunctionChain
from instruments.simulated.source_output import SourceOutput
from instruments.simulated.wiring import Branch, Wiring

LONGEST_STEP_S = 1.0
"""Limits the step, so that drifts are followed."""
JUST_AFTER_S = 1e-9
CONTACT_OHM = 1e-3
"""Resistance between two sources on one node: it makes the solution unique if both are in compliance."""


class Observer(Protocol):
    """Receives true currents and states of the circuit, in the order of bench time."""

    def currents(self, time_s: float, sources_a: Sequence[float], junctions_a: Sequence[float]) -> None:
        """These currents flow from now on."""

    def states(self, time_s: float, states: Sequence[JunctionState]) -> None:
        """The junctions are in these states."""


class Circuit:
    """One chain, as many source outputs as junctions, wired to its nodes, and volt-seconds for averaging meters."""

    def __init__(self, chain: JunctionChain, outputs: Sequence[SourceOutput], observer: Observer) -> None:
        """Start at the time of ``chain``, with the outputs as they are."""
        self.chain = chain
        self.outputs = tuple(outputs)
        self._connect(Wiring.straight(len(self.outputs), tops=chain.tops))
        self._observer = observer
        self._volt_seconds = [0.0] * len(self.outputs)
        self._stretches: tuple[Stretch, ...] = (Stretch.FREE,) * len(self.outputs)
        self._currents_a = [0.0] * len(self.outputs)
        self._reported: tuple[Sequence[float], Sequence[JunctionState]] = ((), ())
        self.time_s = chain.time_s
        self.magnet: DrivenMagnet | None = None
        """Where it is driven, it makes the field of the chain."""
        self._apply(0.0)

    def advance_to(self, time_s: float) -> None:
        """Advance time in steps over which all currents are constant."""
        while self.time_s < time_s:
            step_s = min(time_s - self.time_s, self._longest_step_s())
            if self.magnet is not None:
                self._follow_field(self.magnet, self.time_s + step_s / 2.0)
            if not all(output.settled for output in self.outputs):
                self._apply(step_s)
            averages_v = self.chain.average_voltages_v(step_s)
            for k, average_v in enumerate(averages_v):
                self._volt_seconds[k] += average_v * step_s
            self.time_s = time_s if step_s == time_s - self.time_s else self.time_s + step_s
            arrived = [output.arrives(self.time_s) for output in self.outputs]
            if any(arrived) or self.chain.states != self._reported[1]:
                self._apply(0.0)

    def drive(self, source: int, drive: Drive, output_on: bool) -> None:
        """Change the output of a source."""
        self.outputs[source].drive(drive, output_on, self.time_s)
        self._apply(0.0)

    def rewire(self, wiring: Wiring) -> None:
        """Change the cables."""
        self._connect(wiring)
        self._apply(0.0)

    def refresh(self) -> None:
        """Apply changes of outputs, junctions or field now."""
        self._apply(0.0)

    def current_a(self, source: int) -> float:
        """True current out of a source now, as measured at its own terminals."""
        return self.wiring.sign(source) * self._currents_a[source]

    def node_voltage_v(self, source: int) -> float:
        """True voltage now at the terminals of a source; 0 V if nothing is connected to it."""
        feed = self.wiring.feeds[source]
        if self.outputs[source].dead:
            return 0.0
        return self.wiring.sign(source) * sum(self.chain.junction_voltages_v[feed : self.wiring.end(feed)])

    def limited(self, source: int) -> int:
        """+1 or -1 while a source is in compliance, as measured at its own terminals; otherwise 0.

        The sign is that of the voltage at which a current is limited, or of the current at which a voltage is.
        """
        output, stretch = self.outputs[source], self._stretches[source]
        if not output.on or output.dead:
            return 0
        of_voltage = {Stretch.BELOW: 1, Stretch.ABOVE: -1}
        of_current = {Stretch.AT_LOW: -1, Stretch.AT_HIGH: 1}
        return self.wiring.sign(source) * (of_voltage if output.holds_voltage else of_current).get(stretch, 0)

    def volt_seconds(self, meter: str) -> float:
        """Integral of the voltage that a meter is connected to, from the start until now."""
        tap = self.wiring.taps[meter]
        return tap.sign * sum(self._volt_seconds[tap.first : tap.last])

    @property
    def sources_a(self) -> tuple[float, ...]:
        """True current out of each source, as measured at its own terminals."""
        return tuple([self.current_a(k) for k in range(len(self.outputs))])

    def _longest_step_s(self) -> float:
        switched_s = self.chain.time_to_switch_s + JUST_AFTER_S
        magnet = self.magnet
        is_moving = magnet is not None and magnet.is_moving(self.time_s)
        field_s = magnet.step_s(self.time_s, self.chain.field_step_t) if magnet is not None and is_moving else inf
        return min(LONGEST_STEP_S, switched_s, field_s, *[output.sub_step_s for output in self.outputs])

    def _follow_field(self, magnet: DrivenMagnet, time_s: float) -> None:
        field_t = magnet.field_t(time_s)
        if field_t != self.chain.field_t:
            self.chain.field_t = field_t

    def _connect(self, wiring: Wiring) -> None:
        self.wiring = wiring
        self._branches: tuple[Branch, ...] = wiring.branches()

    def _apply(self, duration_s: float) -> None:
        """Apply the mean currents of the sources over the next ``duration_s`` to the chain."""
        drives = self._drives(duration_s)
        self._feed([drive.level_a for drive in drives])
        if self._all_free(drives):
            self._stretches = (Stretch.FREE,) * len(drives)
        else:
            self._limit(drives)
        self._report()

    def _drives(self, duration_s: float) -> list[Drive]:
        """Drive of each branch."""
        drives = []
        for branch in self._branches:
            drive = self.outputs[branch.source].drive_over(self.time_s, duration_s)
            drives.append(drive.reversed() if branch.source in self.wiring.reversed_sources else drive)
        return drives

    def _feed(self, currents_a: Sequence[float]) -> None:
        """Feed these source currents, one per branch, into their nodes."""
        nodes_a = [0.0] * len(self.outputs)
        for branch, current_a in zip(self._branches, currents_a, strict=True):
            self._currents_a[branch.source] = current_a
            nodes_a[branch.first] += current_a
        self.chain.set_sources(nodes_a)

    def _all_free(self, drives: Sequence[Drive]) -> bool:
        dropped_v = self.chain.junction_voltages_v
        nodes_v = [one for span in self.chain.spans for one in [*accumulate(reversed(dropped_v[span]))][::-1]]
        return all(
            drive.low_v <= nodes_v[branch.first] <= drive.high_v
            for branch, drive in zip(self._branches, drives, strict=True)
        )

    def _limit(self, drives: Sequence[Drive]) -> None:
        """Find the currents if a source is at its compliance."""
        sources_a: list[float] = []
        found: dict[int, Stretch] = {}
        for span in self.chain.spans:
            here = [n for n, branch in enumerate(self._branches) if span.start <= branch.first < span.stop]
            if not here:
                continue
            solution = solve(
                [drives[n] for n in here],
                partial(self._drop_v, here[0]),
                [self._stretches[self._branches[n].source] for n in here],
            )
            sources_a += solution.sources_a
            found |= {self._branches[n].source: one for n, one in zip(here, solution.stretches, strict=True)}
        self._feed(sources_a)
        self._stretches = tuple([found[source] for source in range(len(self.outputs))])

    def _drop_v(self, first: int, n: int, current_a: float) -> float:
        """Voltage from the node of branch ``n``, counted from branch ``first``, to that of the next."""
        branch = self._branches[first + n]
        if branch.first == branch.last:
            return current_a * CONTACT_OHM
        return sum([self.chain.voltage_at_v(k, current_a) for k in range(branch.first, branch.last)])

    def _report(self) -> None:
        currents_a, states = self.chain.junction_currents_a, self.chain.states
        if currents_a != self._reported[0]:
            self._observer.currents(self.time_s, self.sources_a, currents_a)
        if states != self._reported[1]:
            self._observer.states(self.time_s, states)
        self._reported = (currents_a, states)
