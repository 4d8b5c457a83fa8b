"""Recognition rates of several runs in one plot."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyqtgraph as pg
from markupsafe import Markup
from PyQt5.QtCore import Qt

from mtjlab.events import original_event
from mtjlab.gui.look.formatting import per_cent, whole
from mtjlab.gui.look.label import SPACE, Label, dot
from mtjlab.gui.look.theme import Theme
from mtjlab.gui.views.data import Row
from mtjlab.gui.views.picture import Picture
from mtjlab.gui.views.plots import Crosshair, apply_plot_theme, pen, plot, with_texts
from mtjlab.palette import class_styles
from mtjlab.procedures.training.events import RecognitionMeasured
from mtjlab.procedures.training.state import TrainingState
from mtjlab.reading import events_in
from mtjlab.store import read_lines, read_request, run_id

SHOWN = ("run-started", "recognition-measured")
MAX_DIFFERENCES = 3
NO_BREAK_SPACE, NO_BREAK_HYPHEN = "\N{NO-BREAK SPACE}", "\N{NON-BREAKING HYPHEN}"


def recognition_of(folder: Path) -> tuple[RecognitionMeasured, ...]:
    """Recognition of a run at each step, including the run that it resumes.

    Raises:
        RefusedError: the journal is missing or damaged.
    """
    lines = (line for line in read_lines(folder) if line.type in SHOWN)
    return tuple(TrainingState.of(original_event(event) for _, event in events_in(folder, lines)).recognition)


@dataclass(frozen=True, slots=True)
class ComparedRun:
    """Recognition of a run at the steps where it was measured, and its settings by key."""

    folder: Path
    recognition: tuple[RecognitionMeasured, ...]
    settings: Mapping[str, Any]


def read_for_comparison(folder: Path) -> ComparedRun:
    """Read recognition and settings of a run.

    Raises:
        RefusedError: the journal is missing or damaged.
    """
    request = read_request(folder)
    settings = {"bench": request.get("bench", {}).get("name"), "data": request.get("data", {}).get("name")}
    return ComparedRun(folder, recognition_of(folder), {**settings, **_flat(request.get("plan", {}))})


def differences(runs: Sequence[ComparedRun]) -> list[str]:
    """Settings in which each run differs from the others: ``seed 1, steps 40``."""
    keys = dict.fromkeys(key for run in runs for key in run.settings)
    differing = [key for key in keys if len({str(run.settings.get(key)) for run in runs}) > 1]
    return [
        ", ".join(f"{key.rpartition('.')[2]} {run.settings.get(key)}" for key in differing[:MAX_DIFFERENCES])
        for run in runs
    ]


def _unbroken(text: str) -> str:
    """Keep ``text`` in one line."""
    return text.replace(" ", NO_BREAK_SPACE).replace("-", NO_BREAK_HYPHEN)


def _flat(table: Mapping[str, Any], before: str = "") -> dict[str, Any]:
    """Values of all sections by dotted key: ``training.steps``."""
    flat: dict[str, Any] = {}
    for key, value in table.items():
        flat |= _flat(value, f"{before}{key}.") if isinstance(value, Mapping) else {f"{before}{key}": value}
    return flat


class Comparison(Picture):
    """A curve for each run: solid for the testing subset, dotted for the training subset."""

    title = "Comparison"
    help = "Recognition rates of the runs selected in the list: solid: test subset, dotted: training subset."

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "Select runs in the list, then press compare.")
        self._plot: pg.PlotWidget | None = None
        self._runs: tuple[ComparedRun, ...] = ()

    @property
    def folders(self) -> list[Path]:
        """Folders of the runs compared."""
        return [run.folder for run in self._runs]

    def show_runs(self, runs: Sequence[ComparedRun]) -> None:
        """Compare runs; runs without a recognition measurement are left out."""
        self._runs = tuple(run for run in runs if run.recognition)
        if self._plot is None:
            self._create_plot()
        self.redraw()

    @property
    def origin(self) -> str:
        """Folders of the runs compared."""
        return ", ".join(run_id(folder) for folder in self.folders)

    def data(self) -> list[Row]:
        """Rates of all runs at each step."""
        return [
            {"Run": run_id(run.folder), "Step": one.step, "Recognition train": one.train, "Recognition test": one.test}
            for run in self._runs
            for one in run.recognition
        ]

    def restyle(self) -> None:
        """Apply the colours of the theme."""
        if self._plot is not None:
            apply_plot_theme(self._plot, self.theme)
            self._crosshair.apply_theme(self.theme)

    def redraw(self) -> None:
        """Draw all curves."""
        if (drawn := self._plot) is None:
            return
        for curve in drawn.getPlotItem().listDataItems():
            drawn.removeItem(curve)
        styles, names = class_styles([str(folder) for folder in self.folders]), []
        for run, difference in zip(self._runs, differences(self._runs), strict=True):
            colour = self.theme.readable(styles[str(run.folder)].colour)
            self._add(drawn, run.recognition, "train", pen(colour, 1.2, Qt.PenStyle.DotLine))
            self._add(drawn, run.recognition, "test", pen(colour, 2.2))
            rate = per_cent(run.recognition[-1].test)
            name = Markup("{} <b>{}</b> {}").format(*map(_unbroken, (run_id(run.folder), rate, difference)))
            names.append(dot(name, colour))
        self._heading.setText(SPACE.join(names))
        self._frame(drawn)
        self.show_content(bool(self._runs))

    def _create_plot(self) -> None:
        """At the first comparison: in most windows there is none."""
        self._plot = plot("training step", "rate (%)")
        self._heading, caption = Label(), Label("solid: test · dotted: train · settings that differ are named")
        self._heading.setWordWrap(True)
        caption.setProperty("role", "faint")
        self._crosshair = Crosshair(self._plot, lambda x, y: f"step {whole(x)}   {whole(y)} %")
        self.set_content(with_texts(self._heading, self._plot, caption))
        self.restyle()

    def _frame(self, drawn: pg.PlotWidget) -> None:
        """Set the ranges of the axes: all steps, and rates up to 100 %."""
        measured = [one for run in self._runs for one in run.recognition]
        if measured:
            lowest = 100 * min(min(one.train, one.test) for one in measured)
            drawn.setRange(xRange=(0, max(one.step for one in measured)), yRange=(lowest - 3, 102), padding=0.01)

    def _add(
        self, drawn: pg.PlotWidget, recognition: Sequence[RecognitionMeasured], subset: str, line: pg.mkPen
    ) -> None:
        rates = [100 * getattr(measured, subset) for measured in recognition]
        drawn.plot([measured.step for measured in recognition], rates, pen=line)
