"""An adaptive map: each input is probed only where junctions switch, and where an outcome tells most."""

from collections.abc import Sequence
from itertools import pairwise

from mtjlab.analysis.adaptive import AdaptiveSearch, Probe
from mtjlab.analysis.critical import CriticalEstimate, NotDetermined
from mtjlab.analysis.legs import Passage
from mtjlab.analysis.probes import probe_passage
from mtjlab.bench import Bench
from mtjlab.config import MapAsked, PlanConfig
from mtjlab.detection.detector import reading_input_ua
from mtjlab.domain import Interval, PerJunction, Reading
from mtjlab.events import JunctionsMeasured, Probed, ProbeStep, SeriesMeasured
from mtjlab.procedures.curves import hold
from mtjlab.procedures.look import Observer
from mtjlab.procedures.types import Procedure


def probe_all(
    bench: Bench, config: PlanConfig, asked: MapAsked, measured: JunctionsMeasured, known: Sequence[Probed]
) -> Procedure[tuple[tuple[SeriesMeasured, ...], int]]:
    """Probe one input after the other until every critical input is known as well as asked; returns the readings, too.

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


def _probe_input(
    bench: Bench,
    config: PlanConfig,
    asked: MapAsked,
    measured: JunctionsMeasured,
    known: Sequence[Probed],
    series: int,
) -> Procedure[tuple[SeriesMeasured, int]]:
    row_ua = asked.controls_ua[series]
    search = _search(config, asked, known, series)
    readings = sum(len(probe.steps) + 1 for probe in known)
    observer = Observer(bench, measured.references, config.detector, config.presentation)
    yield from hold(bench, row_ua, series)
    yield from observer.demand_reset()
    while (wanted := search.next_probe()) is not None:
        probed = _probe(observer, measured, wanted, series)
        yield probed
        yield from observer.demand_reset()
        search, readings = search.told(_passages(probed, len(row_ua))), readings + len(probed.steps) + 1
    return SeriesMeasured(row_ua, _as_currents(search, row_ua), ()), readings


def probed_series(config: PlanConfig, asked: MapAsked, probes: Sequence[Probed]) -> tuple[SeriesMeasured, ...]:
    """Critical currents that ``probes`` tell, for each input."""
    series = []
    for j, row_ua in enumerate(asked.controls_ua):
        search = _search(config, asked, [probe for probe in probes if probe.series == j], j)
        series.append(SeriesMeasured(row_ua, _as_currents(search, row_ua), ()))
    return tuple(series)


def _search(config: PlanConfig, asked: MapAsked, known: Sequence[Probed], series: int) -> AdaptiveSearch:
    """The search of one input, with what is known of it already."""
    junctions = len(asked.controls_ua[series])
    inputs = Interval(asked.staircase.input_start_ua, asked.staircase.input_stop_ua)
    search = AdaptiveSearch.start(junctions, inputs, asked.width_ua, config.presentation.dwell_s)
    for probe in known:
        search = search.told(_passages(probe, junctions))
    return search


def _probe(observer: Observer, measured: JunctionsMeasured, probe: Probe, series: int) -> Probed:
    bench, steps = observer.bench, []
    began_s = bench.time_s
    for input_ua in probe.inputs_ua:
        bench.apply(input_ua)
        bench.hold(probe.dwell_s)
        steps.append(_read(observer, measured, input_ua))
    bench.idle()
    return Probed(bench.time_s, series, began_s, tuple(steps))


def _read(observer: Observer, measured: JunctionsMeasured, input_ua: float) -> ProbeStep:
    """The states at an input, read at a lower one where a junction is in the dead band."""
    bench = observer.bench
    read_at_ua = reading_input_ua(bench.controls_ua, input_ua, measured.critical, observer.detector)
    until_s = bench.time_s
    if read_at_ua is not None and read_at_ua != input_ua:
        bench.apply(read_at_ua)
    readings: list[Reading] = []
    look = observer.look(readings)
    stood = read_at_ua is None or read_at_ua == input_ua
    if stood:
        until_s = readings[-1].t_s - bench.description.aperture_s / 2
    return ProbeStep(input_ua, round(until_s, 6), readings[-1], look.verdicts)


def _passages(probe: Probed, junctions: int) -> tuple[Passage, ...]:
    inputs_ua = [step.input_ua for step in probe.steps]
    ends_s = [probe.began_s, *(step.until_s for step in probe.steps)]
    held_s = [end - start for start, end in pairwise(ends_s)]
    return tuple(probe_passage(inputs_ua, held_s, [step.verdicts[k] for step in probe.steps]) for k in range(junctions))


def _as_currents(search: AdaptiveSearch, row_ua: PerJunction) -> tuple[CriticalEstimate | NotDetermined, ...]:
    estimates = search.estimates()
    return tuple(
        one.shifted(control) if isinstance(one, CriticalEstimate) else one
        for one, control in zip(estimates, row_ua, strict=True)
    )
