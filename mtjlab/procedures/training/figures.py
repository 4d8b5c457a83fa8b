"""Figures of a training."""

from collections.abc import Iterator
from typing import Any

from matplotlib.figure import Figure

from mtjlab.analysis.rest import critical_when_presented
from mtjlab.figures.maps import SwitchingMaps, map_figure, maps_figure
from mtjlab.figures.resistance_curves import resistance_curves
from mtjlab.figures.tokens import inputs_figure
from mtjlab.palette import class_styles
from mtjlab.procedures.kind import Run
from mtjlab.procedures.swept import record_of
from mtjlab.procedures.training.confusion_figure import confusion_figure
from mtjlab.procedures.training.courses_figure import control_currents_figure, recognition_figure
from mtjlab.procedures.training.overview_figure import overview
from mtjlab.procedures.training.state import TrainingState, training_state

PAPER_STEPS = (0, 10, 20)
"""Steps whose maps the paper shows, besides the last."""


def training_figures(run: Run[Any]) -> Iterator[tuple[str, Figure]]:
    """Name and content of each figure for which there is data."""
    record = record_of(run)
    learnt, measured = training_state(record.state.kind_state), record.state.measured
    if record.sweep:
        learnt_ua = learnt.controls.by_input_ua[0] if learnt.controls and learnt.step > 0 else None
        yield "resistance-curves", resistance_curves(record, learnt_ua)
    if learnt.step > 0:
        yield "control-currents", control_currents_figure(learnt.controls_by_step)
    if learnt.encoded is None:
        return
    encoding, tokens = learnt.encoded.encoding, learnt.encoded.tokens
    styles = class_styles(sorted({token.label for token in tokens}))
    yield "inputs", inputs_figure(tokens, styles)
    if learnt.recognition:
        yield "recognition", recognition_figure(learnt.recognition, len(styles), learnt.warm)
        yield "confusion", confusion_figure(learnt.recognition[-1], list(styles))
    if measured is not None and len(tokens[0].inputs_ua) == 2:
        critical = critical_when_presented(measured.critical, run.config.presentation)
        maps = SwitchingMaps(lambda _: critical, tuple(learnt.controls_by_step), encoding, tokens, styles)
        yield from _map_figures(maps, learnt)


def _map_figures(maps: SwitchingMaps, learnt: TrainingState) -> Iterator[tuple[str, Figure]]:
    steps = sorted({step for step in PAPER_STEPS if step < learnt.step} | {learnt.step})
    shown = maps.shown(steps)
    for step in steps:
        yield f"map-step-{step:03}", map_figure(maps, step, shown)
    yield "maps", maps_figure(maps, steps, shown)
    if learnt.recognition and learnt.step > 0:
        yield "overview", overview(maps, shown, learnt.recognition)
