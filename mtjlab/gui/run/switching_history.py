"""Inputs at which junctions switched, curve by curve and probe by probe."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import nan

from mtjlab.analysis.passage import Passage
from mtjlab.domain import PerJunction
from mtjlab.events import CurveTaken
from mtjlab.procedures.switching_map.events import Probed


@dataclass(frozen=True, slots=True)
class SwitchingInputs:
    """Inputs (uA) at which the junctions switched in one leg of a curve, or in one probe; NaN for none.

    ``controls_ua`` are empty for a probe. ``number`` counts the legs of its series and direction, from 1.
    """

    series: int
    number: int
    rising: bool
    controls_ua: PerJunction
    inputs_ua: tuple[float, ...]


class SwitchingHistory:
    """Switching inputs of all legs and probes so far."""

    def __init__(self) -> None:
        self.entries: list[SwitchingInputs] = []
        self._numbers: dict[tuple[int, bool], int] = {}

    def of(self, series: int | None = None, rising: bool = True) -> Iterator[SwitchingInputs]:
        """Switching inputs of one direction, in one series or in all."""
        return (one for one in self.entries if series in (None, one.series) and one.rising == rising)

    def take(self, event: CurveTaken | Probed) -> None:
        """Add the switching inputs of a curve or a probe."""
        if isinstance(event, Probed):
            inputs_ua = tuple(_input_ua(passage, 0.0) for passage in event.passages)
            self._add(event.series, True, (), inputs_ua)
            return
        for legs in zip(*event.passages, strict=True):
            inputs_ua = tuple(map(_input_ua, legs, event.controls_ua))
            self._add(event.series, legs[0].rising, event.controls_ua, inputs_ua)

    def _add(self, series: int, rising: bool, controls_ua: PerJunction, inputs_ua: tuple[float, ...]) -> None:
        number = self._numbers[series, rising] = self._numbers.get((series, rising), 0) + 1
        self.entries.append(SwitchingInputs(series, number, rising, controls_ua, inputs_ua))


def _input_ua(passage: Passage, control_ua: float) -> float:
    return nan if passage.threshold_ua is None else passage.threshold_ua - control_ua
