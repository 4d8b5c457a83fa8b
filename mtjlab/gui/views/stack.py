"""Plots of all junctions side by side, with common axes."""

import pyqtgraph as pg
from PyQt5.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from mtjlab.domain import junction_label
from mtjlab.gui.look.label import Label
from mtjlab.gui.look.text_size import USUAL_PT, css_points
from mtjlab.gui.look.theme import Theme
from mtjlab.gui.views.plots import Crosshair, Describe, apply_plot_theme, plot, set_axis_label


class JunctionPlots(QWidget):
    """A plot for each junction, created when their number is known; axes are linked if ``is_common``."""

    def __init__(self, x_label: str, y_label: str, describe: Describe, heading: Label, is_common: bool = True) -> None:
        super().__init__()
        self._labels = x_label, y_label
        self._describe = describe
        self._is_common = is_common
        self.plots: list[pg.PlotWidget] = []
        self._crosshairs: list[Crosshair] = []
        whole = QVBoxLayout(self)
        whole.setContentsMargins(6, 4, 4, 2)
        whole.setSpacing(2)
        whole.addWidget(heading)
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._box.setSpacing(0)
        whole.addLayout(self._box, stretch=1)

    def ensure_plots(self, junctions: int, theme: Theme) -> bool:
        """Ensure a plot for each of ``junctions``; return whether plots were created."""
        if len(self.plots) == junctions:
            return False
        for old in self.plots:
            old.setParent(None)
        self.plots = [plot(self._labels[0], self._labels[1] if k == 0 else "") for k in range(junctions)]
        self._crosshairs = [Crosshair(made, self._describe) for made in self.plots]
        for k, made in enumerate(self.plots):
            made.enableAutoRange(enable=False)
            made.getPlotItem().titleLabel.updateMin = lambda: None  # a long title must not make its plot wider
            if k > 0 and self._is_common:
                made.setXLink(self.plots[0])
                made.setYLink(self.plots[0])
            self._box.addWidget(made)
        self.apply_theme(theme)
        return True

    def show_range(self, x: tuple[float, float], y: tuple[float, float]) -> None:
        """Set the range of all plots."""
        self.plots[0].setRange(xRange=x, yRange=y, padding=0)

    def set_label(self, side: str, text: str) -> None:
        """Set the label of an axis, as HTML."""
        for made in self.plots:
            set_axis_label(made, side, text, self._theme)

    def set_title(self, k: int, *lines: str) -> None:
        """Set the title of a plot: its junction, followed by ``lines`` of HTML."""
        title = f"<b>{junction_label(k)}</b> {''.join(lines)}"
        if len(lines) > 1:
            beside = f"<td style='padding-left: 4px'>{'<br>'.join(lines)}</td>"
            title = f"<table cellspacing='0'><tr><td><b>{junction_label(k)}</b></td>{beside}</tr></table>"
        self.plots[k].getPlotItem().setTitle(title, color=self._theme.ink, size=css_points(USUAL_PT))

    def apply_theme(self, theme: Theme) -> None:
        """Apply the colours of ``theme``."""
        self._theme = theme
        for k in range(len(self.plots)):
            self.set_title(k)
        for made, crosshair in zip(self.plots, self._crosshairs, strict=True):
            apply_plot_theme(made, theme)
            crosshair.apply_theme(theme)
