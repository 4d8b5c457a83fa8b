"""Recognition of several runs in one plot."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyqtgraph as pg
from markupsafe import Markup
from PyQt5.QtCore import Qt

from mtjlab.events import original_event
from mtjlab.gui.look.label import SPACE, Label, dot
from mtjlab.gui.look.theme import Theme
from mtjlab.gui.look.words import per_cent, whole
from mtjlab.gui.views.data import Row
from mtjlab.gui.views.picture import Picture
from mtjlab.gui.views.plots import Crosshair, dress_plot, pen, plot, with_words
from mtjlab.palette import class_styles
from mtjlab.procedures.training.events import RecognitionMeasured
from mtjlab.procedures.training.state import Learnt
from mtjlab.reading import events_in
from mtjlab.store import read_lines, read_request, run_id

SHOWN = ("run-started", "recognition-measured")
MOST_DIFFERENCES = 3
NO_BREAK_SPACE, NO_BREAK_HYPHEN = "\N{NO-BREAK SPACE}", "\N{NON-BREAKING HYPHEN}"


def recognition_of(folder: Path) -> tuple[RecognitionMeasured, ...]:
    """Recognition of a run at each step, with those of the run that it resumes.

    Raises:
        RefusedError: there is no journal, or it is damaged.
    """
    lines = (line for line in read_lines(folder) if line.type in SHOWN)
    return tuple(Learnt.of(original_event(event) for _, event in events_in(folder, lines)).recognition)


@dataclass(frozen=True, slots=True)
class Compared:
    """Recognition of a run after each step that it was measured at, and what was asked of it: values by their keys."""

    folder: Path
    course: tuple[RecognitionMeasured, ...]
    asked: Mapping[str, Any]


def compared(folder: Path) -> Compared:
    """What is compared of a run.

    Raises:
        RefusedError: there is no journal, or it is damaged.
    """
    request = read_request(folder)
    asked = {"bench": request.get("bench", {}).get("name"), "data": request.get("data", {}).get("name")}
    return Compared(folder, recognition_of(folder), {**asked, **_flat(request.get("plan", {}))})


def differences(runs: Sequence[Compared]) -> list[str]:
    """For each run what sets it apart: ``seed 1, steps 40``."""
    keys = dict.fromkeys(key for run in runs for key in run.asked)
    differing = [key for key in keys if len({str(run.asked.get(key)) for run in runs}) > 1]
    return [
        ", ".join(f"{key.rpartition('.')[2]} {run.asked.get(key)}" for key in differing[:MOST_DIFFERENCES])
        for run in runs
    ]


def _unbroken(text: str) -> str:
    """In one line, wherever it stands."""
    return text.replace(" ", NO_BREAK_SPACE).replace("-", NO_BREAK_HYPHEN)


def _flat(table: Mapping[str, Any], before: str = "") -> dict[str, Any]:
    """Keys of all sections: ``training.steps``."""
    flat: dict[str, Any] = {}
    for key, value in table.items():
        flat |= _flat(value, f"{before}{key}.") if isinstance(value, Mapping) else {f"{before}{key}": value}
    return flat


class Comparison(Picture):
    """A curve for each run: solid for the testing subset, dotted for the training subset."""

    title = "Comparison"
    help = "Recognition of the runs that were selected in the list: solid on the testing subset, dotted on the other."

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "Select runs in the list, then press compare.")
        self._plot: pg.PlotWidget | None = None
        self._runs: tuple[Compared, ...] = ()

    @property
    def folders(self) -> list[Path]:
        """Runs that are compared."""
        return [run.folder for run in self._runs]

    def show_runs(self, runs: Sequence[Compared]) -> None:
        """Compare runs; those in which nothing was measured are left out."""
        self._runs = tuple(run for run in runs if run.course)
        if self._plot is None:
            self._make_plot()
        self.draw_again()

    @property
    def origin(self) -> str:
        """Runs that are compared."""
        return ", ".join(run_id(folder) for folder in self.folders)

    def data(self) -> list[Row]:
        """Rates of all runs, step by step."""
        return [
            {"Run": run_id(run.folder), "Step": one.step, "Recognition train": one.train, "Recognition test": one.test}
            for run in self._runs
            for one in run.course
        ]

    def restyle(self) -> None:
        """Colours of the theme."""
        if self._plot is not None:
            dress_plot(self._plot, self.theme)
            self._crosshair.dress(self.theme)

    def draw_again(self) -> None:
        """All curves."""
        if (made := self._plot) is None:
            return
        for curve in made.getPlotItem().listDataItems():
            made.removeItem(curve)
        styles, names = class_styles([str(folder) for folder in self.folders]), []
        for run, apart in zip(self._runs, differences(self._runs), strict=True):
            colour = self.theme.seen(styles[str(run.folder)].colour)
            self._add(made, run.course, "train", pen(colour, 1.2, Qt.PenStyle.DotLine))
            self._add(made, run.course, "test", pen(colour, 2.2))
            rate = per_cent(run.course[-1].test)
            told = Markup("{} <b>{}</b> {}").format(*map(_unbroken, (run_id(run.folder), rate, apart)))
            names.append(dot(told, colour))
        self._heading.setText(SPACE.join(names))
        self._frame(made)
        self.show_content(bool(self._runs))

    def _make_plot(self) -> None:
        """Most windows compare nothing."""
        self._plot = plot("training step", "rate (%)")
        self._heading, caption = Label(), Label("solid: test · dotted: train · what sets the runs apart is named")
        self._heading.setWordWrap(True)
        caption.setProperty("role", "faint")
        self._crosshair = Crosshair(self._plot, lambda x, y: f"step {whole(x)}   {whole(y)} %")
        self.put(with_words(self._heading, self._plot, caption))
        self.restyle()

    def _frame(self, made: pg.PlotWidget) -> None:
        """Everything, up to all tokens recognised."""
        measured = [one for run in self._runs for one in run.course]
        if measured:
            lowest = 100 * min(min(one.train, one.test) for one in measured)
            made.setRange(xRange=(0, max(one.step for one in measured)), yRange=(lowest - 3, 102), padding=0.01)

    def _add(self, made: pg.PlotWidget, course: Sequence[RecognitionMeasured], subset: str, look: pg.mkPen) -> None:
        rates = [100 * getattr(measured, subset) for measured in course]
        made.plot([measured.step for measured in course], rates, pen=look)
