"""Figures of a training."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from mtjlab.analysis.rest import critical_when_presented
from mtjlab.figures.maps import SwitchingMaps, map_figure, maps_figure
from mtjlab.figures.named import NamedFigure
from mtjlab.figures.record import RunRecord
from mtjlab.figures.resistance_curves import resistance_curves
from mtjlab.figures.tokens import inputs_figure
from mtjlab.palette import class_styles
from mtjlab.procedures.kind import Run
from mtjlab.procedures.swept import record_of
from mtjlab.procedures.training.confusion_figure import confusion_figure
from mtjlab.procedures.training.courses_figure import control_currents_figure, recognition_figure
from mtjlab.procedures.training.expected import ExpectedRates
from mtjlab.procedures.training.overview_figure import overview
from mtjlab.procedures.training.state import TrainingState, training_state
from mtjlab.procedures.training.thresholds_figure import drift_figure, thresholds_figure

PAPER_STEPS = (0, 10, 20)
"""Steps whose maps the paper shows, besides the last."""


def training_figures(run: Run[Any]) -> Iterator[NamedFigure]:
    """Figures for which there is data. The overview has map, recognition and control currents in one."""
    record = record_of(run)
    learnt = training_state(record.state.kind_state)
    if record.sweep:
        junctions = len(record.sweep[0].reading.currents_ua)
        learnt_ua = learnt.controls.first_ua(junctions) if learnt.controls and learnt.step > 0 else None
        yield NamedFigure("resistance-curves", partial(resistance_curves, record, learnt_ua))
    if learnt.first_probes:
        yield NamedFigure("thresholds", partial(thresholds_figure, learnt.first_probes))
    if learnt.refreshed:
        yield NamedFigure("drift", partial(drift_figure, learnt.refreshed))
    of_map = list(_map_figures(record, learnt))
    has_overview = any(one.is_key for one in of_map)
    if learnt.step > 0:
        draw = partial(control_currents_figure, learnt.controls_by_step)
        yield NamedFigure("control-currents", draw, is_key=not has_overview)
    if learnt.encoded is None:
        return
    styles = class_styles(sorted({token.label for token in learnt.encoded.tokens}))
    yield NamedFigure("inputs", partial(inputs_figure, learnt.encoded.tokens, styles))
    if learnt.recognition:
        draw = partial(
            recognition_figure, learnt.recognition, len(styles), learnt.warm, ExpectedRates().between(learnt)
        )
        yield NamedFigure("recognition", draw, is_key=not has_overview)
        yield NamedFigure("confusion", partial(confusion_figure, learnt.recognition[-1], list(styles)))
    yield from of_map


def _map_figures(record: RunRecord, learnt: TrainingState) -> Iterator[NamedFigure]:
    """Figures of the map at some steps; none unless there are two inputs."""
    measured, encoded = record.state.measured, learnt.encoded
    if measured is None or encoded is None or len(encoded.tokens[0].inputs_ua) != 2:
        return
    styles = class_styles(sorted({token.label for token in encoded.tokens}))
    critical = critical_when_presented(measured.critical, learnt.pulse_width_s)
    maps = SwitchingMaps(lambda _: critical, tuple(learnt.controls_by_step), encoded.encoding, encoded.tokens, styles)
    steps = sorted({step for step in PAPER_STEPS if step < learnt.step} | {learnt.step})
    shown = maps.shown(steps)
    for step in steps:
        yield NamedFigure(f"map-step-{step:03}", partial(map_figure, maps, step, shown))
    yield NamedFigure("maps", partial(maps_figure, maps, steps, shown))
    if learnt.recognition and learnt.step > 0:
        yield NamedFigure("overview", partial(overview, maps, shown, learnt.recognition), is_key=True)
