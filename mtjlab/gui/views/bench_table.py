"""Table of the instruments of a bench: model, address, state, identity and settings."""

from collections.abc import Iterator

from markupsafe import Markup
from PyQt5.QtCore import Qt

from mtjlab.config import BenchConfig, InstrumentBenchConfig
from mtjlab.gui.look.bench_text import chip_text
from mtjlab.gui.look.formatting import whole
from mtjlab.gui.look.label import Label
from mtjlab.gui.look.tables import TextTable
from mtjlab.gui.look.theme import Theme
from mtjlab.gui.run.snapshot import Snapshot
from mtjlab.gui.views import data
from mtjlab.gui.views.chain_rows import rows as chain_rows
from mtjlab.gui.views.plots import with_texts
from mtjlab.gui.views.view import View

NOT_CONNECTED = "not connected"
MAX_PX = 220
"""Largest width of a column."""
COLUMNS = {
    "role": "A source feeds the node above its junction; a voltmeter measures V across one junction",
    "model": "As named in the bench file",
    "address": "VISA address",
    "state": "Current of a source or reading of a voltmeter, or whether it is connected",
    "identity": "Reply to *IDN? in this run",
    "settings as read back": "Range, compliance and integration time, read back before any output was switched on",
}


class BenchTable(View):
    """A row for each instrument of the run shown, or of the bench selected since."""

    title = "Bench"
    tabulate = staticmethod(data.bench)
    help = (
        "The instruments of the bench by role. State: current of a source (I_dc) and voltage at a voltmeter (V) while "
        "the run lasts. Identity and settings are the replies of the instruments in this run."
    )

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "No bench is selected.")
        self._heading = Label()
        self._heading.setWordWrap(True)
        self._heading.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.table = TextTable(list(COLUMNS.items()), max_px=MAX_PX)
        self.set_content(with_texts(self._heading, self.table))
        self._chosen: BenchConfig | None = None

    def choose(self, bench: BenchConfig) -> None:
        """Show ``bench`` until a run is shown."""
        self._chosen = bench
        self.show_snapshot(None)

    def redraw(self) -> None:
        """Draw the run shown, otherwise the bench selected."""
        if self._snapshot is not None:
            super().redraw()
        elif self._chosen is not None:
            self._fill([(*part, NOT_CONNECTED, "", "") for part in _parts(self._chosen)])
            self._heading.setText(_heading(self._chosen, None))
            self.show_content(True)
        else:
            self.show_content(False)

    def draw(self, snapshot: Snapshot) -> bool:
        """Update the table."""
        bench = snapshot.info.bench
        if bench is None:
            return False
        replies = {one.role: (one.identity, one.settings) for one in snapshot.instruments}
        states = states_of(snapshot)
        self._fill(
            [(*part, states.get(part[0], NOT_CONNECTED), *replies.get(part[0], ("", ""))) for part in _parts(bench)]
        )
        self._heading.setText(_heading(bench, snapshot))
        return True

    def _fill(self, rows: list[tuple[str, ...]]) -> None:
        self.table.fill(rows)
        self.table.setVisible(bool(rows))


def states_of(snapshot: Snapshot) -> dict[str, str]:
    """Current of each source and reading of each voltmeter, by role; empty before outputs are on."""
    if not snapshot.instruments:
        return {}
    if snapshot.state.safe or snapshot.state.ended:
        off = "off, read back" if snapshot.state.safe else "unknown"
        return {one.role: off for one in snapshot.instruments}
    states = {one.role: "on, 0 µA" if one.role.startswith("source") else "ready" for one in snapshot.instruments}
    for k, row in enumerate(chain_rows(snapshot)):
        states |= {f"source J{k + 1}": f"on, {whole(row.source_ua)} µA"}
        states |= {f"voltmeter J{k + 1}": f"{whole(row.voltage_mv)} mV across J{k + 1}"}
    return states if snapshot.is_now else {role: f"then {state}" for role, state in states.items()}


def _heading(bench: BenchConfig, snapshot: Snapshot | None) -> Markup:
    limits = bench.limits
    parts = [
        Markup("<b>{}</b>, {}").format(bench.name, chip_text(bench.device.name)),
        f"junctions {limits.junction_current_min_ua:g} to {limits.junction_current_max_ua:g} µA, "
        f"up to {limits.junction_voltage_refuse_mv:g} mV, a warning above {limits.junction_voltage_warn_mv:g} mV",
    ]
    if snapshot and snapshot.field:
        parts.append(f"field {snapshot.field.field_mt:.1f} mT, {snapshot.field.how}")
    if not isinstance(bench, InstrumentBenchConfig):
        parts.append("junctions simulated in process: no instruments")
    return Markup("<br>").join(parts)


def _parts(bench: BenchConfig) -> Iterator[tuple[str, str, str]]:
    """Yield role, model and address of each instrument."""
    if not isinstance(bench, InstrumentBenchConfig):
        return
    for role, sections in (("source", bench.sources), ("voltmeter", bench.voltmeters)):
        for label, section in sections.items():
            yield f"{role} {label}", section.model, section.address
    yield from bench.field.parts
