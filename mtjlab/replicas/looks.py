"""Looks at the junctions of replicas: the verdicts that the detector gives, and how many readings they take.

Where the levels of a junction are far enough apart, a sample in which it did not switch shows its state whatever the
noise: its voltage need not be computed. ``sure`` says of which junctions this holds; only they are looked at here.
"""

from collections.abc import Sequence

import numpy as np

from mtjlab.arrays import BoolArray, FloatArray, IntArray
from mtjlab.bench import MV_PER_V, UA_PER_A
from mtjlab.config import DetectorSettings
from mtjlab.detection.detector import BETWEEN, CODES, ROUNDING_UA, VerdictCodes, codes_at
from mtjlab.detection.references import JunctionReference
from mtjlab.detection.resistance import branch_voltages_v
from mtjlab.domain import Verdict
from mtjlab.replicas.chain import ReplicaChain
from mtjlab.replicas.meters import ReplicaMeters

P, AP, UNDECIDED = (np.int8(CODES[verdict]) for verdict in (Verdict.P, Verdict.AP, Verdict.UNDECIDED))

_DEVIATIONS = 7.0
"""No sample is farther off: noise alone reaches that once in 4 10^11 samples."""
_LEAST_D = 18.0
"""From this jump over noise on, a level reaches as far as ``BETWEEN``, and one sample is enough for a verdict."""
_MOST_OFF_UA = 0.95
"""What an antiparallel junction may be off, below every limit of the checks for deviations."""
_CURRENTS = 60


class References:
    """Levels of the references [R][N] of all junctions, as arrays; flat indices choose some of them."""

    def __init__(self, references: Sequence[Sequence[JunctionReference]]) -> None:
        flat = [reference for chain in references for reference in chain]
        self._r_p_ohm, self._tmr, self._half_mv, self._bias_per_v2 = (
            np.array([getattr(reference.law, key) for reference in flat])
            for key in ("r_p_ohm", "tmr", "half_bias_mv", "bias_per_v2")
        )
        self._offset_mv = np.array([reference.offset_mv for reference in flat])
        self.noise_mv = np.array([reference.noise_mv for reference in flat])

    def levels_mv(self, at: IntArray, currents_ua: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Levels (parallel, antiparallel) of the junctions ``at``, as ``JunctionReference.levels_mv``."""
        ohmic_v, mv = np.abs(currents_ua) * self._r_p_ohm[at] / UA_PER_A, np.copysign(MV_PER_V, currents_ua)
        per_half_v2 = (MV_PER_V / self._half_mv[at]) ** 2
        parallel_v, antiparallel_v = (
            branch_voltages_v(ohmic_v, tmr, self._bias_per_v2[at], per_half_v2) for tmr in (0.0, self._tmr[at])
        )
        return mv * parallel_v + self._offset_mv[at], mv * antiparallel_v + self._offset_mv[at]


class Looks:
    """Looks at all junctions of R replicas, for as long as the settings of the detector say."""

    def __init__(
        self,
        chain: ReplicaChain,
        meters: ReplicaMeters,
        references: Sequence[Sequence[JunctionReference]],
        settings: DetectorSettings,
        aperture_s: float,
    ) -> None:
        self.chain, self._meters, self._settings = chain, meters, settings
        self._references = References(references)
        self.aperture_s = aperture_s

    def look(self, where: BoolArray) -> VerdictCodes:
        """Read the replicas ``where`` [R] until every verdict repeats, or as often as may be; codes [R, N]."""
        currents_ua = self.chain.currents_a * UA_PER_A
        hidden = np.abs(currents_ua) < self._settings.dead_band_ua - ROUNDING_UA
        codes = np.full(hidden.shape, UNDECIDED)
        for _ in range(self._settings.rereads + 1):
            before, last = self._read(where, hidden)
            agree = (before == last) | hidden
            codes = np.where(where[:, np.newaxis], np.where(agree & ~hidden, last, UNDECIDED), codes)
            where = where & ~agree.all(axis=1)
            if not where.any():
                break
        return codes

    def _read(self, where: BoolArray, hidden: BoolArray) -> tuple[VerdictCodes, VerdictCodes]:
        """One reading: codes [R, N] of its last two samples."""
        samples, places = self._settings.samples, self._meters.places
        self._meters.skip(samples, where)
        codes = []
        for sample in range(samples):
            begun_s = self.chain.time_s
            antiparallel_s = self.chain.advance(np.where(where, self.aperture_s, 0.0))
            if sample >= samples - 2:
                share = antiparallel_s / self.aperture_s
                codes.append(self._codes(share, where[:, np.newaxis] & ~hidden, places + sample, begun_s))
        before, last = codes
        return before, last

    def _codes(self, share: FloatArray, where: BoolArray, places: IntArray, begun_s: FloatArray) -> VerdictCodes:
        """Codes [R, N] of samples of which junctions were antiparallel for a share; elsewhere of no meaning."""
        codes = np.where(share == 0.0, P, AP)
        both = np.flatnonzero(where & (share > 0.0) & (share < 1.0))
        if len(both):
            currents_a = self.chain.currents_a.reshape(-1)[both]
            true_p_v, true_ap_v = self.chain.levels_v(both, currents_a)
            true_v = true_p_v + share.reshape(-1)[both] * (true_ap_v - true_p_v)
            shown_mv = self._meters.shown_mv(both, places[both], true_v, begun_s[both // share.shape[1]])
            parallel_mv, antiparallel_mv = self._references.levels_mv(both, currents_a * UA_PER_A)
            x = (shown_mv - parallel_mv) / (antiparallel_mv - parallel_mv)
            codes.flat[both] = codes_at(x, BETWEEN)
        return codes

    def sure(self, low_ua: float, high_ua: float) -> BoolArray:
        """Replicas [R] whose every sample without a switch shows the state, at currents outside of the dead band.

        Then it also agrees with its reference, so that nothing suspends a training or asks for a quick look.
        """
        chain, dead_ua = self.chain, self._settings.dead_band_ua - ROUNDING_UA
        shape, every = chain.antiparallel.shape, np.arange(chain.antiparallel.size)
        noise_mv = self._references.noise_mv
        offset_mv = self._meters.offsets_mv
        error_mv = self._meters.largest_error_mv(_DEVIATIONS)
        is_sure = np.full(shape, chain.is_steady)
        sides = (np.linspace(low_ua, -dead_ua, _CURRENTS), np.linspace(dead_ua, high_ua, _CURRENTS))
        for current_ua in np.concatenate(sides):
            currents_ua = np.full(len(every), current_ua)
            levels_mv = self._references.levels_mv(every, currents_ua)
            shown_mv = [level_v * MV_PER_V + offset_mv for level_v in chain.levels_v(every, currents_ua / UA_PER_A)]
            off_mv = [np.abs(shown - level) for shown, level in zip(shown_mv, levels_mv, strict=True)]
            jump_mv = np.abs(levels_mv[1] - levels_mv[0])
            is_shown = (error_mv + np.maximum(*off_mv) < BETWEEN * jump_mv) & (jump_mv > _LEAST_D * noise_mv)
            is_sure &= is_shown.reshape(shape)
            if current_ua < 0:
                _, next_mv = self._references.levels_mv(every, currents_ua - 1.0)
                is_sure &= (error_mv + off_mv[1] < _MOST_OFF_UA * (levels_mv[1] - next_mv)).reshape(shape)
        return np.asarray(is_sure.all(axis=1))
