"""Actions on the runs that are selected in the list."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PyQt5.QtWidgets import QMenu, QWidget

from mtjlab.gui.look.label import tooltip
from mtjlab.procedures.kind import Kind
from mtjlab.procedures.kinds import KINDS
from mtjlab.runs.run_summary import RunSummary

RESUMABLE = ("stopped", "failed", "crashed")
EXPORT, FIGURES = "export", "figures"
FORMATS = {
    "csv": "Plain tables",
    "netcdf": "NetCDF data sets, for xarray and the like",
    "pymeasure": "PyMeasure result files",
}


@dataclass(frozen=True, slots=True)
class RunAction:
    """An action: its name, its help text, whether it applies to a selection of runs, and its words in a menu."""

    name: str
    help_text: str
    is_possible: Callable[[Sequence[RunSummary]], bool]
    words: str = ""

    @property
    def text(self) -> str:
        """What a button or a menu shows."""
        return self.words or self.name


def _one(runs: Sequence[RunSummary]) -> bool:
    return len(runs) == 1


def _kind(runs: Sequence[RunSummary]) -> Kind[Any] | None:
    """Kind of the selected run; None for several runs, or a run of ``redetect``."""
    return KINDS.get(runs[0].procedure) if _one(runs) else None


def _of_one_kind(runs: Sequence[RunSummary]) -> bool:
    return len({run.procedure for run in runs}) == 1


def _with_settings(runs: Sequence[RunSummary]) -> bool:
    kind = _kind(runs)
    return kind is not None and not kind.gives_way


def _resumable(runs: Sequence[RunSummary]) -> bool:
    kind = _kind(runs)
    return kind is not None and bool(kind.hands_over) and runs[0].status_report.status in RESUMABLE


def _over(runs: Sequence[RunSummary]) -> bool:
    return _with_settings(runs) and runs[0].status_report.is_over


def _trained(runs: Sequence[RunSummary]) -> bool:
    kind = _kind(runs)
    return kind is not None and kind.needs_data_set


ACTIONS = (
    RunAction("open", "Show the run in the views", _one),
    RunAction("compare", "Compare the selected runs, which are of one kind", _of_one_kind),
    RunAction("settings", "Fill the form with the request of this run; for a check, select its bench", _with_settings),
    RunAction("resume", "Continue from the last completed step, as a new run", _resumable),
    RunAction("rerun", "Repeat with the same request, as a new run", _over, "repeat"),
    RunAction(FIGURES, "Draw all its figures in its folder; its details draw them one by one", _one),
    RunAction(EXPORT, "Export the data for other programs to its folder", _one),
    RunAction("folder", "Open the run folder", _one),
)
IN_MENU = (
    RunAction("classify with it", "Classify tokens with the trained network", _trained),
    RunAction("critical currents", "Show those of this chip against date, from all its runs", _one),
    RunAction(
        "redetect", "Apply the detector again to the readings, with other settings, as a new run", _over, "judge again"
    ),
    RunAction("baselines", "Compare the training with the perceptrons of the paper", _trained, "perceptrons"),
    RunAction("recover", "Recover the intact events of a damaged run into a new run", _one),
)
"""Only in the context menu."""
TO_FOLDER = "to a folder"
"""Export with choice of format and folder."""


def fill_export_menu(menu: QMenu, do: Callable[[str], None]) -> None:
    """Add an entry for each export format."""
    menu.setToolTipsVisible(True)
    for name, help_text in FORMATS.items():
        entry = menu.addAction(name)
        if entry:
            entry.setToolTip(tooltip(help_text))
            entry.triggered.connect(lambda _is_checked, name=name: do(f"{EXPORT} {name}"))
    if entry := menu.addAction(f"{TO_FOLDER} ..."):
        entry.setToolTip(tooltip("Choose format and folder"))
        entry.triggered.connect(lambda _is_checked: do(TO_FOLDER))


def context_menu(parent: QWidget, runs: Sequence[RunSummary], do: Callable[[str], None]) -> QMenu:
    """Menu of all actions; those that apply to ``runs`` are enabled."""
    menu = QMenu(parent)
    menu.setToolTipsVisible(True)
    for action in (*ACTIONS, *IN_MENU):
        if action.name == EXPORT:
            submenu = QMenu(EXPORT, menu)
            fill_export_menu(submenu, do)
            entry = menu.addMenu(submenu)
        else:
            entry = menu.addAction(action.text)
        if entry:
            entry.setToolTip(tooltip(action.help_text))
            entry.setEnabled(action.is_possible(runs))
            if action.name != EXPORT:
                entry.triggered.connect(lambda _is_checked, name=action.name: do(name))
    return menu
