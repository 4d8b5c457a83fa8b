"""Check a twin against a run that it was not fitted to: thresholds, cells of a map, recognition."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import scipy

from mtjlab.analysis.switching_map import count_probabilities
from mtjlab.analysis.twin import NOT_KNOWN_UA, SECONDS_PER_H, ChipLaws, TwinFit
from mtjlab.arrays import FloatArray
from mtjlab.config import SimulatedBenchConfig, read_bench
from mtjlab.domain import PerJunction, SwitchingConfiguration, junction_label
from mtjlab.errors import RefusedError
from mtjlab.events import InputOutcome, Presented, Purpose, TokensEncoded
from mtjlab.experiment.twin_bench import fit_in
from mtjlab.experiment.twin_fit import ReadRun, fitted_laws, read_run
from mtjlab.reading import read_events

REJECTED_BELOW = 0.01
DRAWS = 2000
LEAST = 1e-300
LEAST_PRESENTATIONS = 30
UNSURE = 0.05, 0.95
"""Cells with probabilities between tell something; the others say the same whatever the chip."""
FEWEST_CELLS = 8
FEWEST_SWITCHES = 3
SHOWN = 5
"""Cells that differ most."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that was predicted and measured: values, and by how many standard deviations they differ."""

    what: str
    twin: float
    run: float
    deviations: float


@dataclass(frozen=True, slots=True)
class Test:
    """Probability of differences as large as seen, if the chip is as its twin; and what differs most."""

    name: str
    p_value: float
    number: int
    differences: tuple[Difference, ...]


def check_twin(file: Path, folder: Path, seed: int = 0) -> dict[str, Any]:
    """Compare the twin in ``file`` with the run in ``folder``; returns what ``--json`` prints.

    Raises:
        RefusedError: the file is no twin, the run is of another chip, was fitted, or tells nothing to compare.
    """
    bench = read_bench(file)
    if not isinstance(bench, SimulatedBenchConfig) or bench.twin is None:
        raise RefusedError(f"{file}: is no twin. `mtjlab twin fit RUN... --out FILE` makes one.")
    run, twin = read_run(folder), fit_in(bench, bench.twin)
    _demand_of_chip(file, folder, bench, run)
    tests = [
        test
        for test in (
            _thresholds(twin, run),
            _cells(twin, folder, seed),
            _recognition(twin, folder, seed),
        )
        if test is not None
    ]
    if not tests:
        raise RefusedError(
            f"{folder}: tells nothing that a twin predicts: no junction was seen to switch. Give a sweep, a map, a "
            "training or a classification."
        )
    p_value = min(1.0, len(tests) * min(test.p_value for test in tests))
    most = max((one for test in tests for one in test.differences), key=lambda one: abs(one.deviations), default=None)
    return {
        "twin": str(file),
        "run": str(folder),
        "p_value": p_value,
        "rejected": p_value < REJECTED_BELOW,
        "differs_most": asdict(most) if most else None,
        "tests": [asdict(test) for test in tests],
    }


def _demand_of_chip(file: Path, folder: Path, bench: SimulatedBenchConfig, run: ReadRun) -> None:
    assert bench.twin is not None
    if run.name in bench.twin.runs:
        raise RefusedError(f"{folder}: the twin {file} was fitted to this run. Give one that it has not seen.")
    if (run.bench.device.name, run.simulated) != (bench.twin.of, bench.twin.of_simulated):
        raise RefusedError(
            f"{folder}: is a run of the {'simulated' if run.simulated else 'real'} chip {run.bench.device.name!r}; "
            f"{file} is a twin of the {'simulated' if bench.twin.of_simulated else 'real'} chip {bench.twin.of!r}."
        )


