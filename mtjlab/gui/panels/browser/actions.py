"""What can be done with runs that are selected in the list, and with which of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PyQt5.QtWidgets import QMenu, QWidget

from mtjlab.gui.look.label import tooltip
from mtjlab.procedures.kind import Kind
from mtjlab.procedures.kinds import KINDS
from mtjlab.runs.run_summary import RunSummary

RESUMABLE = ("stopped", "failed", "crashed")
EXPORT = "export"
FORMATS = {
    "csv": "Plain tables",
    "netcdf": "NetCDF data sets, for xarray and the like",
    "pymeasure": "Files that PyMeasure's plotter opens",
}


@dataclass(frozen=True, slots=True)
class RunAction:
    """An action by its name, what it does, and whether it can be done with runs."""

    name: str
    told: str
    can: Callable[[Sequence[RunSummary]], bool]


def _one(runs: Sequence[RunSummary]) -> bool:
    return len(runs) == 1


def _kind(runs: Sequence[RunSummary]) -> Kind[Any] | None:
    """What kind of run it is, if it is one; what was judged again is of none."""
    return KINDS.get(runs[0].procedure) if _one(runs) else None


def _some(runs: Sequence[RunSummary]) -> bool:
    return bool(runs)


def _with_settings(runs: Sequence[RunSummary]) -> bool:
    kind = _kind(runs)
    return kind is not None and not kind.is_held


def _resumable(runs: Sequence[RunSummary]) -> bool:
    kind = _kind(runs)
    return kind is not None and bool(kind.hands_over) and runs[0].status_report.status in RESUMABLE


def _over(runs: Sequence[RunSummary]) -> bool:
    return _with_settings(runs) and runs[0].status_report.is_over


def _trained(runs: Sequence[RunSummary]) -> bool:
    kind = _kind(runs)
    return kind is not None and kind.learns


ACTIONS = (
    RunAction("open", "Show it in the views: live while it goes on, with a slider for its steps afterwards", _one),
    RunAction("compare", "Draw the recognition of all selected runs in one plot", _some),
    RunAction("settings", "Fill the form with what this run was asked; for a check, choose its bench", _with_settings),
    RunAction("resume", "Go on with it from what was complete last, as a new run", _resumable),
    RunAction("rerun", "Repeat it with all that it was asked, as a new run", _over),
    RunAction("figures", "Draw its figures into its folder", _one),
    RunAction(EXPORT, "Write what was measured for other programs, into its folder", _one),
    RunAction("folder", "Open its folder", _one),
)
CLASSIFY = RunAction("classify with it", "Have the network that it has learnt classify tokens", _trained)
"""Too rare for a button."""


def fill_export_menu(menu: QMenu, do: Callable[[str], None]) -> None:
    """An entry for each format."""
    menu.setToolTipsVisible(True)
    for name, told in FORMATS.items():
        entry = menu.addAction(name)
        if entry:
            entry.setToolTip(tooltip(told))
            entry.triggered.connect(lambda _is_checked, name=name: do(f"{EXPORT} {name}"))


def context_menu(parent: QWidget, runs: Sequence[RunSummary], do: Callable[[str], None]) -> QMenu:
    """All actions, of which those can be chosen that can be done with ``runs``."""
    menu = QMenu(parent)
    menu.setToolTipsVisible(True)
    for action in (*ACTIONS, CLASSIFY):
        if action.name == EXPORT:
            inside = QMenu(EXPORT, menu)
            fill_export_menu(inside, do)
            entry = menu.addMenu(inside)
        else:
            entry = menu.addAction(action.name)
        if entry:
            entry.setToolTip(tooltip(action.told))
            entry.setEnabled(action.can(runs))
            if action.name != EXPORT:
                entry.triggered.connect(lambda _is_checked, name=action.name: do(name))
    return menu
