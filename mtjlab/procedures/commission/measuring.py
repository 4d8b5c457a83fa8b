"""What is known of instruments from the samples and the traffic of a commissioning."""

from collections.abc import Sequence
from statistics import mean, median

import numpy as np

from mtjlab.analysis.apertures import (
    NPLCS,
    MeterNoise,
    Scatter,
    settling_s,
    shortest_dwell_s,
    shortest_reading,
    smallest_jump_mv,
)
from mtjlab.analysis.settling import settling_of
from mtjlab.config import DetectorSettings, InstrumentBenchConfig
from mtjlab.detection.resistance import ResistanceLaw
from mtjlab.domain import Difference, LinkStudy, junction_label
from mtjlab.errors import BenchFaultError
from mtjlab.procedures.commission.events import (
    Commissioned,
    MeterMeasured,
    MetersSampled,
    SourceMeasured,
    SourceStepped,
)

TIMING_COUNTS = (7, 31)
"""Numbers of samples of readings that are timed; nothing else takes as many."""
MAINS_HZ = (50.0, 60.0)
NEAR = 0.06
"""A measured frequency this near is that of the mains: the two differ by 20 %."""
FEWEST_APERTURES = 3
MS = 1e3
SLOWER = 1.25
"""Settling is measured to some 10 %: slower than the bench file says only beyond this factor."""


def measured(
    t_s: float,
    bench: InstrumentBenchConfig,
    settings: DetectorSettings,
    nominal: ResistanceLaw,
    sampled: Sequence[MetersSampled],
    stepped: Sequence[SourceStepped],
    study: LinkStudy,
) -> Commissioned:
    """Everything that was measured, and what differs."""
    expected_hz = float(bench.link.line_frequency_hz)
    lines_hz = [_line_hz(f"voltmeter {label}", bench, study) for label in bench.labels]
    line_hz = _mains_hz(lines_hz, expected_hz)
    jump_mv = smallest_jump_mv([nominal] * bench.junctions, settings.dead_band_ua)
    meters = [
        _meter(
            k,
            [one for one in sampled if one.survey.samples_mv[k]],
            lines_hz[k],
            line_hz,
            expected_hz,
            jump_mv,
            settings,
        )
        for k in range(bench.junctions)
    ]
    sources = [
        _source(
            k,
            [one for one in stepped if one.source == k],
            bench.compliance_mv(label),
            meters[k].noise_mv,
            lines_hz[k],
            line_hz,
            expected_hz,
        )
        for k, label in enumerate(bench.labels)
    ]
    settling = [one for one in sources if one.settling_s is not None]
    reach_ua = max(-bench.limits.junction_current_min_ua, bench.limits.junction_current_max_ua)
    settle_s, slowest_s = _settling(settling, reach_ua, bench.timing.settle_s)
    readings_s = [one.reading_s for one in meters]
    uncertain_s = max((one.usual_s for one in study.messages), default=0.0) + slowest_s
    known = [one for one in readings_s if one is not None]
    dwell_s = shortest_dwell_s(uncertain_s, max(known)) if len(known) == len(readings_s) else None
    differences = [*study.differences]
    differences += [
        Difference(
            f"voltmeter {label}", "the line frequency", f"{expected_hz:g} Hz", f"{hz:.3g} Hz, by the time of a sample"
        )
        for label, hz in zip(bench.labels, lines_hz, strict=True)
        if hz is not None and abs(hz - expected_hz) > NEAR * expected_hz
    ]
    differences += [
        Difference(
            f"source {junction_label(one.source)}",
            "a step",
            f"settled within {MS * bench.timing.settle_s:.3g} ms",
            f"settled after {MS * one.settling_s:.3g} ms",
        )
        for one in sources
        if one.settling_s is not None and one.settling_s > SLOWER * bench.timing.settle_s + one.uncertain_s
    ]
    differences += [
        Difference(f"source {junction_label(one.source)}", "a step", "a step of voltage", "none")
        for one in sources
        if one.settling_s is None
    ]
    differences += [
        Difference(f"source {junction_label(one.source)}", "a few uA", "below its compliance", "at its compliance")
        for one in sources
        if one.limited
    ]
    return Commissioned(
        t_s, study.messages, tuple(sources), tuple(meters), line_hz, settle_s, dwell_s, tuple(differences)
    )


def _settling(settling: Sequence[SourceMeasured], reach_ua: float, present_s: float) -> tuple[float, float]:
    """Time to wait for sources, and the slowest time to 1 % that it allows for.

    What is known of a source is uncertain by how well the time of its setting is known. The present time is kept unless
    the sources surely settle sooner, or surely later.
    """
    longest_s = max(((one.settling_s or 0.0) + one.uncertain_s for one in settling), default=present_s)
    least_s = max((max(0.0, (one.settling_s or 0.0) - one.uncertain_s) for one in settling), default=0.0)
    sure_s = settling_s(longest_s, reach_ua)
    is_known = sure_s <= present_s or settling_s(least_s, reach_ua) > present_s
    return (sure_s, longest_s) if is_known else (present_s, min(longest_s, present_s))


