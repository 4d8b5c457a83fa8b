"""The band across the top: the bench of the next run, as text and colour, and the emergency stop."""

from pathlib import Path

from PyQt5.QtCore import QEvent, Qt, pyqtSignal
from PyQt5.QtGui import QColor, QPalette
from PyQt5.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QWidget

from mtjlab.config import BenchConfig, InstrumentBenchConfig, read_bench
from mtjlab.gui.engines.files import bench_files
from mtjlab.gui.look.bench_text import bench_text
from mtjlab.gui.look.buttons import CheckBox
from mtjlab.gui.look.flow import FlowLayout
from mtjlab.gui.look.formatting import as_html
from mtjlab.gui.look.label import Label, OpenedLabel, tooltip
from mtjlab.gui.look.steady import keep_place, keep_width
from mtjlab.gui.look.text_size import LARGE_PT, keep_points
from mtjlab.gui.look.theme import EMERGENCY, ON_REAL, ON_SIMULATED, REAL, SIMULATED

OTHER = "another file ..."
REAL_TEXT, SIMULATED_TEXT = "REAL BENCH", "SIMULATED"
CONNECT, DISCONNECT = "Connect", "Disconnect"
WORDS_PT = 15.0
NAME_LETTERS, SUMMARY_PX = 14, 60
SUMMARY_HELP = "Bench, chip, and field along the easy axis; a reading is that of the gaussmeter"

STOP_STYLE = f"""
    QPushButton {{
        background: {EMERGENCY}; color: white; border: 3px solid white; border-radius: 8px; padding: 6px 18px;
    }}
    QPushButton:pressed {{ background: #8f0d06; }}
"""
FAILURE_HELP = "Click to read and copy it."


