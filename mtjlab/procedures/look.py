"""Readings of the junctions until every verdict repeats, and the check that all are reset."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from mtjlab.bench import Bench
from mtjlab.config import PlanConfig, PresentationSettings
from mtjlab.detection.detector import Detector, judge_trace, trace_flips
from mtjlab.detection.flips import Flips
from mtjlab.domain import Reading, Verdict, junction_label
from mtjlab.errors import BenchFaultError
from mtjlab.events import JunctionsMeasured, ResetFailed, ResetVerified
from mtjlab.procedures.types import Procedure


@dataclass(frozen=True, slots=True)
class Look:
    """Result for all junctions at one input: verdicts of the last reading, and flips over all readings."""

    verdicts: tuple[Verdict, ...]
    flips: Flips

    @property
    def switched(self) -> int | None:
        """Number of parallel junctions, or None if one is neither P nor AP, or was not read."""
        if not self.verdicts or any(
            verdict is not Verdict.P and verdict is not Verdict.AP for verdict in self.verdicts
        ):
            return None
        return self.verdicts.count(Verdict.P)

    @property
    def is_reset(self) -> bool:
        """Whether no junction was seen in another state than antiparallel."""
        return all(verdict is Verdict.AP for verdict in self.verdicts)


class NotResetError(BenchFaultError):
    """Some junction stays parallel at zero input."""


NOT_LOOKED = Look((), Flips())


@dataclass(frozen=True, slots=True)
class Observer:
    """Reads the junctions of a bench and judges them against their references."""

    bench: Bench
    detector: Detector
    settings: PresentationSettings

    @classmethod
    def of(cls, bench: Bench, measured: JunctionsMeasured, config: PlanConfig) -> Self:
        """Observer of measured junctions."""
        return cls(bench, Detector(measured.references, config.detector), config.presentation)

    def look(self, readings: list[Reading]) -> Look:
        """Read into ``readings`` until every verdict repeats, or as often as the settings allow."""
        scales = self.detector.at(self.bench.currents_ua)
        judged: tuple[Verdict | None, ...] = (None,)
        while None in judged and len(readings) <= self.detector.settings.rereads:
            readings.append(self.bench.read(scales.samples))
            judged = scales.judge(readings[-1].samples_mv)
        return _look(self.detector, readings, judged)

    def look_of(
        self, span: slice, look: Look, readings: Sequence[Reading], input_ua: float
    ) -> tuple[Sequence[Reading], Look]:
        """Readings and look at the junctions of one of parallel chains with its input, from those at all of them."""
        if span == slice(0, len(self.detector.references)):
            return readings, look
        here = [reading.of(span, input_ua) for reading in readings]
        if not look.verdicts:
            return here, NOT_LOOKED
        detector = Detector(self.detector.references[span], self.detector.settings)
        return here, Look(look.verdicts[span], _flips(detector, here))

    def demand_reset(self) -> Procedure[Reading]:
        """Wait until every junction is antiparallel at zero input; returns the reading that shows it.

        Raises:
            NotResetError: they are not after the number of attempts in the settings.
            BenchFaultError: they are not, and somebody else switched an output off or changed a level.
        """
        for attempt in range(1, self.settings.reset_attempts + 1):
            readings: list[Reading] = []
            look = self.look(readings)
            if look.is_reset:
                yield ResetVerified(self.bench.time_s, attempt, tuple(readings), look.verdicts)
                return readings[-1]
            yield ResetFailed(self.bench.time_s, attempt, tuple(readings), look.verdicts)
            self.bench.rest(self.settings.dwell_s)
        self.bench.demand_sources()
        controls_ua, tops = self.bench.controls_ua, self.bench.description.tops
        stuck = ", ".join(
            f"{junction_label(k, tops)} ({verdict} at a control current of {controls_ua[k]:.6g} uA)"
            for k, verdict in enumerate(look.verdicts)
            if verdict is not Verdict.AP
        )
        raise NotResetError(
            f"Not reset at zero input: {stuck}. Lower the control currents, raise encoding.reset_margin_ua of the "
            "plan, or check the field."
        )

    def look_at_idle(self) -> tuple[tuple[Reading, ...], tuple[Verdict, ...]]:
        """Read the junctions at the present currents: all readings, and the verdicts of the last."""
        readings: list[Reading] = []
        look = self.look(readings)
        return tuple(readings), look.verdicts


def reevaluate_look(detector: Detector, readings: Sequence[Reading]) -> Look:
    """Re-evaluate the readings of an earlier look by another detector, using only readings this would have taken.

    If further samples or readings would be needed, a junction is undecided.
    """
    seen: list[Reading] = []
    for reading in readings[: detector.settings.rereads + 1]:
        scales = detector.at(reading.currents_ua)
        seen.append(replace(reading, samples_mv=reading.samples_mv[: scales.samples]))
        judged = scales.judge(seen[-1].samples_mv)
        if None not in judged:
            break
    return _look(detector, seen, judged)


def _look(detector: Detector, readings: Sequence[Reading], judged: Sequence[Verdict | None]) -> Look:
    verdicts = tuple([verdict or Verdict.UNDECIDED for verdict in judged])
    return Look(verdicts, _flips(detector, readings))


def _flips(detector: Detector, readings: Sequence[Reading]) -> Flips:
    """Changes of state from sample to sample, summed over junctions; none in two samples that agree."""
    if len(readings) == 1 and len(readings[0].samples_mv) == 2:
        return Flips()
    samples_mv = np.array([sample for reading in readings for sample in reading.samples_mv])
    currents_ua = np.broadcast_to(np.array(readings[0].currents_ua), samples_mv.shape)
    by_junction = trace_flips(judge_trace(detector.references, currents_ua, samples_mv, detector.settings))
    return Flips(sum(f.ap_to_p for f in by_junction), sum(f.p_to_ap for f in by_junction))
