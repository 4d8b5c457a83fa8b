"""Figure of a commissioning: noise against aperture, and steps of sources."""

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from mtjlab.analysis.apertures import MeterNoise
from mtjlab.domain import junction_label
from mtjlab.figures.named import NamedFigure
from mtjlab.figures.style import ORIGIN_HEIGHT_IN
from mtjlab.palette import junction_colours
from mtjlab.procedures.commission.events import Commissioned, SourceStepped

MS, UV = 1e3, 1e3
HEIGHT_IN = 3.0
ORIGIN_SHARE = ORIGIN_HEIGHT_IN / HEIGHT_IN
"""Of the height, for the line that says where the figure comes from."""


def commission_figures(done: Commissioned | None, stepped: Sequence[SourceStepped]) -> Iterator[NamedFigure]:
    """Figures for which there is data."""
    if done is not None:
        yield NamedFigure("commissioning", partial(instruments_figure, done, stepped), is_key=True)


def instruments_figure(done: Commissioned, stepped: Sequence[SourceStepped]) -> Figure:
    """Scatter of a sample against its aperture, for each voltmeter; the mean step of each source."""
    figure = Figure(
        figsize=(6.8, HEIGHT_IN), layout=ConstrainedLayoutEngine(rect=(0.0, ORIGIN_SHARE, 1.0, 1.0 - ORIGIN_SHARE))
    )
    noise, steps = figure.subplots(1, 2)
    colours = junction_colours(len(done.meters))
    apertures_s = np.geomspace(2e-4, 0.2, 300)
    for one in done.meters:
        colour, label = colours[one.meter], junction_label(one.meter)
        if one.white_mv_rt_s is not None and one.flicker_mv is not None and one.hum_mv is not None:
            model = MeterNoise(one.white_mv_rt_s, one.flicker_mv, one.hum_mv, done.line_hz)
            noise.plot(
                MS * apertures_s, [UV * model.scatter_mv(float(a)) for a in apertures_s], color=colour, linewidth=0.9
            )
        noise.plot([MS * one.aperture_s], [UV * one.noise_mv], "o", color=colour, markersize=3.5, label=label)
    noise.set(xscale="log", yscale="log", xlabel="aperture (ms)", ylabel="scatter of a sample (µV)")
    noise.legend(title="voltmeter")
    for source in range(len(done.sources)):
        own = [one for one in stepped if one.source == source and one.survey.samples_mv[source]]
        if own:
            values = np.mean([one.survey.samples_mv[source] for one in own], axis=0)
            begun = [one.survey.began_s - (one.began_s + one.set_s) / 2 for one in own]
            spacing = np.mean([(one.survey.t_s - one.survey.began_s) / len(values) for one in own])
            times = MS * (np.mean(begun) + spacing * (np.arange(len(values)) + 0.5))
            steps.plot(times, values, ".-", color=colours[source], markersize=3, label=junction_label(source))
    steps.set(xlabel="time after the setting (ms)", ylabel="voltage (mV)")
    steps.legend(title="source")
    return figure
