"""Overview figure of a training: learnt map, recognition and control currents."""

from collections.abc import Sequence

from matplotlib.figure import Figure

from mtjlab.domain import Interval
from mtjlab.figures.maps import CAPTION, SwitchingMaps, add_titles, draw_map
from mtjlab.figures.style import place_inside
from mtjlab.figures.tokens import add_token_legend, legend_in
from mtjlab.procedures.training.courses_figure import draw_control_currents, draw_recognition
from mtjlab.procedures.training.events import RecognitionMeasured


def overview(maps: SwitchingMaps, shown: Sequence[Interval], recognition: Sequence[RecognitionMeasured]) -> Figure:
    """The last map on the left; recognition and control currents for A and B on the right."""
    right_in = 5.3
    between_in = right_in + legend_in(maps.styles)
    width_in = 5.2 + between_in
    figure = Figure((width_in, width_in / 2))
    edges = {"bottom": 0.42, "top": 0.5}
    axes = figure.subplots(gridspec_kw=place_inside(figure, left=0.6, right=between_in, **edges))
    step = len(maps.controls_by_step) - 1
    draw_map(axes, maps, step, shown, token_pt=4.2)
    add_titles(axes, f"switching map at step {step}", CAPTION)
    add_token_legend(axes, maps.styles, beside=1.07)
    room = place_inside(figure, left=width_in - right_in + 1.0, right=0.65, **edges)
    grid = figure.add_gridspec(3, 1, **room, hspace=0.12, height_ratios=(1.5, 1, 1))
    top = figure.add_subplot(grid[0])
    draw_recognition(top, recognition, len(maps.styles))
    panels = [figure.add_subplot(grid[row], sharex=top) for row in (1, 2)]
    draw_control_currents(panels, maps.controls_by_step)
    for panel in (top, *panels):
        panel.yaxis.set_label_coords(-0.11, 0.5)
    for panel in (top, panels[0]):
        panel.tick_params(labelbottom=False)
        panel.set_xlabel("")
    return figure
