"""Inputs of all tokens (the paper's Fig. 1d)."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from mtjlab.arrays import FloatArray
from mtjlab.domain import Interval, Subset
from mtjlab.events import EncodedToken
from mtjlab.figures.labels import clearest_spot_ua, length_pt, longest_in, ua_per_pt
from mtjlab.figures.style import INK, input_axis, place_inside, plain
from mtjlab.palette import ClassStyle, ClassStyles

_NAME_PT, _TOKEN_PT = 8.5, 4.5
_SUBSETS: tuple[Subset, ...] = ("train", "test")


def inputs_figure(tokens: Sequence[EncodedToken], styles: ClassStyles) -> Figure:
    """I_A against I_B for two inputs; else a strip of tokens for each input, with a row for each class."""
    return _plane(tokens, styles) if len(tokens[0].inputs_ua) == 2 else _strips(tokens, styles)


def inputs_ua_of(tokens: Sequence[EncodedToken]) -> FloatArray:
    """Input currents [token, input]."""
    return np.array([token.inputs_ua for token in tokens])


def draw_tokens(axes: Axes, tokens: Sequence[EncodedToken], styles: ClassStyles, size_pt: float) -> None:
    """Tokens in the plane of two inputs: the training subset filled, the testing subset open."""
    for label, style in styles.items():
        for subset in _SUBSETS:
            chosen = [token.inputs_ua for token in tokens if token.label == label and token.subset == subset]
            axes.plot(*np.array(chosen).reshape(-1, 2).T, **_look(style, subset, size_pt), zorder=3)


def add_token_legend(axes: Axes, styles: ClassStyles, beside: float = 1.01) -> None:
    """Classes and subsets, to the right of ``axes``."""
    classes = [Line2D([], [], **_look(style, "train", 4.5), label=plain(label)) for label, style in styles.items()]
    ink = ClassStyle(INK, "o")
    subsets = [Line2D([], [], **_look(ink, subset, 4.5), label=subset) for subset in _SUBSETS]
    axes.legend(
        handles=[*classes, *subsets],
        loc="upper left",
        bbox_to_anchor=(beside, 1.01),
        handletextpad=0.2,
        fontsize=min(8, 200 / len(styles)),
    )


def legend_in(styles: ClassStyles) -> float:
    """Room in inches that the legend takes."""
    return 0.4 + max(0.2, longest_in(list(styles)))


def _look(style: ClassStyle, subset: Subset, size_pt: float) -> dict[str, Any]:
    """Open symbols have a white face: seen on any ground."""
    open_ = subset == "test"
    return {
        "linestyle": "none",
        "marker": style.marker,
        "markersize": size_pt,
        "markerfacecolor": "white" if open_ else style.colour,
        "markeredgecolor": style.colour if open_ else "white",
        "markeredgewidth": 0.9 if open_ else 0.3,
    }


def _plane(tokens: Sequence[EncodedToken], styles: ClassStyles) -> Figure:
    right_in = legend_in(styles)
    figure = Figure((4.5 + right_in, 4.4))
    axes = figure.subplots(gridspec_kw=place_inside(figure, left=0.6, right=right_in, bottom=0.45, top=0.15))
    draw_tokens(axes, tokens, styles, _TOKEN_PT)
    axes.margins(0.08)
    axes.set(xlabel=input_axis(0), ylabel=input_axis(1))
    _name_clouds(axes, tokens, styles)
    add_token_legend(axes, styles)
    return figure


def _name_clouds(axes: Axes, tokens: Sequence[EncodedToken], styles: ClassStyles) -> None:
    """The letters of each class at its cloud, where they hide the fewest tokens."""
    everywhere_ua = inputs_ua_of(tokens)
    for label in styles:
        cloud_ua = inputs_ua_of([token for token in tokens if token.label == label])
        size_ua = (np.array([length_pt(label, _NAME_PT, "bold"), _NAME_PT]) + _TOKEN_PT) * ua_per_pt(axes)
        lows, highs = cloud_ua.min(axis=0) - size_ua, cloud_ua.max(axis=0) + size_ua
        spot = clearest_spot_ua(size_ua, list(map(Interval, lows, highs)), everywhere_ua)
        axes.text(*spot, plain(label), fontsize=_NAME_PT, weight="bold", ha="center", va="center", zorder=4)


def _strips(tokens: Sequence[EncodedToken], styles: ClassStyles) -> Figure:
    inputs = len(tokens[0].inputs_ua)
    left_in, right_in = 0.3 + longest_in(list(styles)), legend_in(styles)
    figure = Figure((left_in + right_in + 2.6 * inputs, max(2.2, 1.2 + 0.28 * len(styles))))
    room = place_inside(figure, left=left_in, right=right_in, bottom=0.45, top=0.15)
    panels = figure.subplots(1, inputs, sharey=True, squeeze=False, gridspec_kw={**room, "wspace": 0.06})[0]
    for j, panel in enumerate(panels):
        for row, (label, style) in enumerate(styles.items()):
            for subset, height in zip(_SUBSETS, (row - 0.12, row + 0.22), strict=True):
                chosen = [t.inputs_ua[j] for t in tokens if t.label == label and t.subset == subset]
                panel.plot(chosen, [height] * len(chosen), **_look(style, subset, 4))
        panel.set_xlabel(input_axis(j))
    panels[0].set_yticks(range(len(styles)), [plain(label) for label in styles])
    panels[0].invert_yaxis()
    add_token_legend(panels[-1], styles)
    return figure