def _thresholds(twin: TwinFit, run: ReadRun) -> Test | None:
    """Means and spreads that the run alone tells, beside those of the twin, with what is uncertain of both."""
    found = fitted_laws(run)
    if found is None:
        return None
    fit, trials = found
    t_h = float(np.median([one.t_h for one in run.seen]))
    ours, theirs = _at(twin, t_h), _at(fit, t_h)
    places, names = [], []
    for k, switches in enumerate(trials.switches):
        for way, name in enumerate(("AP -> P", "P -> AP")):
            errors = fit.mean_errors_ua(k)[way], twin.mean_errors_ua(k)[way]
            if switches[way] >= FEWEST_SWITCHES and max(errors) < NOT_KNOWN_UA:
                places.append(3 * k + way)
                names.append(f"{junction_label(k)} {name}, critical current (uA)")
    if not places:
        return None
    difference = (theirs[0] - ours[0])[places]
    covariance = (ours[1] + theirs[1])[np.ix_(places, places)]
    chi_square = float(difference @ np.linalg.pinv(covariance, hermitian=True) @ difference)
    deviations = difference / np.sqrt(np.diag(covariance))
    rows = zip(names, ours[0][places], theirs[0][places], deviations, strict=True)
    differences = tuple(Difference(name, *map(float, values)) for name, *values in rows)
    return Test("thresholds", float(scipy.stats.chi2.sf(chi_square, len(places))), len(places), differences)


def _at(fit: TwinFit, t_h: float) -> tuple[FloatArray, FloatArray]:
    """Means and log spreads of all junctions at a bench time, and their covariance."""
    n, drifts = fit.layout.junctions, fit.layout.drifts
    to_then = np.zeros((3 * n, fit.layout.size))
    to_then[:, : 3 * n] = np.eye(3 * n)
    for k in range(n if drifts else 0):
        to_then[3 * k : 3 * k + 2, 3 * n + min(k, drifts - 1)] = t_h
    return to_then @ fit.values, to_then @ fit.covariance @ to_then.T


@dataclass(frozen=True, slots=True)
class _Plane:
    """Presentations at the same control currents: what was seen of each pair of inputs, held for ``held_s``."""

    controls_ua: tuple[PerJunction, ...]
    held_s: float
    t_h: float
    cells: Mapping[tuple[float, ...], Sequence[Presented]]

    @classmethod
    def of(cls, controls_ua: tuple[PerJunction, ...], presented: Sequence[Presented]) -> "_Plane":
        cells: dict[tuple[float, ...], list[Presented]] = defaultdict(list)
        for one in presented:
            cells[one.token.inputs_ua].append(one)
        outcomes = [outcome for one in presented for outcome in one.outcomes]
        held_s = float(np.mean([one.held_s if one.pulse is None else one.pulse.given.width_s for one in outcomes]))
        return cls(
            controls_ua, held_s, float(np.mean([one.readings[0].t_s for one in outcomes])) / SECONDS_PER_H, cells
        )

    def probabilities(self, chips: Sequence[ChipLaws]) -> list[FloatArray]:
        """Of each input: probability [draw, cell, N+1] of each number of junctions that switch."""
        inputs_ua = np.array(list(self.cells))
        return [self._along(chips, row_ua, inputs_ua[:, j]) for j, row_ua in enumerate(self.controls_ua)]

    def _along(self, chips: Sequence[ChipLaws], row_ua: PerJunction, inputs_ua: FloatArray) -> FloatArray:
        different_ua, which = np.unique(inputs_ua, return_inverse=True)
        of_different = np.array(
            [
                count_probabilities(
                    [law.shifted(-control) for law, control in zip(chip.laws(self.t_h), row_ua, strict=True)],
                    different_ua,
                    self.held_s,
                )
                for chip in chips
            ]
        )
        along: FloatArray = of_different[:, which]
        return along


def _planes(folder: Path, purpose: Purpose) -> list[_Plane]:
    """Presentations that gave a configuration, by their control currents, in order of time."""
    by_controls: dict[tuple[PerJunction, ...], list[Presented]] = defaultdict(list)
    for event in read_events(folder):
        if isinstance(event, Presented) and event.purpose == purpose and event.configuration and not event.disturbed:
            by_controls[tuple(map(_controls_ua, event.outcomes))].append(event)
    return [_Plane.of(controls_ua, presented) for controls_ua, presented in by_controls.items()]


def _controls_ua(outcome: InputOutcome) -> PerJunction:
    if outcome.pulse is not None:
        return outcome.pulse.controls_ua
    return tuple(round(one, 6) for one in outcome.readings[0].controls_ua)


