"""Origin of a twin: a simulated chip whose parameters were fitted to runs of a real or simulated one."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from mtjlab.config.section import Section

SWITCHING = 3
"""Of each junction: means AP -> P and P -> AP, and the logarithm of the spread."""
RESISTANCE = 5
"""Of each junction: R_P (ohm), TMR, V_half (mV), c (V-2), offset (mV)."""
Matrix = tuple[tuple[float, ...], ...]


class TwinOrigin(Section):
    """Chip and runs that the parameters of [simulation] were fitted to, and how uncertain they are.

    ``switching_covariance`` [P, P]: of the means AP -> P and P -> AP (uA) and the logarithm of the spread of each
    junction in turn, then of the drift (uA/h) where the runs showed one: a common one, or one of each junction.
    ``resistance_covariance``: of each junction, of R_P (ohm), TMR, V_half (mV), c (V-2) and the offset (mV).
    ``not_seen``: parameters that the runs do not tell; they are those of the nominal junction.
    """

    of_any_size: ClassVar[frozenset[str]] = frozenset({"switching_covariance", "resistance_covariance"})

    of: str
    runs: Annotated[tuple[str, ...], Field(min_length=1)]
    fitted_at: str
    of_simulated: bool
    drift: Literal["none", "common", "own"] = "none"
    drawn_with_seed: int | None = None
    switching_covariance: Matrix
    resistance_covariance: tuple[Matrix, ...]
    not_seen: tuple[str, ...] = ()

    def drifts(self, junctions: int) -> int:
        """Number of parameters of the drift."""
        return {"none": 0, "common": 1, "own": junctions}[self.drift]

    def demand_fits(self, junctions: int) -> None:
        """Check the shapes of the covariances. Raises ValueError."""
        size = SWITCHING * junctions + self.drifts(junctions)
        if not _is_square(self.switching_covariance, size):
            raise ValueError(f"twin.switching_covariance needs {size} rows of {size} numbers")
        each = self.resistance_covariance
        if any(row[k] < 0 for one in (self.switching_covariance, *each) for k, row in enumerate(one) if k < len(row)):
            raise ValueError("twin: a variance on the diagonal of a covariance must not be below 0")
        if len(each) != junctions or not all(_is_square(one, RESISTANCE) for one in each):
            raise ValueError(f"twin.resistance_covariance needs {RESISTANCE} x {RESISTANCE} numbers of each junction")


def _is_square(matrix: Matrix, size: int) -> bool:
    return len(matrix) == size and all(len(row) == size for row in matrix)
