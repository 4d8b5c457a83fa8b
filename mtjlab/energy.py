"""Energy of a run: by phase, junction and source; and its units."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from mtjlab.domain import PerJunction
from mtjlab.events import (
    PhaseName,
)

A_PER_UA = 1e-6
W_PER_UA_MV = 1e-9
W_PER_UA2_OHM = 1e-12
STRESS_MV = 500.0
"""Voltage of a junction from which on its barrier wears."""
PHASES: tuple[PhaseName, ...] = ("input", "reset", "moves", "idle", "sweep")


@dataclass(frozen=True, slots=True)
class PhaseEnergy:
    """Energy (J) of all times of one phase, which took ``duration_s``; ``estimated_j`` is the part without readings."""

    duration_s: float = 0.0
    junctions_j: float = 0.0
    estimated_j: float = 0.0


Phases: TypeAlias = Mapping[PhaseName, PhaseEnergy]


@dataclass(frozen=True, slots=True)
class Energy:
    """Energy of a run: by phase, by junction, by source, and in leads.

    ``delivered_j`` and ``absorbed_j`` are of each source, both positive. ``inputs`` counts inputs that were presented,
    ``presented`` is the part of ``phases`` that was spent on them: the rest is sweeps, checks and pauses.
    """

    phases: Phases
    presented: Phases
    junctions_j: PerJunction
    delivered_j: PerJunction
    absorbed_j: PerJunction
    leads_j: PerJunction
    inputs: int
    presentations: int
    charges_c: PerJunction = ()
    """Charge that passed each junction, without sign."""
    stressed_s: PerJunction = ()
    """Time for which each junction stood more than ``STRESS_MV``."""

    @property
    def total_j(self) -> float:
        """In all junctions."""
        return sum(self.junctions_j)

    @property
    def estimated_share(self) -> float:
        """Share of the energy that was computed from the references."""
        estimated_j = sum(one.estimated_j for one in self.phases.values())
        return estimated_j / self.total_j if self.total_j else 0.0

    def per_input_j(self, phase: PhaseName) -> float | None:
        """Of a phase, for each input that was presented; None if there are none."""
        return self.presented[phase].junctions_j / self.inputs if self.inputs else None

    @property
    def input_j(self) -> float | None:
        """Of an input with all that belongs to it; None if there are none."""
        return sum(one.junctions_j for one in self.presented.values()) / self.inputs if self.inputs else None

    def power_w(self, phase: PhaseName) -> float | None:
        """Mean power of all junctions in a phase of presentations; None if it took no time."""
        spent = self.presented[phase]
        return spent.junctions_j / spent.duration_s if spent.duration_s else None


class Spent(NamedTuple):
    """Energy (J) that an event added: by phase, and in each junction."""

    phases: Phases
    junctions_j: Sequence[float]

    @property
    def duration_s(self) -> float:
        """Of all phases; 0 where nothing was measured."""
        return sum(one.duration_s for one in self.phases.values())

    @property
    def estimated_j(self) -> float:
        """Part that was computed from the references."""
        return sum(one.estimated_j for one in self.phases.values())


NOTHING = Spent({name: PhaseEnergy() for name in PHASES}, ())


PREFIXES = ((1.0, "J"), (1e-3, "mJ"), (1e-6, "µJ"), (1e-9, "nJ"), (1e-12, "pJ"), (1e-15, "fJ"))


def unit_of(energy_j: float) -> tuple[float, str]:
    """The unit that makes an energy a handy number: its size in joules, and its name."""
    return next((prefix for prefix in PREFIXES if abs(energy_j) >= prefix[0]), PREFIXES[-1 if energy_j else 0])


def joules(energy_j: float | None) -> str:
    """An energy with three digits and its unit; empty for None."""
    if energy_j is None:
        return ""
    factor, unit = unit_of(energy_j)
    return f"{energy_j / factor:.3g} {unit}"