def _cells(twin: TwinFit, folder: Path, seed: int) -> Test | None:
    """Whether randomised probability integral transforms of the cells of a map are uniform (Kolmogorov-Smirnov).

    Of a cell with predicted probability P of its most probable configuration, seen k times of n: F(k - 1) + u f(k) with
    u uniform, where F and f are those of a binomial with P, averaged over what is uncertain of the twin. Cells share
    thresholds, and so their errors: each is predicted from the twin and the cells before it, which makes transforms
    independent. Sources: Czado, Gneiting & Held, Biometrics 65, 1254 (2009); Dawid, J. R. Stat. Soc. A 147, 278 (1984).
    """
    rng = np.random.default_rng([seed, 0x9117])
    chips = twin.drawn(DRAWS, rng)
    found = [one for plane in _planes(folder, "map") for one in _seen_cells(plane, chips)]
    if len(found) < FEWEST_CELLS:
        return None
    p_value = float(scipy.stats.kstest(_transforms(found, rng), "uniform").pvalue)
    most = sorted((one.difference for one in found), key=lambda one: -abs(one.deviations))[:SHOWN]
    return Test("cells of a map", p_value, len(found), tuple(most))


class _SeenCell(NamedTuple):
    """A cell that tells something: drawn probabilities [D] of its configuration, seen ``k`` times of ``n``."""

    drawn: FloatArray
    k: int
    n: int
    difference: Difference


def _seen_cells(plane: _Plane, chips: Sequence[ChipLaws]) -> Iterator[_SeenCell]:
    by_input = plane.probabilities(chips)
    for place, (inputs_ua, presented) in enumerate(plane.cells.items()):
        mode = tuple(int(np.argmax(one[:, place].mean(axis=0))) for one in by_input)
        drawn: FloatArray = np.prod([one[:, place, count] for one, count in zip(by_input, mode, strict=True)], axis=0)
        expected, n = float(drawn.mean()), len(presented)
        if n < LEAST_PRESENTATIONS or not UNSURE[0] < expected < UNSURE[1]:
            continue
        k = sum(one.configuration is not None and one.configuration.counts == mode for one in presented)
        deviations = float((k / n - expected) / np.sqrt(expected * (1 - expected) / n + drawn.var()))
        at = ", ".join(f"{one:g}" for one in inputs_ua)
        what = f"cell ({at}) uA, share of {SwitchingConfiguration(mode)}"
        yield _SeenCell(drawn, k, n, Difference(what, expected, k / n, deviations))


def _transforms(cells: Sequence[_SeenCell], rng: np.random.Generator) -> list[float]:
    logs, found = np.zeros(DRAWS), []
    for cell in cells:
        weights = np.exp(logs - logs.max())
        weights /= weights.sum()
        seen = scipy.stats.binom.pmf(cell.k, cell.n, cell.drawn)
        below = float(weights @ scipy.stats.binom.cdf(cell.k - 1, cell.n, cell.drawn))
        found.append(below + rng.uniform() * float(weights @ seen))
        logs += np.log(np.maximum(seen, LEAST))
    return found


def _recognition(twin: TwinFit, folder: Path, seed: int) -> Test | None:
    """The number of tokens recognised at the last measurement, beside the number that the twin expects."""
    planes, table = _planes(folder, "recognition"), _table_of(folder)
    if not planes or table is None:
        return None
    plane = planes[-1]
    by_input = plane.probabilities(twin.drawn(DRAWS, np.random.default_rng([seed, 0x4EC0])))
    shown = {
        label: sum(
            np.prod([one[:, :, count] for one, count in zip(by_input, counts, strict=True)], axis=0)
            for counts in configurations
        )
        for label, configurations in table.items()
    }
    expected, variance, right, number = np.zeros(DRAWS), np.zeros(DRAWS), 0, 0
    for place, presented in enumerate(plane.cells.values()):
        for event in presented:
            p = shown[event.token.label][:, place]
            expected, variance = expected + p, variance + p * (1 - p)
            right, number = right + (event.recognised_as == event.token.label), number + 1
    deviations = float((right - expected.mean()) / np.sqrt(variance.mean() + expected.var() + 1 / 12))
    p_value = float(2 * scipy.stats.norm.sf(abs(deviations)))
    difference = Difference("recognition rate", float(expected.mean()) / number, right / number, deviations)
    return Test("recognition", p_value, number, (difference,))


def _table_of(folder: Path) -> dict[str, list[tuple[int, ...]]] | None:
    """By class, the configurations that stand for it, as the run encoded them."""
    for event in read_events(folder):
        if isinstance(event, TokensEncoded):
            table: dict[str, list[tuple[int, ...]]] = defaultdict(list)
            for label, configuration in event.encoding.configurations:
                table[label].append(configuration.counts)
            return table
    return None
