"""Confusion matrices of the last measurement of the recognition."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mtjlab.arrays import FloatArray
from mtjlab.domain import NO_CLASS
from mtjlab.figures.labels import longest_in
from mtjlab.figures.style import INK, place_inside, plain
from mtjlab.procedures.training.events import Confusion, RecognitionMeasured

_UPRIGHT_FROM = 0.95
"""Share of the width of a cell that a name may have before all names are turned vertical."""


def confusion_figure(measured: RecognitionMeasured, classes: Sequence[str]) -> Figure:
    """Confusion matrices of both subsets side by side."""
    answers = _answers(measured, classes)
    cell_in = 0.42 if len(classes) <= 10 else 0.3
    width_in, height_in = max(1.9, cell_in * len(answers)), max(1.2, cell_in * len(classes))
    names_in = longest_in(classes)
    upright = names_in > _UPRIGHT_FROM * cell_in
    below_in = names_in if upright else 0.12
    figure = Figure((2 * width_in + names_in + 1.0, height_in + below_in + 1.0))
    room = place_inside(figure, left=names_in + 0.4, right=0.2, bottom=below_in + 0.36, top=0.3)
    panels = figure.subplots(1, 2, sharey=True, gridspec_kw={**room, "wspace": 0.12})
    for panel, subset, rate, confusion in (
        (panels[0], "train", measured.train, measured.train_confusion),
        (panels[1], "test", measured.test, measured.test_confusion),
    ):
        _draw_confusion(panel, confusion_matrix(confusion, classes, answers), classes, answers)
        panel.tick_params(axis="x", rotation=90 if upright else 0)
        panel.set_title(f"{subset}, step {measured.step}: {100 * rate:.1f} %")
    panels[0].set_ylabel("class presented")
    return figure


def confusion_matrix(confusion: Confusion, classes: Sequence[str], answers: Sequence[str | None]) -> FloatArray:
    """Counts [class presented, answer]."""
    counts = np.zeros((len(classes), len(answers)))
    for label, recognised_as, count in confusion:
        counts[classes.index(label), answers.index(recognised_as)] += count
    return counts


def _answers(measured: RecognitionMeasured, classes: Sequence[str]) -> list[str | None]:
    """Classes, and None if it occurs."""
    seen = {recognised_as for _, recognised_as, _ in (*measured.train_confusion, *measured.test_confusion)}
    return [*classes, None] if None in seen else list(classes)


def _draw_confusion(panel: Axes, counts: FloatArray, classes: Sequence[str], answers: Sequence[str | None]) -> None:
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    panel.imshow(shares, cmap="Blues", vmin=0, vmax=1.15, aspect="auto")
    for (row, column), count in np.ndenumerate(counts):
        if count:
            colour = "white" if shares[row, column] > 0.6 else INK
            panel.text(column, row, f"{count:.0f}", ha="center", va="center", color=colour, fontsize=7)
    names = [NO_CLASS if answer is None else plain(answer) for answer in answers]
    panel.set_xticks(range(len(answers)), names)
    panel.set_yticks(range(len(classes)), list(map(plain, classes)))
    panel.tick_params(length=0)
    panel.set_xlabel("recognised as")
