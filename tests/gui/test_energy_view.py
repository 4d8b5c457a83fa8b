"""The energy of a run in the window: computed while it is in view, at any place of the run."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from mtjlab.energy import PHASES
from mtjlab.energy_meter import energy_of
from mtjlab.gui.look.theme import DARK
from mtjlab.gui.run.energy_reader import EnergyReader
from mtjlab.gui.run.snapshot import Snapshot
from mtjlab.gui.run.snapshot_builder import SnapshotBuilder
from mtjlab.gui.views.energy import EnergyView
from mtjlab.reading import read_events
from mtjlab.runs.opened import run_of
from mtjlab.store import Follower
from tests.gui.windows import PATIENCE_MS


@pytest.fixture(scope="module")
def builder(trained: Path) -> SnapshotBuilder:
    read = SnapshotBuilder(trained)
    read.take(Follower(trained).lines())
    return read


def shown(qtbot: QtBot, snapshot: Snapshot) -> EnergyView:
    view = EnergyView(DARK)
    qtbot.addWidget(view)
    view.resize(700, 300)
    view.show()
    view.show_snapshot(snapshot)
    qtbot.waitUntil(lambda: not view.is_empty, timeout=PATIENCE_MS)
    return view


def test_the_tables_show_the_energy_of_the_run(qtbot: QtBot, builder: SnapshotBuilder, trained: Path) -> None:
    view, energy = shown(qtbot, builder.snapshot), run_of(trained).energy
    names = [view.phases.item(row, 0).text() for row in range(view.phases.rowCount())]  # type: ignore[union-attr]
    assert names == list(PHASES)
    assert view.parts.rowCount() == len(energy.junctions_j)
    shares = {name: energy.phases[name].junctions_j / energy.total_j for name in PHASES}
    assert [share for _, share, _ in view.bar.parts] == pytest.approx(list(shares.values()))
    assert f"{100 * energy.estimated_share:.1f} % estimated" in view.heading.text()
    view.end()


def test_copied_data_are_those_of_exported_tables(qtbot: QtBot, builder: SnapshotBuilder, trained: Path) -> None:
    view, energy = shown(qtbot, builder.snapshot), run_of(trained).energy
    rows = view.data()
    assert sum(row["Energy (J)"] for row in rows if "Phase" in row) == pytest.approx(energy.total_j)
    assert [row["Absorbed (J)"] for row in rows if "Junction" in row] == pytest.approx(list(energy.absorbed_j))
    assert all(row["Simulated"] for row in rows)
    view.end()


def test_a_replay_shows_the_energy_up_to_its_place(qtbot: QtBot, builder: SnapshotBuilder) -> None:
    view = shown(qtbot, builder.snapshot)
    whole = view.heading.text()
    view.show_snapshot(builder.at_step(1))
    qtbot.waitUntil(lambda: view.heading.text() != whole, timeout=PATIENCE_MS)
    view.show_snapshot(builder.snapshot)
    qtbot.waitUntil(lambda: view.heading.text() == whole, timeout=PATIENCE_MS)
    view.end()


def test_nothing_is_computed_while_it_is_hidden(qtbot: QtBot, builder: SnapshotBuilder) -> None:
    view = EnergyView(DARK)
    qtbot.addWidget(view)
    view.show_snapshot(builder.snapshot)
    assert not view.is_busy
    view.end()


def test_it_reads_on_from_where_it_is_and_again_to_go_back(trained: Path) -> None:
    events, reader = list(read_events(trained)), EnergyReader()
    for lines in (100, 400, 50):
        assert reader.read(trained, (), lines).total_j == pytest.approx(energy_of(events[:lines]).total_j)
        assert reader.lines == lines