class BenchBand(QWidget):
    """Selection of the bench. ``changed`` is emitted for another bench, ``other_asked`` to choose another file.

    It shows what could not be started on the bench until something else is tried; ``failure_opened`` gives its title
    and the whole reason, when that is clicked.
    """

    changed = pyqtSignal()
    other_asked = pyqtSignal()
    connect_asked = pyqtSignal()
    check_asked = pyqtSignal()
    safe_asked = pyqtSignal()
    emergency = pyqtSignal()
    failure_opened = pyqtSignal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self.words = keep_width(Label(), REAL_TEXT, SIMULATED_TEXT)
        self.benches = QComboBox()
        self.benches.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.benches.setMinimumContentsLength(NAME_LETTERS)
        self.simulate = CheckBox("simulated instruments")
        self.simulate.setToolTip("Use simulated instruments of the same models and wiring")
        self.summary = OpenedLabel(min_px=SUMMARY_PX)
        self._failure: tuple[str, str] | None = None
        self.connection = keep_width(QPushButton(), CONNECT, DISCONNECT)
        self.check = QPushButton("Check wiring")
        self.check.setToolTip("Move one source at a time by 10 µA and check which voltmeters respond")
        self.safe = QPushButton("Sources off")
        self.safe.setToolTip("Ramp all sources of this bench to zero and switch them off")
        self.stop = QPushButton("EMERGENCY STOP")
        self.stop.setToolTip("All sources to zero at once, in every active run (Ctrl+Shift+E or F12)")
        self.stop.setCursor(Qt.CursorShape.PointingHandCursor)
        self.stop.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # it has keys of its own, and Space is pressed by mistake
        self._configs: dict[Path, BenchConfig] = {}
        self._lay_out()
        for path, config in bench_files().items():
            self._add(path, config)
        self.benches.addItem(OTHER)
        self.benches.activated.connect(self._choose)
        self.simulate.toggled.connect(lambda _: self._update())
        self.connection.clicked.connect(self.connect_asked)
        self.check.clicked.connect(self.check_asked)
        self.safe.clicked.connect(self.safe_asked)
        self.stop.clicked.connect(self.emergency)
        self.summary.opened.connect(lambda: self.failure_opened.emit(*(self._failure or ("", ""))))
        self._update()
        self.show_connection(is_held=False, is_free=True)

    @property
    def path(self) -> Path:
        """Path of the bench file."""
        return Path(self.benches.currentData())

    @property
    def config(self) -> BenchConfig:
        """Content of the bench file."""
        return self._configs[self.path]

    @property
    def is_simulated(self) -> bool:
        """Whether instruments are simulated; False for a bench simulated in process, which has none."""
        return isinstance(self.config, InstrumentBenchConfig) and self.simulate.isChecked()

    @property
    def is_real(self) -> bool:
        """Whether currents will flow through a real chip."""
        return isinstance(self.config, InstrumentBenchConfig) and not self.simulate.isChecked()

    def choose(self, path: Path) -> None:
        """Select a bench file.

        Raises:
            RefusedError: it is not a valid bench file.
        """
        if path not in self._configs:
            self._add(path, read_bench(path), self.benches.count() - 1)
        self.benches.setCurrentIndex(self.benches.findData(str(path)))
        self._update()

    def use(self, path: Path, is_simulated: bool) -> None:
        """Select the bench of an old run, with simulated instruments if it used them.

        Raises:
            RefusedError: the file is no longer a valid bench file.
        """
        self.choose(path)
        self.simulate.setChecked(is_simulated)

    def show_connection(self, is_held: bool, is_free: bool) -> None:
        """Show whether the bench is under manual control, and whether it is free for another run."""
        self.connection.setText(DISCONNECT if is_held else CONNECT)
        self.connection.setToolTip(
            "Disconnect the bench: all sources to zero, outputs off"
            if is_held
            else "Connect the bench with all sources at zero, for manual control of its currents"
        )
        self.connection.setEnabled(is_held or is_free)
        self.check.setEnabled(is_free)
        self.safe.setEnabled(is_free)
        for part in (self.benches, self.simulate):
            part.setEnabled(is_free and not is_held)
        self._update_summary()  # the field may have been entered since

    def show_failure(self, title: str, text: str) -> None:
        """Show what could not be started, such as "Not connected", and why."""
        for path in map(str, (self.path.resolve(), self.path)):  # the field beside it names the file
            text = text.replace(f"{path}: ", "").replace(path, self.path.name)
        self._failure = title, text
        self._update_summary()

    def clear_failure(self) -> None:
        """Show the bench again."""
        self._failure = None
        self._update_summary()

    def _add(self, path: Path, config: BenchConfig, at: int | None = None) -> None:
        self._configs[path] = config
        self.benches.insertItem(self.benches.count() if at is None else at, path.stem, str(path))

    def _choose(self, index: int) -> None:
        if self.benches.itemData(index) is None:  # without another file the present bench stays
            self.benches.setCurrentIndex(self._chosen)
            self.other_asked.emit()
        self._update()

    def _update(self) -> None:
        config, self._chosen, self._failure = self.config, self.benches.currentIndex(), None
        self.benches.setToolTip(tooltip(f"Bench file of the next run: {self.path.resolve()}"))
        self.simulate.setVisible(isinstance(config, InstrumentBenchConfig))
        self.safe.setVisible(self.is_real)
        self.words.setText(REAL_TEXT if self.is_real else SIMULATED_TEXT)
        self._update_summary()
        palette, colours = QPalette(), (REAL, ON_REAL) if self.is_real else (SIMULATED, ON_SIMULATED)
        for role, colour in zip((QPalette.ColorRole.Window, QPalette.ColorRole.WindowText), colours, strict=True):
            palette.setColor(role, QColor(colour))
        self.setPalette(palette)
        self.changed.emit()

    def _update_summary(self) -> None:
        self.summary.has_more = self._failure is not None
        if self._failure is not None:
            title, reason = self._failure
            self.summary.setText(f"{title}: {' '.join(reason.split())}")
            self.summary.setToolTip(tooltip(f"{title}: {reason} {FAILURE_HELP}"))
            return
        text = bench_text(self.config, self.is_simulated)
        self.summary.setText(text)
        field = text.partition("\n")[2]  # stays whole: the band has a second line rather
        self.summary.setMinimumWidth(max(SUMMARY_PX, self.summary.fontMetrics().horizontalAdvance(field)))
        self.summary.setToolTip(as_html(*text.splitlines(), SUMMARY_HELP))

    def changeEvent(self, event: QEvent | None) -> None:  # noqa: N802  Qt's name
        """Keep room for larger text."""
        super().changeEvent(event)
        if event is not None and event.type() == QEvent.Type.FontChange:
            self._update_summary()

    def _lay_out(self) -> None:
        self.setAutoFillBackground(True)
        keep_points(self.words, WORDS_PT, is_bold=True)
        keep_points(self.stop, LARGE_PT, is_bold=True)
        self.stop.setStyleSheet(STOP_STYLE)
        box = QHBoxLayout(self)
        box.setContentsMargins(12, 6, 8, 6)
        box.setSpacing(12)
        flow = FlowLayout(spacing=8)
        for part in (self.words, self.benches, self.simulate, self.summary, self.connection, self.check, self.safe):
            flow.addWidget(part)
        for part in (self.simulate, self.safe):
            keep_place(part)
        box.addLayout(flow, stretch=1)
        box.addWidget(self.stop)
