"""What an encoding needs to know of the junctions, in a module of its own: applying inputs does not need the fit."""

from dataclasses import dataclass, replace

from mtjlab.domain import AllowedInterval, CriticalCurrents, Interval, junction_label

WANDER_UA = 50.0
"""Margin for the motion of control currents during training, beyond those that the boundaries require."""


@dataclass(frozen=True, slots=True)
class Chip:
    """Properties of the junctions that determine the offset of an encoding, measured or set by the operator.

    ``controls`` are the control currents that a junction may need; each end is set by a reason. ``clear_ua``: how far
    the highest input is to stay below the threshold of a junction that no boundary is left for, where there is room.
    ``moved_ua``: by how much a learning rule moves inputs, down and up.
    """

    critical: CriticalCurrents
    allowed: tuple[Interval, ...]
    controls: tuple[AllowedInterval, ...]
    clear_ua: float = 0.0
    moved_ua: float = 0.0

    def of(self, span: slice) -> "Chip":
        """Those of some of the junctions."""
        return replace(self, critical=self.critical.of(span), allowed=self.allowed[span], controls=self.controls[span])

    @classmethod
    def of_held(cls, critical: CriticalCurrents, allowed: tuple[Interval, ...], reset_margin_ua: float) -> "Chip":
        """Junctions that have to reset at their control currents, with room for the motion of these in training."""
        controls = tuple(
            AllowedInterval(
                limit.low_ua + WANDER_UA,
                down_ua - reset_margin_ua,
                f"{junction_label(k)} may not go below {limit.low_ua:.0f} uA",
                f"{junction_label(k)} has to reset (P -> AP at {down_ua:.0f} uA)",
            )
            for k, (limit, down_ua) in enumerate(zip(allowed, critical.down_ua, strict=True))
        )
        return cls(critical, allowed, controls)
