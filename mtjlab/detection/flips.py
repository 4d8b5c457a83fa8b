"""Changes of state that a trace shows, as they were counted."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Flips:
    """Number of changes of state in either direction."""

    ap_to_p: int = 0
    p_to_ap: int = 0
