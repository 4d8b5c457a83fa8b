"""Draws all figures of a run into its folder."""

from collections.abc import Iterator
from pathlib import Path

from matplotlib.figure import Figure

from mtjlab.figures.confusion import confusion_figure
from mtjlab.figures.courses import control_currents_figure, recognition_figure
from mtjlab.figures.maps import SwitchingMaps, map_figure, maps_figure
from mtjlab.figures.measuring import measuring_figures
from mtjlab.figures.overview import overview
from mtjlab.figures.record import RunRecord, read_record, unfinished
from mtjlab.figures.resistance_curves import resistance_curves
from mtjlab.figures.saving import save_figures
from mtjlab.figures.tokens import inputs_figure
from mtjlab.palette import class_styles
from mtjlab.run_state import RunState

PAPER_STEPS = (0, 10, 20)
"""Steps whose maps the paper shows, beside the last."""


def draw_figures(folder: Path) -> list[Path]:
    """Draw every figure that the run in ``folder`` has data for, as PNG and SVG, into its ``figures``.

    Raises:
        RefusedError: ``folder`` is no run folder, its journal is damaged, nothing was measured in it yet, or the
            figures cannot be written.
    """
    record = read_record(folder)
    return save_figures(folder, record.started, _figures(record), unfinished(record))


def _figures(record: RunRecord) -> Iterator[tuple[str, Figure]]:
    """Name and picture of each figure, one at a time."""
    if record.measuring is None:
        return _training_figures(record)
    return measuring_figures(record, record.measuring)


def _training_figures(record: RunRecord) -> Iterator[tuple[str, Figure]]:
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
            state.measured.critical,
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
