"""An adaptive map: each input is probed only where junctions switch, and where an outcome tells most."""

from collections.abc import Sequence
from itertools import pairwise

from mtjlab.analysis.adaptive import AdaptiveSearch, Probe
from mtjlab.analysis.critical import CriticalEstimate, Estimate, NotDetermined
from mtjlab.analysis.legs import Course, Passage
from mtjlab.analysis.probes import probe_passage
from mtjlab.bench import Bench
from mtjlab.config import MapAsked, PlanConfig
from mtjlab.counted import counted
from mtjlab.detection.detector import reading_input_ua
from mtjlab.domain import Interval, PerJunction, Reading
from mtjlab.events import JunctionsMeasured, Probed, ProbeStep, SeriesMeasured
from mtjlab.procedures.curves import hold
from mtjlab.procedures.doubts import Doubts
from mtjlab.procedures.look import Observer
from mtjlab.procedures.types import Procedure


def probe_all(
    bench: Bench, config: PlanConfig, asked: MapAsked, measured: JunctionsMeasured, known: Sequence[Probed]
) -> Procedure[tuple[tuple[SeriesMeasured, ...], int]]:
    """Probe one input after the other until every critical input is known as well as asked; returns the readings, too.

    A junction that is not known as well after ``asked.most_probes`` is not determined: one that switches where it
    cannot be read would be probed for ever.

    Raises:
        LimitExceededError: control currents outside the limits; nothing was written.
        BenchFaultError: the junctions cannot be reset.
    """
    series, readings = [], 0
    for j in range(len(asked.controls_ua)):
        before = [probe for probe in known if probe.series == j]
        measured_row, taken = yield from _probe_input(bench, config, asked, measured, before, j)
        series.append(measured_row)
        readings += taken
    return tuple(series), readings


def passages_of(probe: Probed, junctions: int) -> tuple[Passage, ...]:
    """What a probe tells of each junction, in inputs."""
    courses = _courses(probe.steps)
    return tuple(probe_passage(courses, [step.verdicts[k] for step in probe.steps]) for k in range(junctions))


def _probe_input(
    bench: Bench,
    config: PlanConfig,
    asked: MapAsked,
    measured: JunctionsMeasured,
    known: Sequence[Probed],
    series: int,
) -> Procedure[tuple[SeriesMeasured, int]]:
    row_ua, probes, doubts = asked.controls_ua[series], list(known), Doubts(bench, measured.references)
    search = _search(config, asked, known, series)
    wanted = _next(search, probes, asked)
    if wanted is not None:
        observer = Observer(bench, measured.references, config.detector, config.presentation)
        yield from hold(bench, row_ua, series)
        yield from observer.demand_reset()
    while wanted is not None:
        probes.append(_probe(observer, measured, wanted, series))
        yield probes[-1]
        if probes[-1].reset:
            yield from doubts.look_into(probes[-1].reset_readings[-1])
        else:
            yield from observer.demand_reset()
        search = search.told(passages_of(probes[-1], len(row_ua)))
        wanted = _next(search, probes, asked)
    return SeriesMeasured(row_ua, _found(search, row_ua), ()), sum(probe.readings for probe in probes)


def probed_series(config: PlanConfig, asked: MapAsked, probes: Sequence[Probed]) -> tuple[SeriesMeasured, ...]:
    """Critical currents that ``probes`` tell, for each input."""
    series = []
    for j, row_ua in enumerate(asked.controls_ua):
        search = _search(config, asked, [probe for probe in probes if probe.series == j], j)
        series.append(SeriesMeasured(row_ua, _found(search, row_ua), ()))
    return tuple(series)


def probed_so_far(config: PlanConfig, asked: MapAsked, probes: Sequence[Probed]) -> tuple[SeriesMeasured, ...]:
    """What ``probes`` of a map that was broken off tell, however little; nothing of an input that was not probed."""
    series = []
    for j, row_ua in enumerate(asked.controls_ua):
        of_input = [probe for probe in probes if probe.series == j]
        estimates = _search(config, asked, of_input, j).estimates() if of_input else ()
        series.append(SeriesMeasured(row_ua, _as_currents(estimates, row_ua), ()))
    return tuple(series)


