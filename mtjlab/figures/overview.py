"""A run at a glance: the map that was learnt, the recognition and the control currents."""

from collections.abc import Sequence

from matplotlib.figure import Figure

from mtjlab.domain import Interval
from mtjlab.events import RecognitionMeasured
from mtjlab.figures.courses import draw_control_currents, draw_recognition
from mtjlab.figures.maps import CAPTION, SwitchingMaps, draw_map
from mtjlab.figures.style import place_inside
from mtjlab.figures.tokens import add_token_legend


def overview(maps: SwitchingMaps, shown: Sequence[Interval], recognition: Sequence[RecognitionMeasured]) -> Figure:
    """The last map on the left; recognition and control currents for A and B on the right."""
    figure = Figure((11.0, 5.5))
    room = place_inside(figure, left=0.6, right=0.65, bottom=0.42, top=0.5)
    layout = {**room, "width_ratios": (1.25, 1), "wspace": 0.42, "hspace": 0.12, "height_ratios": (1.5, 1, 1)}
    grid = figure.add_gridspec(3, 2, **layout)
    step = len(maps.controls_by_step) - 1
    axes = figure.add_subplot(grid[:, 0])
    draw_map(axes, maps, step, shown, token_pt=4.2)
    axes.set_title(f"switching map at step {step}", pad=20)
    axes.set_title(CAPTION, loc="right", fontsize=6.5, style="italic", pad=20)
    add_token_legend(axes, maps.styles, beside=1.07)
    top = figure.add_subplot(grid[0, 1])
    draw_recognition(top, recognition, len(maps.styles))
    panels = [figure.add_subplot(grid[row, 1], sharex=top) for row in (1, 2)]
    draw_control_currents(panels, maps.controls_by_step)
    for panel in (top, *panels):
        panel.yaxis.set_label_coords(-0.11, 0.5)
        panel.label_outer()
    return figure
