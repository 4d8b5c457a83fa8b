"""Text beside a measured map: legend of lines and marks, what was measured, and what is not known."""

from collections.abc import Iterator, Sequence
from textwrap import wrap

from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from mtjlab.counted import counted
from mtjlab.domain import junction_labels
from mtjlab.figures.direction_panels import pace_text
from mtjlab.figures.resistance import controls_text
from mtjlab.figures.style import INK, UNFINISHED, current
from mtjlab.palette import tint
from mtjlab.procedures.switching_map.mapped import MapInput, MeasuredMap

_LEGS = {"curves": "curves", "raster": "presentations", "adaptive": "probes"}
_LEGEND_LINE_IN, _LINE_IN, _WORDS_PT, _CHARACTERS = 0.165, 0.125, 6.8, 72


def explain(figure: Figure, mapped: MeasuredMap, left_out: Sequence[str], corner_in: tuple[float, float]) -> None:
    """Write legend and sentences, with their upper left corner at ``corner_in``."""
    width_in, height_in = figure.get_size_inches()
    left, top_in = corner_in[0] / width_in, corner_in[1]
    handles = list(_handles(mapped))
    look = {"fontsize": 7.5, "labelspacing": 0.35, "borderaxespad": 0, "borderpad": 0}
    figure.legend(handles=handles, loc="upper left", bbox_to_anchor=(left, top_in / height_in), **look)
    top_in -= _LEGEND_LINE_IN * len(handles) + 0.14
    for sentence, colour in _sentences(mapped, left_out):
        for line in wrap(sentence, _CHARACTERS) if "$" not in sentence else [sentence]:
            figure.text(left, top_in / height_in, line, fontsize=_WORDS_PT, color=colour, va="top")
            top_in -= _LINE_IN


def _handles(mapped: MeasuredMap) -> Iterator[Line2D | Patch]:
    if any(one.determined for one in mapped.inputs):
        yield Line2D([], [], color=INK, linewidth=0.8, label="boundary: switches in 50 % of presentations")
        yield Patch(color=tint(INK, 0.16), label="soft edge: switches in 5 to 95 % of presentations")
        yield Line2D(
            [],
            [],
            color=INK,
            marker="D",
            markersize=2.2,
            linewidth=1.1,
            label="95 % interval of its mean (along the sides)",
        )
    if mapped.plan.way == "curves":
        yield Line2D(
            [], [], color=INK, marker="|", linestyle="none", label="where it switched in each curve (along the sides)"
        )
    else:
        yield Line2D(
            [],
            [],
            color=INK,
            marker="|",
            linestyle="none",
            label="inputs held: upper (left) half switched, lower (right) half not",
        )
    if mapped.plan.way == "raster":
        yield Line2D(
            [],
            [],
            color=INK,
            marker="o",
            markersize=3,
            linestyle="none",
            label="cell: not always the same configuration",
        )
        yield Line2D(
            [],
            [],
            color=INK,
            marker="x",
            markersize=3,
            linestyle="none",
            label="cell: no configuration; blank: not measured",
        )


def _sentences(mapped: MeasuredMap, left_out: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Sentences, each with its colour."""
    for one in mapped.inputs:
        yield f"{one.name}: {controls_text(one.controls_ua)}", INK
        if one.direction is not None:
            yield (
                f"measured in {len(one.direction.passages[0])} {_LEGS[mapped.plan.way]}, {pace_text(one.direction)}",
                INK,
            )
    if mapped.plan.way == "raster":
        yield (
            f"cells of {current(mapped.plan.cell_ua)} µA, {counted(mapped.plan.times, 'presentation')} of each planned",
            INK,
        )
    yield f"boundaries and probabilities are for inputs applied for {1e3 * mapped.dwell_s:.3g} ms", INK
    for one in mapped.inputs:
        yield from _gaps(one, mapped)
    if left_out:
        yield f"no space for the names of {', '.join(left_out)}", INK


def _gaps(along: MapInput, mapped: MeasuredMap) -> Iterator[tuple[str, str]]:
    if along.direction is None:
        yield f"{along.name}: nothing measured yet", UNFINISHED
    elif along.unknown:
        yield f"{along.name}: not determined: {junction_labels(along.unknown)}", UNFINISHED
    if along.beyond:
        names, end_ua = junction_labels(along.beyond), mapped.plan.staircase.input_stop_ua
        yield f"{along.name}: {names} never switched up to {current(end_ua)} µA: not part of the map", INK
