"""Energy expected of other chains, widths and currents, beside what the paper expects; nothing here is measured."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean

from mtjlab.detection.references import JunctionReference
from mtjlab.energy import W_PER_UA_MV, Energy

WIDTHS_S = (50e-3, 1e-3, 50e-6, 1e-6, 300e-9, 10e-9)
"""A dwell on the bench, what sources can do, and the pulses of the paper."""
PULSE_J, CONTROL_SHARE = 1e-12, 0.2
"""An input pulse of 1 to 10 ns, and the share of it that a control pulse of each junction takes."""
READING_J = 70e-15, 200e-15
"""Reading of a junction: least and most of the figures that the paper quotes."""
TABLE_J = 10e-15
"""Looking up the class of a configuration."""
ASSUMPTIONS = (
    "Expected, not measured: the mean power of a junction during inputs and resets, times the width.",
    "All junctions of the chain take that mean power; a longer chain needs no other currents.",
    "A reset takes as long as an input. Larger currents that shorter pulses need are not added.",
    "Sources, leads, reading and electronics around the chain are not in it.",
)
ANTIPARALLEL = "At a given current all junctions are antiparallel, which takes the most."
PAPER = (
    "The paper expects (1 + 0.2 N) pJ for an input with pulses of 1 to 10 ns, 70 to 200 fJ for reading a junction and "
    "10 fJ for the lookup table; it counts no reset pulse (López et al. 2024, section IV)."
)


@dataclass(frozen=True, slots=True)
class Paper:
    """The paper's expectations (J) for a chain of N junctions and M inputs; pairs are the least and the most."""

    junctions: int
    inputs: int

    @property
    def pulses_j(self) -> float:
        """Pulses of one input."""
        return (1.0 + CONTROL_SHARE * self.junctions) * PULSE_J

    @property
    def reading_j(self) -> tuple[float, float]:
        """Reading all junctions once, after an input."""
        return self.junctions * READING_J[0], self.junctions * READING_J[1]

    @property
    def classification_j(self) -> tuple[float, float]:
        """Pulses and readings of all inputs, and the lookup table."""
        least, most = (self.inputs * (self.pulses_j + reading_j) + TABLE_J for reading_j in self.reading_j)
        return least, most


@dataclass(frozen=True, slots=True)
class Projection:
    """Expected energy (J) of one input of a width: of the input itself, and of a reset of the same width after it."""

    width_s: float
    input_j: float
    reset_j: float
    inputs: int

    @property
    def total_j(self) -> float:
        """With the reset."""
        return self.input_j + self.reset_j

    @property
    def classification_j(self) -> float:
        """All inputs, without resets."""
        return self.inputs * self.input_j

    @property
    def classification_with_reset_j(self) -> float:
        """All inputs, each with its reset."""
        return self.inputs * self.total_j


@dataclass(frozen=True, slots=True)
class Chain:
    """A chain to project for: its size, its inputs, and the mean power (W) of one junction at an input and a reset."""

    junctions: int
    inputs: int
    input_w: float
    reset_w: float

    def projections(self, widths_s: Iterable[float]) -> Iterator[Projection]:
        """Expected energies for each width."""
        for width_s in widths_s:
            per_w = self.junctions * width_s
            yield Projection(width_s, self.input_w * per_w, self.reset_w * per_w, self.inputs)


def measured_powers_w(energy: Energy) -> tuple[float, float] | None:
    """Mean power of a junction at inputs and at resets of a run; None if it presented none."""
    powers_w = [energy.power_w(phase) for phase in ("input", "reset")]
    at_input_w, at_reset_w = powers_w
    if not energy.inputs or at_input_w is None or at_reset_w is None:
        return None
    return at_input_w / len(energy.junctions_j), at_reset_w / len(energy.junctions_j)


def power_at_w(references: Sequence[JunctionReference], current_ua: float) -> float:
    """Mean power of an antiparallel junction at a current."""
    return fmean(reference.law.voltages_mv(current_ua)[1] for reference in references) * current_ua * W_PER_UA_MV
