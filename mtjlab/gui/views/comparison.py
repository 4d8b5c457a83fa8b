"""Several runs of a kind beside each other: the panels that the kind declares, and the numbers that differ."""

from math import ceil

import pyqtgraph as pg
from markupsafe import Markup
from PyQt5.QtWidgets import QGridLayout, QTabWidget, QVBoxLayout, QWidget

from mtjlab.comparison import Comparison, Numbers
from mtjlab.gui.look.formatting import NOTHING, number, with_subscripts
from mtjlab.gui.look.label import SPACE, Label, coloured
from mtjlab.gui.look.tables import TextTable
from mtjlab.gui.look.theme import Theme
from mtjlab.gui.views.comparison_plot import panel_plot
from mtjlab.gui.views.data import Row
from mtjlab.gui.views.picture import Picture
from mtjlab.gui.views.plots import GLYPHS, with_texts
from mtjlab.palette import ClassStyle, class_styles

NEEDS_TWO = "Select two runs or more of one kind in the list of runs, then press compare."
ALIKE = "The results of these runs do not differ in any number."
MAX_IN_LINE = 3
NO_BREAK_SPACE, NO_BREAK_HYPHEN = "\N{NO-BREAK SPACE}", "\N{NON-BREAKING HYPHEN}"


class ComparisonView(Picture):
    """Panels as plots, and a table of numbers."""

    title = "Comparison"
    help = (
        "Several runs of one kind beside each other: select them in the list of runs, then press compare. A colour and "
        "a symbol for each run; bars: 95 % intervals. The numbers of their results that differ are in the table. "
        "Critical currents, in the menu of a run, shows those of its chip against date."
    )

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, NEEDS_TWO)
        self.comparison: Comparison | None = None
        self.plots: list[pg.PlotWidget] = []

    @property
    def origin(self) -> str:
        """What is compared."""
        return (self.comparison.caption or "; ".join(_names(self.comparison))) if self.comparison else ""

    def show_comparison(self, comparison: Comparison) -> None:
        """Draw ``comparison`` instead of the one before."""
        self.comparison = comparison
        self.redraw()

    def data(self) -> list[Row]:
        """All points of all panels, then the numbers."""
        if (compared := self.comparison) is None:
            return []
        names = _names(compared)
        points: list[Row] = [
            {
                "Plot": panel.title,
                "Of": names[curve.of],
                panel.x_label: x,
                panel.y_label: y,
                "Line": curve.style,
            }
            for panel in compared.panels
            for curve in panel.curves
            for x, y in zip(curve.x, curve.y, strict=True)
        ]
        return points + [
            {"Quantity": one.quantity, **dict(zip(names, one.values, strict=True))} for one in compared.numbers
        ]

    def redraw(self) -> None:
        """Draw all panels."""
        if (compared := self.comparison) is None:
            return
        styles = [*class_styles(list(map(str, range(len(compared.names))))).values()]
        self.plots = [panel_plot(panel, styles, self.theme) for panel in compared.panels]
        self.replace_content(self._content(compared, styles))

    def _content(self, compared: Comparison, styles: list[ClassStyle]) -> QWidget:
        heading = Label(SPACE.join(self._name(compared, of, style) for of, style in enumerate(styles)))
        heading.setWordWrap(True)
        tabs = QTabWidget()
        tabs.setDocumentMode(True)
        if self.plots:
            tabs.addTab(self._grid(compared), "plots")
        if compared.numbers:
            tabs.addTab(numbers_table(compared), "numbers")
        page = QWidget()
        box = QVBoxLayout(page)
        box.setContentsMargins(6, 4, 4, 2)
        box.setSpacing(2)
        box.addWidget(heading)
        if tabs.count():
            box.addWidget(tabs, stretch=1)
        else:
            box.addWidget(Label(ALIKE if len(compared.names) > 1 else NEEDS_TWO))
            box.addStretch(1)
        return page

    def _grid(self, compared: Comparison) -> QWidget:
        whole = QWidget()
        grid = QGridLayout(whole)
        grid.setContentsMargins(0, 0, 0, 0)
        lines = ceil(len(self.plots) / MAX_IN_LINE)
        in_line = ceil(len(self.plots) / lines)
        for place, (panel, made) in enumerate(zip(compared.panels, self.plots, strict=True)):
            title = Label(with_subscripts(panel.title))
            title.setWordWrap(True)
            grid.addWidget(with_texts(title, made), place // in_line, place % in_line)
        return whole

    def _name(self, compared: Comparison, of: int, style: ClassStyle) -> Markup:
        texts = map(_unbroken, (compared.names[of], compared.remarks[of]))
        name = Markup("{}{}{}").format(GLYPHS[style.marker], NO_BREAK_SPACE, Markup("<b>{}</b> {}").format(*texts))
        return coloured(name, self.theme.readable(style.colour))


def _names(compared: Comparison) -> list[str]:
    """Names of the things compared, with what distinguishes them, and whether they are simulated."""
    pairs = zip(compared.names, compared.remarks, strict=True)
    return [f"{name} ({remark})" if remark else name for name, remark in pairs]


def numbers_table(compared: Comparison) -> TextTable:
    """Table of the numbers that differ; of two things also by how much."""
    has_difference = len(compared.names) == 2
    columns = [("quantity", "key in the result of the runs"), *((name, "") for name in compared.names)]
    columns += [("difference", "second minus first")] if has_difference else []
    table = TextTable(columns, range(1, len(columns)))
    table.fill([_cells(one, has_difference) for one in compared.numbers])
    return table


def _cells(row: Numbers, has_difference: bool) -> tuple[str, ...]:
    values = [*row.values, *([row.difference] if has_difference else [])]
    return (row.quantity, *(NOTHING if value is None else number(value) for value in values))


def _unbroken(text: str) -> str:
    """Keep ``text`` in one line."""
    return text.replace(" ", NO_BREAK_SPACE).replace("-", NO_BREAK_HYPHEN)
