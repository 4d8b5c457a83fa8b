"""Real-time switching detector: voltages -> junction states.

A voltage is placed on the scale x = (V - V_P) / (V_AP - V_P) between the two levels that the reference of its junction
predicts at the present current: 0 is parallel, 1 antiparallel, the midpoint decides. The quality of a decision is
d = |V_AP - V_P| / noise: one sample errs with probability Q(d / 2), the mean of n with Q(d sqrt(n) / 2).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mtjlab.arrays import FloatArray
from mtjlab.detection.flips import Flips
from mtjlab.detection.references import JunctionReference
from mtjlab.detection.resistance import ResistanceLaw
from mtjlab.domain import CriticalCurrents, PerJunction, Verdict

if TYPE_CHECKING:
    from mtjlab.config import DetectorSettings

VerdictCodes: TypeAlias = NDArray[np.int8]

VERDICTS = tuple(Verdict)
"""The verdict of each code in a trace."""
CODES = {verdict: code for code, verdict in enumerate(VERDICTS)}

BETWEEN = 0.25
"""Distance on the scale x beyond which a voltage belongs to a level no more, if the noise does not explain it."""
_BETWEEN_D = 4.5
"""The same in standard deviations."""
ROUNDING_UA = 1e-6
"""What sums of source currents may lose; a junction put on the edge of the dead band is outside it."""

MOST_KEPT = 4096
"""Currents of junctions whose scales are kept: about those of all tokens of a training."""


class _Scale(NamedTuple):
    """The two levels of a junction at one current, for verdicts from the mean of ``averaged`` samples each.

    ``tolerance`` is how far on the scale x a voltage may be from its level.
    """

    parallel_mv: float
    jump_mv: float
    averaged: int
    tolerance: float

    @classmethod
    def of(cls, levels_mv: tuple[float, float], noise_mv: float, averaged: int = 1) -> "_Scale":
        """The scale between two levels, for samples with this noise."""
        parallel_mv, antiparallel_mv = levels_mv
        jump_mv = antiparallel_mv - parallel_mv
        tolerance = max(BETWEEN, _BETWEEN_D * noise_mv / (abs(jump_mv) * math.sqrt(averaged)))
        return cls(parallel_mv, jump_mv, averaged, tolerance)

    def verdict(self, voltage_mv: float) -> Verdict:
        x, tolerance = (voltage_mv - self.parallel_mv) / self.jump_mv, self.tolerance
        if x <= 0.5:
            if -tolerance <= x <= tolerance:
                return Verdict.P
        elif 1 - tolerance < x <= 1 + tolerance:
            return Verdict.AP
        return Verdict.PARTIAL if 0 < x < 1 else Verdict.UNDECIDED

    def judge(self, samples_mv: Sequence[float]) -> Verdict | None:
        averaged = self.averaged
        if len(samples_mv) < 2 * averaged:
            return None
        before = self.verdict(sum(samples_mv[-2 * averaged : -averaged]) / averaged)
        last = self.verdict(sum(samples_mv[-averaged:]) / averaged)
        return last if last is before else None


def _scale(reference: JunctionReference, current_ua: float, settings: "DetectorSettings") -> _Scale | None:
    """The scale of a junction; None if there is no verdict to be had at this current."""
    if _in_dead_band(current_ua, settings):
        return None
    parallel_mv, antiparallel_mv = levels_mv = reference.levels_mv(current_ua)
    averaged = math.ceil((settings.weak_d * reference.noise_mv / (antiparallel_mv - parallel_mv)) ** 2)
    return _Scale.of(levels_mv, reference.noise_mv, max(averaged, 1)) if averaged <= settings.most_samples else None


def _in_dead_band(current_ua: float, settings: "DetectorSettings") -> bool:
    return abs(current_ua) < settings.dead_band_ua - ROUNDING_UA


def samples_needed(reference: JunctionReference, current_ua: float, settings: "DetectorSettings") -> int | None:
    """Samples to average for one verdict, so that d reaches ``weak_d``; None if there is none to be had."""
    scale = _scale(reference, current_ua, settings)
    return scale.averaged if scale else None


@dataclass(frozen=True, slots=True)
class Scales:
    """The scales of all junctions at constant currents.

    ``samples``: to take in a reading, so that every junction that can be decided gets two verdicts.
    """

    by_junction: tuple[_Scale | None, ...]
    samples: int

    def judge(self, samples_mv: Sequence[Sequence[float]]) -> tuple[Verdict | None, ...]:
        """Verdict on each junction from a reading ``samples_mv[sample][junction]``.

        The last two verdicts, each of as many samples as ``samples_needed`` says, must agree. None asks for another
        reading: they disagree, as after a switch in the middle of an aperture, or there are too few samples for two of
        them (``samples`` is enough).

        PARTIAL is a voltage between the levels and compatible with neither, of a state that lasted; UNDECIDED is one in
        the dead band, or outside both levels as of an open or short circuit.
        """
        by_junction = zip(self.by_junction, zip(*samples_mv, strict=True), strict=True)
        return tuple([scale.judge(of_one_mv) if scale else Verdict.UNDECIDED for scale, of_one_mv in by_junction])


class Detector:
    """Judges junctions by their references. Scales are kept: resets and tokens return to the same currents."""

    def __init__(self, references: Sequence[JunctionReference], settings: "DetectorSettings") -> None:
        self.references = tuple(references)
        self.settings = settings
        self._scale = lru_cache(maxsize=MOST_KEPT)(self._scale_of)

    def at(self, currents_ua: Sequence[float]) -> Scales:
        """The scales of all junctions at these currents."""
        scales = tuple([self._scale(k, current_ua) for k, current_ua in enumerate(currents_ua)])
        return Scales(scales, max([self.settings.samples, *[2 * scale.averaged for scale in scales if scale]]))

    def _scale_of(self, junction: int, current_ua: float) -> _Scale | None:
        return _scale(self.references[junction], current_ua, self.settings)


def judge_by_law(
    law: ResistanceLaw, currents_ua: Sequence[float], voltages_mv: Sequence[float], settings: "DetectorSettings"
) -> tuple[Verdict, ...]:
    """Verdict on each junction by one ``law`` for all, such as that of a nominal junction, without known noise."""
    return tuple(
        [
            Verdict.UNDECIDED
            if _in_dead_band(current_ua, settings)
            else _Scale.of(law.voltages_mv(current_ua), noise_mv=0.0).verdict(voltage_mv)
            for current_ua, voltage_mv in zip(currents_ua, voltages_mv, strict=True)
        ]
    )


def judge_trace(
    references: Sequence[JunctionReference],
    currents_ua: FloatArray,
    voltages_mv: FloatArray,
    settings: "DetectorSettings",
) -> VerdictCodes:
    """Verdicts of one sample each along a trace: currents and voltages [T, N] -> codes [T, N] into ``VERDICTS``."""
    columns = zip(references, currents_ua.T, voltages_mv.T, strict=True)
    return np.column_stack([_junction_trace(*junction, settings) for junction in columns])


def _junction_trace(
    reference: JunctionReference, currents_ua: FloatArray, voltages_mv: FloatArray, settings: "DetectorSettings"
) -> VerdictCodes:
    readable = np.abs(currents_ua) >= settings.dead_band_ua - ROUNDING_UA
    parallel_mv, antiparallel_mv = reference.levels_trace_mv(currents_ua[readable])
    jump_mv = antiparallel_mv - parallel_mv
    x = (voltages_mv[readable] - parallel_mv) / jump_mv
    tolerance = np.maximum(BETWEEN, _BETWEEN_D * reference.noise_mv / np.abs(jump_mv))
    codes = np.full(len(currents_ua), CODES[Verdict.UNDECIDED], dtype=np.int8)
    codes[readable] = codes_at(x, tolerance)
    return codes


def codes_at(x: FloatArray, tolerance: FloatArray | float) -> VerdictCodes:
    """Codes of voltages on the scale x, which belong to a level no farther than ``tolerance`` from it."""
    return np.select(
        [
            (-tolerance <= x) & (x <= np.minimum(tolerance, 0.5)),
            (np.maximum(1 - tolerance, 0.5) < x) & (x <= 1 + tolerance),
            (x > 0) & (x < 1),
        ],
        [np.int8(CODES[Verdict.P]), np.int8(CODES[Verdict.AP]), np.int8(CODES[Verdict.PARTIAL])],
        np.int8(CODES[Verdict.UNDECIDED]),
    )


def trace_flips(codes: VerdictCodes) -> tuple[Flips, ...]:
    """Flips of each junction along a trace of codes [T, N]; from one decided sample to the next decided one."""
    flips = []
    for column in codes.T:
        states = column[(column == CODES[Verdict.P]) | (column == CODES[Verdict.AP])]
        steps = np.diff(states) * (CODES[Verdict.AP] - CODES[Verdict.P])
        flips.append(Flips(ap_to_p=int(np.sum(steps < 0)), p_to_ap=int(np.sum(steps > 0))))
    return tuple(flips)


def reading_input_ua(
    controls_ua: PerJunction, input_ua: float, critical: CriticalCurrents, settings: "DetectorSettings"
) -> float | None:
    """Highest input up to ``input_ua`` at which every junction is outside the dead band; None if there is none.

    Going down cannot switch AP -> P, but could undo a switch: every junction that ``input_ua`` may have switched has to
    stay ``reading_margin_ua`` above its P -> AP current. One that it cannot have switched may go as low as it likes.
    """
    lowered_ua = input_ua
    while inside := [control for control in controls_ua if _in_dead_band(control + lowered_ua, settings)]:
        lowered_ua = min(-settings.dead_band_ua - control for control in inside)
    margin_ua = settings.reading_margin_ua
    undone = any(
        control + input_ua > up - margin_ua and control + lowered_ua < down + margin_ua
        for control, up, down in zip(controls_ua, critical.up_ua, critical.down_ua, strict=True)
    )
    return None if undone and lowered_ua < input_ua else lowered_ua
