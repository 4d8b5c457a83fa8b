"""Fit a twin to recorded runs: events of their journals -> trials and references -> a bench file."""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from mtjlab.analysis.legs import Leg, passages, seen_states
from mtjlab.analysis.pooled_references import FittedReference, PooledReference, fitted_references, pooled
from mtjlab.analysis.twin import SECONDS_PER_H, Seen, Trials, TwinFit, fit_laws
from mtjlab.config import BenchConfig, DetectorSettings, SimulatedBenchConfig, bench_of, plan_of_run
from mtjlab.counted import counted
from mtjlab.domain import junction_label
from mtjlab.errors import RefusedError, reason_of
from mtjlab.events import Event, FieldSet, JunctionsMeasured, Phase, RunStarted, SweepPoint, TakenOver
from mtjlab.experiment.twin_bench import twin_bench, twin_text
from mtjlab.reading import read_events
from mtjlab.store import REQUEST, read_request
from mtjlab.whole_files import put

FIELD_DECIMALS = 1
"""Of a field in mT: what differs by less is one field."""


@dataclass(frozen=True, slots=True)
class ReadRun:
    """What one run tells of a chip: its bench, passages, and the references that were fitted in it."""

    name: str
    bench: BenchConfig
    simulated: bool
    seen: tuple[Seen, ...]
    references: tuple[tuple[FittedReference, ...], ...]
    """Of each sweep, ``[junction]``."""


