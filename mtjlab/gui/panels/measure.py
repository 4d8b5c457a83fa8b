"""Setup and start of a measurement: curves, shift by control currents, switching map, classification."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from PyQt5.QtCore import pyqtSignal
from PyQt5.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from mtjlab.config import PlanConfig, PresentationSettings, SeededRunOptions
from mtjlab.config.keys import sections_of
from mtjlab.config.section import Section
from mtjlab.errors import RefusedError
from mtjlab.gui.dialogs import Prompts
from mtjlab.gui.engines.estimate import environment_of
from mtjlab.gui.engines.presets import Presets
from mtjlab.gui.look.formatting import BUSY
from mtjlab.gui.look.label import FAINT, ElidedLabel, Label, tooltip
from mtjlab.gui.look.steady import ESTIMATE_LINES, Room
from mtjlab.gui.panels.preset_button import PresetButton
from mtjlab.gui.panels.setup_form import SetupContext, SetupForm, show_summary
from mtjlab.procedures.kind import Kind
from mtjlab.procedures.kinds import KINDS
from mtjlab.time_text import width_text

PULSE_WIDTH = "pulse_width_s"
"""Key of the kinds that present tokens, instead of what the plan says."""
DONE, NOT_DONE = "Yes, done", "No, do not start"
AS_PLANNED = "as in the plan (Training)"
FROM_PLAN_HELP = (
    "Detector, reference sweep and presentation are those of the plan: open the dock Training to change them."
)
NO_PLAN = "The plan in Training is not valid. Correct it there: its detector and presentations are used here."


class MeasurePanel(QWidget):
    """A form for each kind of measurement, and the start buttons."""

    start_asked = pyqtSignal()
    queue_asked = pyqtSignal()

    def __init__(self, context: SetupContext, plan: Callable[[], PlanConfig | None]) -> None:
        """``plan`` returns the plan whose detector, references and presentations are used; None if it is not valid."""
        super().__init__()
        self._context, self._plan = context, plan
        self._is_free = True
        self._offered = ""
        self.kinds = QComboBox()
        self._offered_kinds = sorted((kind for kind in KINDS.values() if kind.form), key=_has_required_key)
        self.summary = Label()
        self.summary.setWordWrap(True)
        self.summary.setForegroundRole(FAINT)
        self.from_plan = ElidedLabel()
        self.kinds.addItems(kind.form for kind in self._offered_kinds)
        self._pages, self._value_pages = QStackedWidget(), QStackedWidget()
        self._value_pages.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Maximum)
        self._forms: dict[str, SetupForm] = {}
        self._values: dict[str, PresetButton] = {}
        self.estimate = Label()
        self.start, self.queue = QPushButton("Start measurement"), QPushButton("Queue")
        self.queue.setToolTip("Start when the runs before it have ended")
        self._lay_out()
        self.kinds.currentIndexChanged.connect(lambda _: self._choose())
        self.start.clicked.connect(self.start_asked)
        self.queue.clicked.connect(self.queue_asked)
        self._choose()

    @property
    def form(self) -> SetupForm:
        """The form that is shown."""
        return self._form_of(self.kind)

    @property
    def values(self) -> PresetButton:
        """Button with the values for the form that is shown."""
        self._form_of(self.kind)
        return self._values[self.kind.name]

    @property
    def kind(self) -> Kind[Any]:
        """Kind of measurement that is selected."""
        return self._offered_kinds[self.kinds.currentIndex()]

    @property
    def asked(self) -> Section | None:
        """Request in the form; None if it is not valid."""
        return self.form.asked(self.kind.options)

    def set_free(self, is_free: bool) -> None:
        """Set whether a measurement may be started; the window runs one at a time."""
        self._is_free = is_free
        self._update()

    def offer_network(self, folder: Path) -> None:
        """Fill in the training in ``folder`` as network, unless another network was entered."""
        before, self._offered = self._offered, str(folder)
        for name, form in self._forms.items():
            if _takes_network(KINDS[name]) and (form.content.get("network") or "") == before:
                form.content = {**form.content, "network": self._offered}

    def fill(self, kind: Kind[Any], content: dict[str, Any]) -> None:
        """Show the form of ``kind``, filled with the request of a run."""
        self._form_of(kind).content = content
        self.kinds.setCurrentIndex(self._offered_kinds.index(kind))

    def classify_with(self, folder: Path) -> None:
        """Show the form of the classification with the network of the training in ``folder``."""
        for kind in self._offered_kinds:
            if _takes_network(kind):
                self.fill(kind, {"network": str(folder)})

    def fill_confirmed(self, prompts: Prompts) -> bool:
        """Ask what the operator has to do first, step by step; whether the form is filled then, ready to start."""
        kind = next(kind for kind in self._offered_kinds if kind.confirmations)
        for questions in kind.confirmations.values():
            if any(prompts.choice(kind.form.capitalize(), one, (DONE, NOT_DONE)) != DONE for one in questions):
                return False
        self.fill(kind, {**self._form_of(kind).content, **dict.fromkeys(kind.confirmations, True)})
        return True

    def refresh(self) -> None:
        """Update for a changed plan, from which some defaults come."""
        self.form.set_defaults(self._defaults(self.kind))
        self.form.look_again()

    def _choose(self) -> None:
        self._pages.setCurrentWidget(self.form)
        self._value_pages.setCurrentWidget(self.values)
        self.summary.setText(self.kind.summary)
        self.refresh()

    def _update(self) -> None:
        self.from_plan.setText(text := self._from_plan())
        self.from_plan.setToolTip(tooltip(f"{text}. {FROM_PLAN_HELP}" if text else ""))
        is_valid = not self.form.complaints and self._plan() is not None
        if self._plan() is None:
            self.estimate.setText(NO_PLAN)
        else:
            show_summary(self.estimate, self.form)
        self.queue.setEnabled(is_valid)
        self.start.setEnabled(is_valid and self._is_free)
        self.start.setText("Start measurement" if self._is_free else BUSY)

    def _from_plan(self) -> str:
        """What the selected kind takes from the plan in Training, and how it applies inputs."""
        plan, width_s = self._plan(), self.form.content.get(PULSE_WIDTH)
        if plan is None:
            return ""
        if not _presents_tokens(self.kind):
            return f"Detector {AS_PLANNED}"
        if isinstance(width_s, int | float) and width_s > 0:
            return f"Pulses of {width_text(width_s)}; detector {AS_PLANNED}"
        return f"{_inputs_in_words(plan.presentation)}, {AS_PLANNED}"

    def _lay_out(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(8, 8, 8, 8)
        top = QHBoxLayout()
        top.addWidget(self.kinds, stretch=1)
        top.addWidget(self._value_pages)
        box.addLayout(top)
        box.addWidget(self.summary)
        box.addWidget(self.from_plan)
        box.addWidget(self._pages, stretch=1)
        box.addWidget(Room(self.estimate, ESTIMATE_LINES))
        line = QHBoxLayout()
        for button, share in ((self.start, 3), (self.queue, 1)):
            button.setMinimumHeight(38)
            line.addWidget(button, stretch=share)
        box.addLayout(line)

    def _form_of(self, kind: Kind[Any]) -> SetupForm:
        """The form of ``kind``, created at its first use: creating all of them would delay the start of the window."""
        if (form := self._forms.get(kind.name)) is None:
            context, unfolded = self._context, tuple(section.name for section in sections_of(kind.options))
            form = SetupForm(kind, kind.options, unfolded, SeededRunOptions, {}, context)
            self._forms[kind.name] = form
            form.request = lambda: self._request(kind)
            form.content = self._defaults(kind)
            form.changed.connect(self._update)
            self._pages.addWidget(form)
            self._values[kind.name] = PresetButton(form, Presets(context.presets / kind.name), context.prompts)
            self._value_pages.addWidget(self._values[kind.name])
        return form

    def _request(self, kind: Kind[Any]) -> tuple[Section, PlanConfig] | None:
        asked, plan = self._forms[kind.name].asked(kind.options), self._plan()
        return None if asked is None or plan is None else (asked, plan)

    def _defaults(self, kind: Kind[Any]) -> dict[str, Any]:
        """Initial content of a form: the defaults of the kind, where they are known."""
        offered = {"network": self._offered} if self._offered and _takes_network(kind) else {}
        plan = self._plan() or PlanConfig()
        try:
            environment = environment_of(plan, self._context.band.config, self._context.runs)
            return {**kind.resolve(kind.options(), environment).model_dump(mode="json"), **offered}
        except (RefusedError, ValidationError):
            return offered


def _takes_network(kind: Kind[Any]) -> bool:
    return "network" in kind.options.model_fields


def _presents_tokens(kind: Kind[Any]) -> bool:
    return PULSE_WIDTH in kind.options.model_fields


def _inputs_in_words(settings: PresentationSettings) -> str:
    """How a presentation applies an input."""
    if settings.is_pulsed:
        return f"Pulses of {width_text(settings.width_s)}"
    return f"Inputs held for {width_text(settings.dwell_s)}"


def _has_required_key(kind: Kind[Any]) -> bool:
    """Whether something must be entered before the start; such forms are listed last."""
    return any(key.is_required() for key in kind.options.model_fields.values())
