"""A finding of a check: one line of its table."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from mtjlab.counted import word_for
from mtjlab.domain import junction_labels

Matrix: TypeAlias = tuple[tuple[float | None, ...], ...]
"""``[meter][source]`` in ohm, None where a voltmeter gave no reading."""
FindingVerdict: TypeAlias = Literal["ok", "caution", "mistake"]
Part: TypeAlias = Literal["chain", "source", "junction", "voltmeter"]
Kind: TypeAlias = Literal[
    "right",
    "untested",
    "chain-silent",
    "output-off",
    "dead",
    "open",
    "open-lead",
    "short",
    "stuck",
    "over-range",
    "silent",
    "gain",
    "swapped",
    "misplaced",
    "reversed",
    "puzzling",
    "range",
    "noise",
    "offset",
    "settling",
    "headroom",
    "resistance",
    "unequal",
    "unsteady",
]


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of one part of the bench, or of two that were mixed up.

    ``kind`` is for programs, ``measured`` and ``remedy`` for people; ``positions`` count from 0.
    """

    part: Part
    positions: tuple[int, ...]
    verdict: FindingVerdict
    kind: Kind
    measured: str
    remedy: str = ""

    @property
    def role(self) -> str:
        """``source J1``, ``J2``, ``voltmeters J1, J2``."""
        labels = junction_labels(self.positions)
        if self.part in ("chain", "junction"):
            return labels or self.part
        return f"{word_for(len(self.positions), self.part)} {labels}"


@dataclass(frozen=True, slots=True)
class Explanation:
    """One way to explain all that was measured: the parts, what is wrong with them, in words, and what to do.

    ``misfit``: rms deviation of the answers from what they would be then, over the expected error: about 1 or less
    where it explains them. ``kind`` is for programs; several mistakes that are needed together are separated by "; ".
    """

    part: str
    mistake: str
    misfit: float
    remedy: str
    kind: str = ""


def mistake(part: Part, positions: int | tuple[int, ...], kind: Kind, measured: str, remedy: str) -> Finding:
    """Something to be repaired before a chip is at stake."""
    return Finding(part, positions if isinstance(positions, tuple) else (positions,), "mistake", kind, measured, remedy)


def caution(part: Part, positions: int | tuple[int, ...], kind: Kind, measured: str, remedy: str) -> Finding:
    """Something worth knowing, with which a run may start."""
    return Finding(part, positions if isinstance(positions, tuple) else (positions,), "caution", kind, measured, remedy)
