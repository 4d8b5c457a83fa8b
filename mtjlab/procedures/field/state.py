"""Loops and critical currents against the field so far, and results from them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from mtjlab.analysis.field_legs import FieldLeg
from mtjlab.analysis.field_loops import LoopEstimate, loop_estimate
from mtjlab.analysis.field_slopes import FieldSlope, field_slope
from mtjlab.events import CurveTaken, Event, RunStarted, SeriesMeasured, SwitchingMeasured
from mtjlab.procedures.curves import CurvesTally
from mtjlab.procedures.field.events import LoopPoint, LoopsMeasured, SeriesInField, WorkingPointChosen


class FieldState:
    """Readings of every loop, and curves of every field."""

    def __init__(self) -> None:
        self._aperture_s = 0.02
        self._legs: dict[int, dict[bool, list[LoopPoint]]] = defaultdict(lambda: {True: [], False: []})
        self._curves = CurvesTally()
        self._estimated: tuple[int, tuple[LoopEstimate, ...]] = 0, ()
        self.points = 0
        self.fields_mt: dict[int, float] = {}
        self.skipped: dict[int, str] = {}
        self.switching: SwitchingMeasured | None = None
        self.loops_measured: LoopsMeasured | None = None
        self.chosen: WorkingPointChosen | None = None

    def take(self, event: Event) -> None:
        """Add the next event."""
        match event:
            case LoopPoint():
                self._legs[event.loop][event.rising].append(event)
                self.points += 1
            case SeriesInField():
                self.fields_mt[event.series] = event.field_mt
                if event.skipped:
                    self.skipped[event.series] = event.skipped
            case CurveTaken():
                self._curves.take(event)
            case SwitchingMeasured():
                self.switching = event
            case LoopsMeasured():
                self.loops_measured = event
            case WorkingPointChosen():
                self.chosen = event
            case RunStarted():
                self._aperture_s = event.bench.aperture_s

    @property
    def legs(self) -> Mapping[int, Mapping[bool, Sequence[LoopPoint]]]:
        """Readings by number of the loop; those of its rising leg by True, those of its falling leg by False."""
        return self._legs

    @property
    def complete_loops(self) -> tuple[int, ...]:
        """Numbers of the loops that are complete: their falling legs are as long as their rising ones."""
        return tuple(loop for loop, legs in self._legs.items() if legs[False] and len(legs[False]) == len(legs[True]))

    def loops(self) -> tuple[LoopEstimate, ...]:
        """What complete loops tell of each junction: the result of the run, or what is known so far."""
        if self.loops_measured is not None:
            return self.loops_measured.loops
        complete = self.complete_loops
        if complete and len(complete) != self._estimated[0]:
            legs = [field_leg(self._legs[loop][rising]) for loop in complete for rising in (True, False)]
            junctions = len(legs[0].currents_ua)
            estimates = tuple(loop_estimate(legs, k, self._aperture_s) for k in range(junctions))
            self._estimated = len(complete), estimates
        return self._estimated[1]

    def series(self) -> tuple[SeriesMeasured, ...]:
        """Critical currents in each field, by number of the series."""
        return self._curves.series() if self.switching is None else self.switching.series

    def measured_series(self) -> tuple[tuple[float, SeriesMeasured], ...]:
        """Each field in which there are complete curves, and the critical currents in it."""
        series = enumerate(self.series())
        return tuple((self.fields_mt[n], one) for n, one in series if one.up and one.down and n in self.fields_mt)

    def slopes(self) -> tuple[FieldSlope, ...]:
        """How the field moves the critical currents of each junction; empty before two fields are measured."""
        if self.chosen is not None:
            return self.chosen.slopes
        known = self.measured_series()
        if len(known) < 2:
            return ()
        fields_mt = [field_mt for field_mt, _ in known]
        return tuple(
            field_slope(k, fields_mt, [one.up[k] for _, one in known], [one.down[k] for _, one in known])
            for k in range(len(known[0][1].up))
        )


def field_leg(points: Iterable[LoopPoint]) -> FieldLeg:
    """Readings of one leg as arrays."""
    of = list(points)
    return FieldLeg(
        of[0].rising,
        np.array(of[0].reading.currents_ua),
        np.array([one.field_mt for one in of]),
        np.array([one.reached_s for one in of]),
        np.array([one.reading.t_s for one in of]),
        np.array([one.reading.samples_mv for one in of]),
    )
