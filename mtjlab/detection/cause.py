"""What is likely wrong with a bench, as it was told, apart from the search for it."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

Part: TypeAlias = Literal["source", "junction", "voltmeter", "wiring", "field", "unknown"]


@dataclass(frozen=True, slots=True)
class Cause:
    """What is likely wrong: a part, and by positions from 0 which of them; ``summary`` says so in words."""

    part: Part
    positions: tuple[int, ...]
    summary: str

    def of_chain(self, chain: str, top: int) -> "Cause":
        """The same of junctions of one of parallel chains, whose first one stands at ``top`` of all."""
        return Cause(self.part, tuple(top + k for k in self.positions), f"chain {chain}: {self.summary}")

    @property
    def is_lasting(self) -> bool:
        """Whether no pause mends it, and no new reference, which would only hide it."""
        return self.part in ("source", "wiring")
