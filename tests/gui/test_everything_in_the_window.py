"""Everything that a command can do, the window can do: each command, argument and option has its place in it."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import click
import pytest
from PyQt5.QtCore import QObject
from PyQt5.QtWidgets import QAction

from mtjlab.cli.commands import mtjlab
from mtjlab.config.keys import keys_of
from mtjlab.gui.engines.tools import BY_COMMAND
from mtjlab.gui.look.qt import sure
from mtjlab.gui.panels.browser.actions import IN_MENU
from mtjlab.gui.panels.form import SectionForm
from mtjlab.gui.window import MainWindow
from mtjlab.procedures.kinds import KINDS

Place = Callable[[MainWindow], object]


def commands(group: click.Group = mtjlab, path: str = "") -> Iterator[tuple[str, click.Command]]:
    """Every command that can be typed, with its words."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command, words = sure(group.get_command(context, name)), f"{path} {name}".strip()
        if isinstance(command, click.Group):
            yield from commands(command, words)
        if not isinstance(command, click.Group) or command.invoke_without_command:
            yield words, command


def entry(menu: str, text: str) -> Place:
    """An entry of a menu."""

    def find(window: MainWindow) -> QAction:
        menus = {action.text().replace("&", ""): sure(action.menu()) for action in sure(window.menuBar()).actions()}
        return next(action for action in menus[menu].actions() if action.text().replace("&", "") == text)

    return find


def button_of_runs(name: str) -> Place:
    """A button of the list of runs."""
    return lambda window: window.browser.buttons[name]


def in_menu_of_runs(name: str) -> Place:
    """An entry of the context menu of the list of runs."""
    return lambda _window: next(action for action in IN_MENU if action.name == name)


ALWAYS: Mapping[str, Place] = {
    "--bench": lambda window: window.band.benches,
    "--plan": lambda window: window.training.plans,
    "--simulate": lambda window: window.band.simulate,
    "--runs": lambda window: window.browser.root,  # mtjlab gui --runs
    "run": lambda window: window.browser.table,
    "--confirm-shorted": lambda window: window.prompts.choice,  # a question before the run
}
ON_A_TERMINAL_ALONE = ("--json", "--quiet", "--figures")
"""The window reads runs, not what is printed; figures of its runs are drawn behind, so that they never hold a bench."""
PLACES: Mapping[str, tuple[Place, Mapping[str, Place]]] = {
    "run": (entry("File", "Start from a request file ..."), {"file": entry("File", "Start from a request file ...")}),
    "ask": (
        lambda window: window.docks["Manual"],
        {"--controls": lambda window: window.manual, "--input": lambda window: window.manual},
    ),
    "runs": (
        lambda window: window.docks["Runs"],
        {
            "folder": lambda window: window.browser.root,
            "--status": lambda window: window.browser.search,
            "--procedure": lambda window: window.browser.search,
            "--search": lambda window: window.browser.search,
            "--sort": lambda window: window.browser.table.horizontalHeader(),
        },
    ),
    "show": (lambda window: window.docks["Log"], {}),
    "follow": (button_of_runs("open"), {}),
    "stop": (lambda window: window.run_bar.stop, {"--now": lambda window: window.run_bar.stop}),
    "resume": (button_of_runs("resume"), {}),
    "rerun": (button_of_runs("rerun"), {}),
    "recover": (in_menu_of_runs("recover"), {}),
    "redetect": (in_menu_of_runs("redetect"), {}),
    "figures": (button_of_runs("figures"), {"names": lambda window: window.browser.details}),
    "baselines": (in_menu_of_runs("baselines"), {}),
    "export": (button_of_runs("export"), {}),
    "safe": (lambda window: window.band.safe, {}),
    "gui": (lambda window: window, {}),
    "help": (entry("Help", "Guide"), {"topic": entry("Help", "Guide")}),
    "train": (
        lambda window: window.training.start,
        {"--pulse-width": lambda window: window.training.form.editors["presentation.width_s"].widget},
    ),
    "check": (lambda window: window.band.check, {}),
    "live": (lambda window: window.band.connection, {}),
    **{name: (lambda window: window.measuring.start, {}) for name, kind in KINDS.items() if kind.form},
}
"""Where a command is in the window, and those of its options that are no fields of a form."""
WITH_OPTIONS = {"live": "Connect with ...", "check": "Check wiring with ..."}


def form_of(window: MainWindow, command: str) -> SectionForm | None:
    """The form with the options of a command."""
    if command == "train":
        return window.training.form
    if command in WITH_OPTIONS:
        entry("Run", WITH_OPTIONS[command])(window)
        return window.open_options(command, command).form
    if command in KINDS:
        window.measuring.kinds.setCurrentText(KINDS[command].form)
        assert window.measuring.kind is KINDS[command]
        return window.measuring.form
    return window.toolbox.open(command).form if command in BY_COMMAND else None


def fields(form: SectionForm | None) -> Mapping[str, object]:
    """Widgets of a form, by the option that each stands for."""
    if form is None:
        return {}
    found: dict[str, object] = {}
    for editor in form.editors.values():
        found[f"--{editor.field.option.name}"] = found[editor.field.key] = editor.widget
        found[f"key_{editor.field.option.name}"] = editor.widget  # an argument of a kind of run
    return found | {"--fault": found.get("--faults", found.get("--fault"))}


@pytest.mark.parametrize(("name", "command"), list(commands()), ids=lambda part: part if isinstance(part, str) else "")
def test_every_command_and_option_has_its_place(common_window: MainWindow, name: str, command: click.Command) -> None:
    tool = BY_COMMAND.get(name)
    place, options = PLACES.get(name, (entry("Tools", f"{tool.title} ...") if tool else None, {}))
    assert place is not None, f"`mtjlab {name}` has no place in the window"
    assert place(common_window) is not None
    if tool:
        assert isinstance(entry("Tools", f"{tool.title} ...")(common_window), QObject)
    of_form = fields(form_of(common_window, name))
    for parameter in command.params:
        option = sure(parameter.opts)[0]
        if option not in ON_A_TERMINAL_ALONE:
            there: Any = of_form.get(option) or (options | ALWAYS)[option](common_window)
            assert there is not None, option
    common_window.toolbox.end()


def test_a_tool_has_the_options_of_its_command() -> None:
    of_commands = dict(commands())
    for name, tool in BY_COMMAND.items():
        known = {parameter.opts[0].removeprefix("--") for parameter in of_commands[name].params}
        asked = {key.key if key.option.is_argument else key.option.name for key in keys_of(tool.model)}
        needed = {"run": {"run", "runs"}, "bench": {"bench"}, "runs": {"runs"}, "": set()}[tool.needs]
        assert known - {option.removeprefix("--") for option in ON_A_TERMINAL_ALONE} == asked | needed, name
