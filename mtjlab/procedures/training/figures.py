"""The figures of a training."""

from collections.abc import Iterator
from typing import Any

from matplotlib.figure import Figure

from mtjlab.figures.confusion import confusion_figure
from mtjlab.figures.courses import control_currents_figure, recognition_figure
from mtjlab.figures.maps import SwitchingMaps, map_figure, maps_figure
from mtjlab.figures.overview import overview
from mtjlab.figures.resistance_curves import resistance_curves
from mtjlab.figures.tokens import inputs_figure
from mtjlab.palette import class_styles
from mtjlab.procedures.kind import Run
from mtjlab.procedures.swept import record_of
from mtjlab.run_state import RunState

PAPER_STEPS = (0, 10, 20)
"""Steps whose maps the paper shows, beside the last."""


def training_figures(run: Run[Any]) -> Iterator[tuple[str, Figure]]:
    """Name and picture of each, as far as there is something to draw."""
    record = record_of(run)
    state = record.state
    if record.sweep:
        yield "resistance-curves", resistance_curves(record)
    if state.step > 0:
        yield "control-currents", control_currents_figure(state.controls_by_step)
    if state.encoded is None:
        return
    styles = class_styles(sorted({token.label for token in state.encoded.tokens}))
    yield "inputs", inputs_figure(state.encoded.tokens, styles)
    if state.recognition:
        yield "recognition", recognition_figure(state.recognition, len(styles), state.warm)
        yield "confusion", confusion_figure(state.recognition[-1], list(styles))
    if state.measured is not None and len(state.encoded.tokens[0].inputs_ua) == 2:
        maps = SwitchingMaps(
            state.measured.of_input,
            tuple(state.controls_by_step),
            state.encoded.encoding,
            state.encoded.tokens,
            styles,
        )
        yield from _map_figures(maps, state)


def _map_figures(maps: SwitchingMaps, state: RunState) -> Iterator[tuple[str, Figure]]:
    steps = sorted({step for step in PAPER_STEPS if step < state.step} | {state.step})
    shown = maps.shown(steps)
    for step in steps:
        yield f"map-step-{step:03}", map_figure(maps, step, shown)
    yield "maps", maps_figure(maps, steps, shown)
    if state.recognition and state.step > 0:
        yield "overview", overview(maps, shown, state.recognition)