def _search(config: PlanConfig, asked: MapAsked, known: Sequence[Probed], series: int) -> AdaptiveSearch:
    """The search of one input, with what is known of it already."""
    junctions = len(asked.controls_ua[series])
    inputs = Interval(asked.staircase.input_start_ua, asked.staircase.input_stop_ua)
    search = AdaptiveSearch.start(junctions, inputs, asked.width_ua)
    for probe in known:
        search = search.told(passages_of(probe, junctions))
    return search


def _next(search: AdaptiveSearch, probes: Sequence[Probed], asked: MapAsked) -> Probe | None:
    return search.next_probe() if len(probes) < asked.most_probes else None


def _probe(observer: Observer, measured: JunctionsMeasured, probe: Probe, series: int) -> Probed:
    bench = observer.bench
    hold_s = max(0.0, probe.dwell_s - observer.detector.samples * bench.description.aperture_s)  # reading holds it, too
    steps = tuple([_step(observer, measured, input_ua, hold_s) for input_ua in probe.inputs_ua])
    bench.idle()
    reset: list[Reading] = []
    look = observer.look(reset)
    return Probed(bench.time_s, series, steps, tuple(reset), look.verdicts)


def _step(observer: Observer, measured: JunctionsMeasured, input_ua: float, hold_s: float) -> ProbeStep:
    """Apply an input and read the states, at a lower input where a junction is in the dead band."""
    bench = observer.bench
    applied_s = bench.time_s
    bench.apply(input_ua)
    bench.hold(hold_s)
    lower_ua = reading_input_ua(bench.controls_ua, input_ua, measured.critical, observer.detector)
    read_at_ua = input_ua if lower_ua is None else lower_ua
    until_s = bench.time_s
    if read_at_ua != input_ua:
        bench.apply(read_at_ua)
    readings: list[Reading] = []
    look = observer.look(readings)
    if read_at_ua == input_ua:
        until_s = readings[-1].t_s - bench.description.aperture_s / 2
    return ProbeStep(input_ua, applied_s, round(until_s, 6), tuple(readings), look.verdicts)


def _courses(steps: Sequence[ProbeStep]) -> tuple[Course, ...]:
    """What was carried from one moment that a reading shows to the next, in inputs."""
    first, *_ = steps
    courses = [Course((first.input_ua,), (first.until_s - first.applied_s,))]
    for before, step in pairwise(steps):
        inputs_ua = before.readings[-1].input_ua, step.input_ua
        courses.append(Course(inputs_ua, (step.applied_s - before.until_s, step.until_s - step.applied_s)))
    return tuple(courses)


def _found(search: AdaptiveSearch, row_ua: PerJunction) -> tuple[Estimate, ...]:
    """Critical currents, as far as they are known as well as asked."""
    estimates = [_unknown(search, k) if k in search.wanting else one for k, one in enumerate(search.estimates())]
    return _as_currents(estimates, row_ua)


def _as_currents(estimates: Sequence[Estimate], row_ua: PerJunction) -> tuple[Estimate, ...]:
    """Critical inputs as critical junction currents; none at all if there are no estimates."""
    return tuple(
        one.shifted(control) if isinstance(one, CriticalEstimate) else one
        for one, control in zip(estimates, row_ua, strict=False)
    )


def _unknown(search: AdaptiveSearch, junction: int) -> NotDetermined:
    belief = search.beliefs[junction]
    known = belief.known.mean_interval
    return NotDetermined(
        f"after {counted(len(belief.passages), 'probe')} its critical input is only known to lie between "
        f"{known.low_ua:.1f} and {known.high_ua:.1f} uA, not as well as asked. It may switch where it cannot be read, "
        "near zero junction current: move its control current, ask for a larger width, or for more probes."
    )
