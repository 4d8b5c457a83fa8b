"""Axis of a plot: the labels of its ticks never touch, and its own label lies inside."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pyqtgraph as pg
from PyQt5.QtCore import QRectF
from PyQt5.QtGui import QPainter

APART_PX = 6.0
NUDGE_PX = 5.0
"""Distance by which pyqtgraph moves the label of a horizontal axis out of the plot, subscripts first."""
TickLabel = tuple[QRectF, Any, str]


class Axis(pg.AxisItem):
    """An axis at the ``bottom`` or at the ``left`` of a plot."""

    def generateDrawSpecs(self, painter: QPainter) -> Any:  # noqa: N802  pyqtgraph's name
        """Lines and texts to draw, without the tick labels that there is no room for."""
        specs = super().generateDrawSpecs(painter)
        if specs is None:
            return None
        line, ticks, labels = specs
        return line, ticks, apart(labels, is_across=self.orientation == "bottom")

    def resizeEvent(self, event: Any = None) -> None:  # noqa: N802  Qt's name
        """Place the label inside."""
        super().resizeEvent(event)
        if self.label is not None and self.orientation == "bottom":
            self.label.moveBy(0, -NUDGE_PX)


def apart(labels: Sequence[TickLabel], is_across: bool) -> list[TickLabel]:
    """Every label, or every second, third ... of them: as many as leave room between them. The first one stays."""
    if not labels:
        return []
    in_order = sorted(labels, key=lambda label: label[0].left() if is_across else label[0].top())
    first = in_order.index(labels[0])
    for step in range(1, len(in_order)):
        kept = in_order[first % step :: step]
        if all(_gap_px(one, other, is_across) >= 0 for one, other in pairwise(kept)):
            return kept
    return [labels[0]]


def _gap_px(one: TickLabel, other: TickLabel, is_across: bool) -> float:
    """Room (px) between two labels, beyond what keeps them apart."""
    if is_across:
        return other[0].left() - one[0].right() - APART_PX
    return other[0].top() - one[0].bottom()
