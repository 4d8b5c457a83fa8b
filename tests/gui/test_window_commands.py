"""What is entered becomes a file that an engine carries out: in the form of ``run.toml``, with all that was entered."""

from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from mtjlab.config import SweepSettings
from mtjlab.config.section import Section
from mtjlab.experiment import Request, prepare_file
from mtjlab.gui.engines.files import command_name
from mtjlab.gui.window import MainWindow
from mtjlab.procedures.classify.plan import ClassifyPlan
from mtjlab.procedures.kinds import KINDS
from mtjlab.procedures.shift.plan import ShiftPlan
from mtjlab.procedures.sweep.plan import SweepPlan
from mtjlab.procedures.switching_map.plan import MapPlan
from mtjlab.text import read_toml
from tests.gui.windows import enter, fill
from tests.support.trainings import TABLE

ROW, OTHER = (-500.0, -490.0, -480.0), (-470.0, -460.0, -450.0)


@pytest.fixture
def window(common_window: MainWindow) -> MainWindow:
    """A window in which nothing has been entered but a training of 3 steps."""
    fill(common_window, steps=3)
    common_window.training.form.editors["train.check"].value = False
    measuring = common_window.measuring
    for kind in KINDS.values():
        if kind.form:
            measuring.fill(kind, measuring._defaults(kind))
    measuring.kinds.setCurrentIndex(0)
    return common_window


def prepared(order: list[str] | None, runs: Path) -> Request:
    """What the engine makes of an order, without a bench."""
    assert order is not None
    assert order[0] == "run"
    return prepare_file(Path(order[1]), runs)


def test_a_training_is_that_of_both_its_form_and_the_band(window: MainWindow) -> None:
    window.training.form.editors["train.check"].value = True
    order = window.commands.training()
    request = prepared(order, window.runs)
    assert request.config == window.training.plan
    assert (request.config.training.steps, request.seed) == (3, window.training.plan.seed)
    assert (request.plan.check, request.plan.data.classes) == (True, 3)  # type: ignore[attr-defined]
    assert (request.bench_file, request.simulate) == (window.band.path, False)
    assert order is not None
    assert order[2:] == ["--runs", str(window.runs), "--quiet", "--figures", "behind"]


@pytest.mark.parametrize(
    ("kind", "entered", "plan"),
    [
        (
            "sweep",
            {"controls_ua": "-500, -490, -480", "staircase.repetitions": "7"},
            SweepPlan(controls_ua=ROW, staircase=SweepSettings(repetitions=7)),
        ),
        ("sweep", {"controls_ua": ""}, SweepPlan(controls_ua=(-500.0,) * 3)),
        ("shift", {"controls_ua": "-470", "by_ua": "-20, 20"}, ShiftPlan(controls_ua=(-470.0,) * 3, by_ua=(-20, 20))),
        (
            "map",
            {"controls_ua": "-500, -490, -480; -470, -460, -450", "width_ua": "5", "most_probes": "300"},
            MapPlan(controls_ua=(ROW, OTHER), width_ua=5.0, most_probes=300),
        ),
    ],
)
def test_a_measurement_is_what_was_entered(
    qtbot: QtBot, window: MainWindow, kind: str, entered: dict[str, str], plan: Section
) -> None:
    window.measuring.kinds.setCurrentText(KINDS[kind].form)
    for key, text in entered.items():
        enter(qtbot, window.measuring.form, key, text)
    request = prepared(window.commands.measuring(), window.runs)
    assert (request.kind, request.plan) == (KINDS[kind], plan)
    assert request.config == window.training.plan


def test_a_way_that_is_chosen_counts(window: MainWindow) -> None:
    window.measuring.fill(KINDS["map"], {"way": "raster", "cell_ua": 90.0})
    request = prepared(window.commands.measuring(), window.runs)
    assert request.plan == MapPlan(controls_ua=((-500.0,) * 3,) * 2, way="raster", cell_ua=90.0)


@pytest.fixture
def here(window: MainWindow, trained: Path, monkeypatch: pytest.MonkeyPatch) -> MainWindow:
    """A window that was started in a folder with a training, its network and a table of tokens in it."""
    folder = window.runs.parent
    monkeypatch.chdir(folder)
    copytree(trained, window.runs / trained.parent.name / trained.name, dirs_exist_ok=True)
    (folder / "network.toml").write_bytes((trained / "network.toml").read_bytes())
    names = read_toml(trained / "network.toml")["features"]
    rows = [["label", "name", *names], ["ih", "mine", *["500"] * len(names)]]
    (folder / "tokens.csv").write_text("".join(f"{','.join(row)}\n" for row in rows), encoding="utf-8")
    return window


def classified(window: MainWindow, content: dict[str, Any]) -> ClassifyPlan:
    window.measuring.fill(KINDS["classify"], content)
    plan = prepared(window.commands.measuring(), window.runs).plan
    assert isinstance(plan, ClassifyPlan)
    return plan


@pytest.mark.parametrize("network", ["last", "runs/{run}", "{run}", "network.toml"])
def test_a_network_is_found_by_every_name_that_the_command_line_knows(
    here: MainWindow, trained: Path, network: str
) -> None:
    named = network.format(run=f"{trained.parent.name}/{trained.name}")
    network_file = read_toml(trained / "network.toml")
    plan = classified(here, {"network": named, "features": [[500.0] * len(network_file["features"])]})
    assert [list(row) for row in plan.network.control_currents_ua] == network_file["control_currents_ua"]
    assert len(plan.tokens) == 1


def test_a_table_of_tokens_named_from_here_is_found_by_an_engine(here: MainWindow) -> None:
    plan = classified(here, {"network": "last", "tokens": "tokens.csv", "times": 3})
    assert (plan.table, plan.times) == (str(here.runs.parent / "tokens.csv"), 3)
    assert [token.name for token in plan.tokens] == ["mine"]


def test_a_table_of_data_named_from_here_is_found_by_an_engine(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.csv").write_text(TABLE, encoding="utf-8")
    window.training.fill({"data": {"table": "mine.csv"}})
    order = window.commands.training()
    assert order is not None
    assert read_toml(Path(order[1]))["plan"]["data"]["table"] == str(Path("mine.csv").resolve())


def test_a_control_current_that_a_training_has_learnt_is_taken_from_it(here: MainWindow, trained: Path) -> None:
    here.measuring.fill(KINDS["map"], {"controls_of": "last"})
    plan = prepared(here.commands.measuring(), here.runs).plan
    assert isinstance(plan, MapPlan)
    assert [list(row) for row in plan.controls_ua] == read_toml(trained / "network.toml")["control_currents_ua"]


def test_a_check_and_a_bench_by_hand_are_asked_of_the_bench_of_the_band(window: MainWindow) -> None:
    check = prepared(window.commands.check(), window.runs)
    assert (check.kind, check.bench_file) == (KINDS["check"], window.band.path)
    assert window.commands.manual() == ["live", "--bench", str(window.band.path), "--runs", str(window.runs), "--quiet"]


def test_a_command_is_called_by_the_kind_of_run_that_it_asks_for(window: MainWindow, tmp_path: Path) -> None:
    for order, name in ((window.commands.training(), "train"), (window.commands.measuring(), "sweep")):
        assert order is not None
        assert command_name(order) == name
    assert command_name(["resume", "last"]) == "resume"
    assert command_name(["run", str(tmp_path / "gone.toml")]) == "run"
