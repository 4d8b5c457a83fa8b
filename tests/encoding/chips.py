"""Chips to place configurations on."""

from mtjlab.domain import ControlCurrents, CriticalCurrents, Interval
from mtjlab.encoding.chip import Chip

UP_UA, DOWN_UA = (224.0, -66.0, 196.0), (-57.0, -347.0, -85.0)


def chip(up_ua: tuple[float, ...] = UP_UA, down_ua: tuple[float, ...] = DOWN_UA, **settings: float) -> Chip:
    spread = (4.3,) * len(up_ua)
    critical = CriticalCurrents(up_ua, down_ua, spread, spread, repetitions=3, ramp_ua_per_s=100)
    return Chip.of_held(critical, (Interval(-750, 750),) * len(up_ua), settings.get("reset_margin_ua", 40))


def start(junctions: int = 3, inputs: int = 2) -> ControlCurrents:
    return ControlCurrents.uniform(-500, junctions, inputs)
