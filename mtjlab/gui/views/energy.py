"""Energy of a run: of each phase, of an input, in junctions and leads, and of each source."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from markupsafe import Markup
from PyQt5.QtCore import QRectF, Qt
from PyQt5.QtGui import QBrush, QColor, QPainter, QPaintEvent
from PyQt5.QtWidgets import QVBoxLayout, QWidget

from mtjlab.domain import PerJunction, junction_label
from mtjlab.energy import PHASES, Energy, joules
from mtjlab.gui.look.formatting import number, per_cent
from mtjlab.gui.look.label import SPACE, Label, dot
from mtjlab.gui.look.tables import TextTable
from mtjlab.gui.look.text_size import scale
from mtjlab.gui.look.theme import Theme
from mtjlab.gui.run.energy_reader import EnergyReader
from mtjlab.gui.run.snapshot import Snapshot
from mtjlab.gui.views.data import Row
from mtjlab.gui.views.view import View
from mtjlab.gui.worker import Worker
from mtjlab.palette import energy_colours
from mtjlab.tables.energy import rows_of

BAR_PX = 22
PHASE_COLUMNS = (
    ("phase", "What the energy was spent on"),
    ("time / s", "Time spent in the phase"),
    ("energy", "Energy in all junctions"),
    ("estimated", "Part that was computed from the references"),
    ("per input", "Energy for each input presented"),
)
PART_COLUMNS = (
    ("junction", "Junction, and the source that feeds the node above it"),
    ("in junction", "Energy in the junction"),
    ("in leads", "Energy in its leads, by lead_resistance_ohm of the bench file"),
    ("delivered", "Energy delivered by the source"),
    ("absorbed", "Energy absorbed by the source"),
)


def energy_rows(snapshot: Snapshot) -> Iterable[Row]:
    """Yield the energies by phase, then by junction and source, as exported tables have them."""
    return rows_of(snapshot.energy) if snapshot.energy is not None else ()


class EnergyView(View):
    """A bar of the phases, and tables. It is computed in a separate thread, and only while it is in view."""

    title = "Energy"
    tabulate = staticmethod(energy_rows)
    help = (
        "Energy of the run, from its voltages and currents: by phase, for each input, in each junction and its leads, "
        "delivered and absorbed by each source. Hatched: estimated, computed from the references where nothing was "
        "read, as while control currents move. Tools, Energy of a run, projects it to other chains and pulses."
    )

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "The energy is shown once junctions carried currents.")
        self._reader, self._worker = EnergyReader(), Worker(self)
        self._asked: tuple[Path, PerJunction, int] | None = None
        self._energy: Energy | None = None
        self.heading, self._legend, self.bar = Label(), Label(), PhaseBar()
        self.phases = TextTable(PHASE_COLUMNS, range(1, len(PHASE_COLUMNS)))
        self.parts = TextTable(PART_COLUMNS, range(1, len(PART_COLUMNS)))
        self.set_content(self._laid_out())
        self._worker.done.connect(self._show_result)

    def _laid_out(self) -> QWidget:
        whole = QWidget()
        box = QVBoxLayout(whole)
        box.setContentsMargins(6, 4, 4, 2)
        for part in (self.heading, self.bar, self._legend):
            box.addWidget(part)
        for table, stretch in ((self.phases, 3), (self.parts, 2)):
            box.addWidget(table, stretch)
        return whole

    @property
    def is_busy(self) -> bool:
        """Whether something is being computed."""
        return self._worker.is_busy

    def end(self) -> None:
        """Wait for what is being computed."""
        self._worker.close()

    def draw(self, snapshot: Snapshot) -> bool:
        """Draw what is known of the run, and have the rest computed."""
        bench = snapshot.info.bench
        wanted = snapshot.info.folder, bench.leads_ohm if bench else (), snapshot.lines
        if self._asked is None or self._asked[0] != wanted[0]:
            self._energy = None
        if wanted != self._asked and not self._worker.is_busy:
            self._asked = wanted
            self._worker.start(lambda: self._reader.read(*wanted))
        energy = self._energy
        if energy is None or not energy.total_j:
            return False
        self._snapshot = replace(snapshot, energy=energy)
        self._fill(energy)
        return True

    def _show_result(self, result: object) -> None:
        """A run that cannot be read has no energy: the line of the run says why."""
        self._energy = result if isinstance(result, Energy) else None
        if self.is_in_view:
            self.redraw()

    def _fill(self, energy: Energy) -> None:
        colours = {name: self.theme.readable(colour) for name, colour in energy_colours(PHASES).items()}
        per_input = f"{joules(energy.input_j)} per input ({energy.inputs})" if energy.inputs else ""
        parts = (f"{joules(energy.total_j)} in junctions", per_input, f"{per_cent(energy.estimated_share)} estimated")
        self.heading.setText(SPACE.join(filter(None, parts)))
        present = [name for name in PHASES if energy.phases[name].junctions_j]
        self._legend.setText(SPACE.join([dot(name, colours[name]) for name in present] + [Markup("▨ estimated")]))
        self.bar.show_parts(
            [
                (colours[name], one.junctions_j / energy.total_j, one.estimated_j / energy.total_j)
                for name, one in energy.phases.items()
            ],
            self.theme.base,
        )
        self.phases.fill(
            [
                (
                    name,
                    number(one.duration_s, 4),
                    joules(one.junctions_j),
                    joules(one.estimated_j) if one.estimated_j else "",
                    joules(energy.per_input_j(name)),
                )
                for name, one in energy.phases.items()
            ]
        )
        columns = (energy.junctions_j, energy.leads_j, energy.delivered_j, energy.absorbed_j)
        rows = zip(*columns, strict=True)
        self.parts.fill([(junction_label(k), *map(joules, row)) for k, row in enumerate(rows)])


class PhaseBar(QWidget):
    """A bar divided into parts, each with its colour, its share, and the hatched share of it that is estimated."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[tuple[str, float, float]] = []
        self._ground = ""
        self.setFixedHeight(round(BAR_PX * scale()))

    def show_parts(self, parts: Sequence[tuple[str, float, float]], ground: str) -> None:
        """Show ``parts`` (colour, share, estimated share) on ``ground``."""
        self.parts, self._ground = list(parts), ground
        self.update()

    def paintEvent(self, _event: QPaintEvent | None) -> None:  # noqa: N802  Qt's name
        """Draw the bar."""
        painter = QPainter(self)
        left = 0.0
        for colour, share, estimated in self.parts:
            for width, is_hatched in ((share - estimated, False), (estimated, True)):
                box = QRectF(left * self.width(), 0, width * self.width(), self.height())
                painter.fillRect(box, QColor(self._ground if is_hatched else colour))
                if is_hatched:
                    painter.fillRect(box, QBrush(QColor(colour), Qt.BrushStyle.BDiagPattern))
                left += width
        painter.end()