def _line_hz(role: str, bench: InstrumentBenchConfig, study: LinkStudy) -> float | None:
    """Line frequency from how the duration of a reading goes with its number of samples: an integration each."""
    label = role.rpartition(" ")[-1]
    meter = bench.voltmeters[label]
    roles = {role, *[f"source {label}"] * (bench.sources[label].address == meter.address)}
    few_s, many_s = (
        min((one.took_s for one in study.readings if one.role in roles and one.samples == count), default=None)
        for count in TIMING_COUNTS
    )
    if few_s is None or many_s is None or many_s <= few_s:
        return None
    return meter.nplc * (TIMING_COUNTS[1] - TIMING_COUNTS[0]) / (many_s - few_s)


def _mains_hz(lines_hz: Sequence[float | None], expected_hz: float) -> float:
    """The mains that the voltmeters agree on; as the bench file says where they do not tell it."""
    told = [one for one in lines_hz if one is not None]
    near = [hz for hz in MAINS_HZ if told and abs(median(told) - hz) <= NEAR * hz]
    return near[0] if near else expected_hz


def _meter(
    meter: int,
    sampled: Sequence[MetersSampled],
    own_hz: float | None,
    line_hz: float,
    expected_hz: float,
    jump_mv: float,
    settings: DetectorSettings,
) -> MeterMeasured:
    by_aperture: dict[float, list[tuple[float, ...]]] = {}
    for one in sampled:
        aperture_s = one.apertures_s[meter] * expected_hz / line_hz
        by_aperture.setdefault(aperture_s, []).append(one.survey.samples_mv[meter])
    usual_s = next(iter(by_aperture), 0.0)
    usual = [value for samples in by_aperture.get(usual_s, []) for value in samples]
    offset_mv, noise_mv = (mean(usual), float(np.std(usual, ddof=1))) if len(usual) > 1 else (0.0, 0.0)
    plain = MeterMeasured(meter, usual_s, offset_mv, noise_mv, own_hz)
    if len(by_aperture) < FEWEST_APERTURES:
        return plain
    scatters = [_scatter(aperture_s, samples) for aperture_s, samples in by_aperture.items()]
    noise = MeterNoise.fit(scatters, line_hz)
    nplcs = [nplc for nplc in NPLCS if nplc >= min(by_aperture) * line_hz * (1 - 1e-9)]
    try:
        reading = shortest_reading(noise, jump_mv, nplcs, settings)
    except BenchFaultError:
        return MeterMeasured(
            meter, usual_s, offset_mv, noise_mv, own_hz, noise.white_mv_rt_s, noise.flicker_mv, noise.hum_mv
        )
    return MeterMeasured(
        meter,
        usual_s,
        offset_mv,
        noise_mv,
        own_hz,
        noise.white_mv_rt_s,
        noise.flicker_mv,
        noise.hum_mv,
        round(reading.aperture_s * line_hz, 6),
        reading.misjudged,
        reading.duration_s,
    )


def _scatter(aperture_s: float, readings: Sequence[Sequence[float]]) -> Scatter:
    """Scatter of all samples with one aperture, without the trend of each reading."""
    squares, freedoms, count = 0.0, 0, 0
    for samples in readings:
        times = np.arange(len(samples)) - (len(samples) - 1) / 2
        values = np.asarray(samples) - mean(samples)
        values = values - times * float(times @ values / (times @ times))
        squares += float(values @ values)
        freedoms += len(samples) - 2
        count += len(samples)
    return Scatter(aperture_s, float(np.sqrt(squares / max(freedoms, 1))), count)


def _source(
    source: int,
    stepped: Sequence[SourceStepped],
    compliance_mv: float,
    noise_mv: float,
    own_hz: float | None,
    line_hz: float,
    expected_hz: float,
) -> SourceMeasured:
    """Settling from the mean of all steps: each begins at nearly the same time before its first sample."""
    steps = [one for one in stepped if one.survey.samples_mv[source]]
    limited = any(bool(one.survey.limited[source]) for one in stepped)
    if not steps:
        return SourceMeasured(source, None, 0.0, compliance_mv, limited)
    samples_mv = np.mean([one.survey.samples_mv[source] for one in steps], axis=0)
    messages = source + 2  # its setting, and the triggers of all meters up to its own
    uncertain_s = messages * median([one.survey.began_s - one.began_s for one in steps])
    since_s = median([one.survey.began_s - (one.began_s + one.set_s) / 2 for one in steps])
    spacing_s = steps[0].aperture_s * expected_hz / (own_hz or expected_hz)
    found = settling_of([float(value) for value in samples_mv], since_s, spacing_s, line_hz)
    seen = abs(found.step_mv) > 10.0 * max(noise_mv / np.sqrt(len(steps)), 1e-6)
    return SourceMeasured(source, found.settling_s if seen else None, uncertain_s, compliance_mv, limited)