@dataclass(slots=True)
class _Reader:
    """Follows the events of one run."""

    number: int
    detector: DetectorSettings
    aperture_s: float
    seen: list[Seen] = field(default_factory=list)
    references: list[tuple[FittedReference, ...]] = field(default_factory=list)
    points: list[SweepPoint] = field(default_factory=list)
    field_mt: float | None = None
    fields_mt: set[float | None] = field(default_factory=set)
    """Fields in which junctions were seen."""

    def take(self, event: Event) -> None:
        """Add what an event tells; what a resumed run took over is told by the earlier run."""
        match event:
            case TakenOver():
                return
            case FieldSet():
                self.field_mt = round(event.field_mt, FIELD_DECIMALS)
            case SweepPoint(purpose="reference"):
                self.points.append(event)
            case JunctionsMeasured() if self.points:
                self._take_references(event)
        if evidence := event.evidence:
            self.fields_mt.add(self.field_mt)
            t_h = _time_s(event) / SECONDS_PER_H
            self.seen += [Seen(k, self.number, t_h, passage) for k, own in enumerate(evidence) for passage in own]

    def _take_references(self, measured: JunctionsMeasured) -> None:
        readings = [point.reading for point in self.points]
        legs: list[Leg] = [(point.repetition, point.rising) for point in self.points]
        t_h = readings[len(readings) // 2].t_s / SECONDS_PER_H
        states = seen_states(measured.references, readings, self.detector)
        found = passages(readings, states, legs, self.aperture_s)
        self.seen += [Seen(k, self.number, t_h, passage) for k, own in enumerate(found) for passage in own]
        self.references.append(fitted_references(measured.references, readings, states))
        self.points.clear()


def _time_s(event: Event) -> float:
    """Bench time of an event: its own, or that of its first reading."""
    own: float | None = getattr(event, "t_s", None)
    if own is not None:
        return own
    return next((phase.reading.t_s for phase in event.phases if isinstance(phase, Phase)), 0.0)


def read_run(folder: Path, number: int = 0) -> ReadRun:
    """Read what the run in ``folder`` tells of its chip; ``number``: its place among several.

    Raises:
        RefusedError: it cannot be read.
    """
    path, request = folder / REQUEST, read_request(folder)
    bench, config = bench_of(path, request.get("bench", {})), plan_of_run(path, request.get("plan", {}))
    reader, started = _Reader(number, config.detector, bench.aperture_s), None
    for event in read_events(folder):
        if isinstance(event, RunStarted):
            started = event
        reader.take(event)
    if started is None:
        raise RefusedError(f"{folder}: its journal does not say on which bench it ran. Give another run.")
    if len(reader.fields_mt) > 1:
        raise RefusedError(
            f"{folder}: its junctions were measured in several fields, and a twin holds for one. Give other runs."
        )
    return ReadRun(started.run, bench, started.bench.simulated, tuple(reader.seen), tuple(reader.references))


def fit_twin(folders: Sequence[Path], out: Path) -> dict[str, Any]:
    """Fit a twin to the runs in ``folders``, in order of time, and write its bench file; returns the result.

    Raises:
        RefusedError: runs are of different chips, or do not tell enough; or ``out`` exists, or cannot be written.
    """
    if os.path.lexists(out):
        raise RefusedError(f"{out}: exists already, and is not overwritten. Give another name with --out.")
    runs = [read_run(folder, number) for number, folder in enumerate(folders)]
    _demand_one_chip(folders, runs)
    fit, references = _fitted(runs)
    last = runs[-1]
    twin = twin_bench(
        last.bench, fit, references, [run.name for run in runs],
        datetime.now(UTC).isoformat(timespec="seconds"), last.simulated,
    )  # fmt: skip
    try:
        put(out, twin_text(twin).encode())
    except OSError as error:
        raise RefusedError(f"{out}: cannot be written ({reason_of(error)}). Give another path with --out.") from error
    return twin_json(twin, fit, references, out)


def _demand_one_chip(folders: Sequence[Path], runs: Sequence[ReadRun]) -> None:
    first = runs[0]
    for folder, run in zip(folders[1:], runs[1:], strict=True):
        device, junctions = run.bench.device.name, run.bench.junctions
        if (device, run.simulated, junctions) != (first.bench.device.name, first.simulated, first.bench.junctions):
            raise RefusedError(
                f"{folder}: is a run of {_chip(run)}, {folders[0]} one of {_chip(first)}. A twin is of one chip: give "
                "runs of the same."
            )


def _chip(run: ReadRun) -> str:
    kind = "a simulated" if run.simulated else "the real"
    return f"{kind} chip {run.bench.device.name!r} with {counted(run.bench.junctions, 'junction')}"


def _fitted(runs: Sequence[ReadRun]) -> tuple[TwinFit, list[PooledReference]]:
    junctions = runs[0].bench.junctions
    sweeps = [sweep for run in runs for sweep in run.references]
    if not sweeps:
        raise RefusedError(
            "None of these runs measured references: they used a calibration. Give the run that measured it too, "
            "such as the `mtjlab sweep`."
        )
    trials = Trials.of((one for run in runs for one in run.seen), junctions, len(runs))
    never = [junction_label(k) for k, (up, _) in enumerate(trials.switches) if not up]
    if never:
        raise RefusedError(
            f"In none of these runs {', '.join(never)} was seen to switch AP -> P. Give runs in which every junction "
            "does, such as a `mtjlab sweep`."
        )
    return fit_laws(trials), [pooled([sweep[k] for sweep in sweeps]) for k in range(junctions)]


def fitted_laws(run: ReadRun) -> tuple[TwinFit, Trials] | None:
    """Switching laws that one run alone tells; None if it saw no junction switch."""
    trials = Trials.of(run.seen, run.bench.junctions, 1)
    return (fit_laws(trials), trials) if any(map(any, trials.switches)) else None


def twin_json(
    twin: SimulatedBenchConfig, fit: TwinFit, references: Sequence[PooledReference], out: Path
) -> dict[str, Any]:
    """Parameters of the twin with standard deviations, as ``--json`` prints them."""
    assert twin.twin is not None
    drifts = fit.chip.drift_ua_per_h
    common = float(np.mean(drifts)) if fit.layout.drifts else None
    return {
        "twin": str(out),
        "of": twin.twin.of,
        "of_simulated": twin.twin.of_simulated,
        "runs": list(twin.twin.runs),
        "junctions": [
            _junction_json(fit, reference, k, drifts[k] - (common or 0.0)) for k, reference in enumerate(references)
        ],
        "common_drift_ua_per_h": common,
        "meter_noise_mv": twin.simulation.meter_noise_mv,
        "not_seen": list(twin.twin.not_seen),
    }


def _junction_json(fit: TwinFit, reference: PooledReference, k: int, own_drift: float) -> dict[str, Any]:
    chip, law = fit.chip, reference.law
    up_error, down_error = fit.mean_errors_ua(k)
    names = "resistance_parallel_ohm", "tmr", "half_bias_mv", "bias_conductance_per_v2", "offset_mv"
    values = law.r_p_ohm, law.tmr, law.half_bias_mv, law.bias_per_v2, reference.offset_mv
    resistance: Iterator[tuple[str, tuple[float, float]]] = zip(
        names, zip(values, reference.errors.tolist(), strict=True), strict=True
    )
    switching: Iterable[tuple[str, tuple[float, float]]] = (
        ("critical_current_ap_to_p_ua", (chip.up_ua[k], up_error)),
        ("critical_current_p_to_ap_ua", (chip.down_ua[k], down_error)),
        ("critical_spread_ua", (chip.spread_ua[k], fit.spread_error_ua(k))),
    )
    found = {name: {"value": value, "error": error} for name, (value, error) in (*switching, *resistance)}
    return {"junction": junction_label(k), **found, "own_drift_ua_per_h": own_drift}
