"""Button of a form with its presets, the values of the last run, and the defaults."""

import os
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from PyQt5.QtWidgets import QMenu, QToolButton

from mtjlab.errors import RefusedError
from mtjlab.gui.dialogs import Prompts
from mtjlab.gui.engines.presets import Presets
from mtjlab.gui.look.buttons import MenuButton
from mtjlab.gui.look.qt import sure
from mtjlab.gui.panels.form import SectionForm
from mtjlab.text import read_toml


class PresetButton(MenuButton):
    """A menu that fills ``form`` from ``presets``, and keeps what is entered as a preset; ``more`` adds entries."""

    def __init__(self, form: SectionForm, presets: Presets, prompts: Prompts) -> None:
        super().__init__()
        self.form, self._presets, self._prompts = form, presets, prompts
        self.setText("Values ▾")
        self.setToolTip("Defaults, values of the last run, and presets of this form")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu_of_values = QMenu(self)
        self.menu_of_values.aboutToShow.connect(self._fill)
        self.setMenu(self.menu_of_values)
        self.more: list[tuple[str, Callable[[], object]]] = []

    def keep_last_used(self) -> None:
        """Keep the content of the form as that of the last run; a full disk must not keep a run from starting."""
        with suppress(RefusedError):
            self._presets.save(self._presets.last_used, self.form.content)

    def _fill(self) -> None:
        menu = self.menu_of_values
        menu.clear()
        self._add(menu, "Defaults", self.form.reset)
        last = self._presets.last_used
        self._add(menu, "Values of the last run", partial(self._load, last), os.path.isfile(last))
        menu.addSeparator()
        presets = self._presets.files
        for name, file in presets.items():
            self._add(menu, name, partial(self._load, file))
        menu.addSeparator()
        self._add(menu, "Save as preset ...", self._save)
        deleting = sure(menu.addMenu("Delete preset"))
        deleting.setEnabled(bool(presets))
        for name, file in presets.items():
            self._add(deleting, name, partial(self._presets.delete, file))
        menu.addSeparator()
        for text, do in self.more:
            self._add(menu, text, do)

    def _add(self, menu: QMenu, text: str, do: Callable[[], Any], is_enabled: bool = True) -> None:
        entry = sure(menu.addAction(text.replace("&", "&&")))
        entry.setEnabled(is_enabled)
        entry.triggered.connect(lambda _checked: do())

    def _load(self, file: Path) -> None:
        self.form.fill_from(file, read_toml(file))

    def _save(self) -> None:
        if name := self._prompts.text("Save as preset", "Name of the preset:"):
            self._presets.save(self._presets.file(name), self.form.content)
