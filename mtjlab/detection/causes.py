"""Which part is wrong: found from how junctions answer when one source after another is moved by a few uA.

Source k moves every junction from k down, all of them by as much. So the answers of one junction to several sources
compare the sources, whatever that junction and its voltmeter are like; and answers that differ from the reference for
all sources alike are of the junction or its voltmeter.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TypeAlias

import numpy as np

from mtjlab.arrays import FloatArray
from mtjlab.detection.cause import Cause
from mtjlab.detection.references import JunctionReference
from mtjlab.domain import Reading, junction_label, junction_labels

Move: TypeAlias = tuple[Reading, Reading]
"""Read right before one source is moved, and while it is."""

SAME = 0.012
"""Answers of a junction to different sources agree with their mean to this."""
AS_REFERENCE = 0.1
"""Answers agree with the slope of a fitted law to this."""
SURE = 6.0
"""Standard deviations of a mean."""
TOO_NOISY = 0.3
NOTHING = 0.1
TYPICAL_OHM = 1000.0
"""Of a junction of which nothing is known."""
UNSTEADY = 3.0
"""An answer so many times what it should be is of a junction that switched meanwhile."""


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """``ratios[junction, source]``: answers over what references say, NaN where not tried; ``errors`` of each row."""

    ratios: FloatArray
    errors: FloatArray

    @property
    def tolerances(self) -> FloatArray:
        """To which answers of each junction agree with their mean."""
        tolerances: FloatArray = np.fmax(SAME, SURE * self.errors)
        return tolerances

    @property
    def of_junctions(self) -> tuple[float, ...]:
        """What each junction answers to the sources above it, on the average."""
        return tuple(float(np.nanmean(self.ratios[m, : m + 1])) for m in range(len(self.errors)))


def answers(references: Sequence[JunctionReference], moved: Mapping[int, Move]) -> Answers:
    """From readings with each source moved alone; a junction counts on the branch it is nearer to."""
    every = range(len(references))
    ratios = np.full((len(every), len(every)), np.nan)
    errors = np.full(len(every), np.nan)
    for source, (before, reading) in moved.items():
        by_ua = reading.currents_ua[-1] - before.currents_ua[-1]
        for m, reference in enumerate(references):
            was_mv, here_ua = before.mean_mv[m], before.currents_ua[m]
            branch = nearer_branch(reference, here_ua, was_mv)
            expected_mv = reference.levels_mv(here_ua + by_ua)[branch] - reference.levels_mv(here_ua)[branch]
            ratios[m, source] = (reading.mean_mv[m] - was_mv) / expected_mv
            noise_mv = max(reference.noise_mv, float(_scatter_mv(before, reading)[m]))
            errors[m] = np.fmax(errors[m], noise_mv * (2 / len(before.samples_mv)) ** 0.5 / abs(expected_mv))
    return Answers(ratios, errors)


def answers_alone(junctions: int, moved: Mapping[int, Move]) -> Answers:
    """The same where no reference is known: each junction is compared with what it answers most of the sources."""
    ratios = np.full((junctions, junctions), np.nan)
    errors = np.full(junctions, np.nan)
    for source, (before, reading) in moved.items():
        expected_mv = (reading.currents_ua[-1] - before.currents_ua[-1]) * 1e-3 * TYPICAL_OHM
        ratios[:, source] = np.subtract(reading.mean_mv, before.mean_mv) / expected_mv
        error_mv = _scatter_mv(before, reading) * (2 / len(before.samples_mv)) ** 0.5
        errors = np.fmax(errors, error_mv / abs(expected_mv))
    usual = np.array([_usual(ratios[m, : m + 1]) for m in range(junctions)])
    return Answers(ratios / usual[:, None], errors / usual)


def _scatter_mv(before: Reading, moved: Reading) -> FloatArray:
    """Of one sample of each junction, as it is now: one that hops cannot tell anything of a source."""
    scatter: FloatArray = np.fmax(np.std(before.samples_mv, axis=0), np.std(moved.samples_mv, axis=0))
    return scatter


def _usual(row: FloatArray) -> float:
    """The magnitude of most answers of a junction; 1 if it answers none of them."""
    magnitudes = np.abs(row[np.isfinite(row)])
    answered = magnitudes[magnitudes > NOTHING]
    return float(np.median(answered)) if answered.size else 1.0


def nearer_branch(reference: JunctionReference, current_ua: float, voltage_mv: float) -> int:
    """0 for parallel, 1 for antiparallel."""
    parallel_mv, antiparallel_mv = reference.levels_mv(current_ua)
    return int(abs(voltage_mv - antiparallel_mv) <= abs(voltage_mv - parallel_mv))


def likely_cause(found: Answers) -> Cause | None:
    """The fewest sources that explain the answers; without any, junctions that changed; None if nothing is wrong."""
    ratios, tolerances = found.ratios, found.tolerances
    if np.isnan(ratios).all() or np.nanmax(tolerances) > TOO_NOISY:
        return Cause("unknown", (), "the voltmeters are too noisy, or the limits too narrow, for a quick look to tell")
    unsteady = np.flatnonzero(np.nanmax(np.abs(ratios), axis=1) > UNSTEADY)
    if unsteady.size:
        moved = tuple(unsteady.tolist())
        return Cause("junction", moved, f"{junction_labels(moved)} switched during a quick look")
    return _stray(found) or _of_sources(found) or _of_junctions(found)


def _stray(found: Answers) -> Cause | None:
    """A junction above a source must not answer it."""
    for m, k in zip(*np.triu_indices(len(found.errors), 1), strict=True):
        if abs(found.ratios[m, k]) > max(AS_REFERENCE, found.tolerances[m]):
            here, source = junction_label(int(m)), junction_label(int(k))
            text = (
                f"wiring: {here} answers source {source}, which feeds the chain below it: voltmeter {here} is at "
                f"another junction, or source {source} at another node"
            )
            return Cause("wiring", (int(k),), text)
    return None


def _of_sources(found: Answers) -> Cause | None:
    every = range(len(found.errors))
    for size in every:
        explaining = [fit for chosen in combinations(every, size) if (fit := _fit(found, frozenset(chosen)))]
        if explaining:
            gains, _ = min(explaining, key=lambda fit: fit[1])
            return _cause_in_sources(gains) if gains else None
    odd = [k for k in every if _disagree(found.ratios[k:, k], float(np.nanmax(found.tolerances)))]
    text = ", ".join(f"source {junction_label(k)}" for k in odd) or "the sources"
    return Cause("wiring", tuple(odd), f"wiring: junctions below {text} do not answer alike")


def _fit(found: Answers, wrong: frozenset[int]) -> tuple[dict[int, float], float] | None:
    """Gains of the sources ``wrong``, and how far rows are from their references; None if this does not explain all."""
    rows = [_row(found.ratios[m, : m + 1], wrong) for m in range(len(found.errors))]
    gains = {k: _gain(found, rows, k) for k in sorted(wrong)}
    of_all = np.array([gains.get(k, 1.0) for k in range(len(rows))])
    far = 0.0
    for m, row in enumerate(rows):
        answered, driven = found.ratios[m, : m + 1], of_all[: m + 1]
        response = _response_to_wrong(answered, driven) if row is None else row
        left = np.abs(answered - response * driven)
        if np.any(left[np.isfinite(left)] > found.tolerances[m] * max(1.0, abs(response))):
            return None
        far += abs(response - 1)
    return gains, far


def _row(row: FloatArray, wrong: frozenset[int]) -> float | None:
    """What a junction answers to sources that are right: that is of itself; None if there are none above it."""
    right = [ratio for k, ratio in enumerate(row.tolist()) if k not in wrong and np.isfinite(ratio)]
    return float(np.mean(right)) if right else None


def _gain(found: Answers, rows: Sequence[float | None], source: int) -> float:
    """What a source delivers, by every junction that right sources tell of; by the references where none does."""
    gains = [found.ratios[m, source] / row for m, row in enumerate(rows) if m >= source and row and abs(row) > NOTHING]
    return float(np.nanmean(gains or found.ratios[source:, source]))


def _response_to_wrong(answered: FloatArray, driven: FloatArray) -> float:
    ratios = answered[np.abs(driven) > NOTHING] / driven[np.abs(driven) > NOTHING]
    return float(np.nanmean(ratios)) if ratios.size else 1.0


def _disagree(values: FloatArray, tolerance: float) -> bool:
    finite = values[np.isfinite(values)]
    return bool(finite.size) and float(np.ptp(finite)) > tolerance * max(1.0, float(np.max(np.abs(finite))))


def _cause_in_sources(gains: Mapping[int, float]) -> Cause:
    delivers = {k: "nothing" if abs(gain) < NOTHING else f"{gain:.3g} of what is set" for k, gain in gains.items()}
    text = ", ".join(f"source {junction_label(k)} delivers {what}" for k, what in delivers.items())
    return Cause("source", tuple(gains), text)


def _of_junctions(found: Answers) -> Cause | None:
    rows = found.of_junctions
    silent = [k for k, row in enumerate(rows) if abs(row) < NOTHING]
    if silent:
        meters = ", ".join(f"voltmeter {junction_label(k)}" for k in silent)
        text = f"{junction_labels(silent)} answers no source: short circuit, or {meters} is not connected, or stuck"
        return Cause("wiring", tuple(silent), f"wiring: {text}")
    backwards = [k for k, row in enumerate(rows) if row < -NOTHING]
    if backwards:
        meters = ", ".join(f"voltmeter {junction_label(k)}" for k in backwards)
        return Cause("wiring", tuple(backwards), f"wiring: {meters} reads backwards: its leads are exchanged")
    changed = [k for k, row in enumerate(rows) if abs(row - 1) > max(AS_REFERENCE, found.tolerances[k])]
    if not changed:
        return None
    by = ", ".join(f"{junction_label(k)} by {rows[k]:.3g}" for k in changed)
    return Cause("junction", tuple(changed), f"answers of {by} of what references say: junction, or its voltmeter")
