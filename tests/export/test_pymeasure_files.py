"""PyMeasure itself opens the files: Results.load anywhere, its window with the script beside them."""

import importlib.util
import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest
from pymeasure.experiment import Results
from pymeasure.experiment.procedure import Procedure

from mtjlab.events import JunctionsMeasured, Presented, SweepPoint
from mtjlab.export import export_run
from mtjlab.export.exported import Exported
from mtjlab.export.pymeasure_files import write_pymeasure
from mtjlab.reading import read_events
from tests.support.journals import folded

Made = Callable[[str], Path]


@pytest.fixture(scope="module")
def shift(made: Made) -> Path:
    """The folder of an exported shift: one file for each set of control currents."""
    return export_run(made("shift"), "pymeasure")[0].parent


@pytest.fixture(scope="module")
def view(shift: Path) -> ModuleType:
    """The script that lies beside the files."""
    spec = importlib.util.spec_from_file_location("view", shift / "view.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def handlers() -> Iterator[None]:
    """PyMeasure's window logs into itself, also when it is gone."""
    root, own = logging.getLogger(), logging.getLogger("pymeasure")
    before, level = list(root.handlers), own.level
    yield
    root.handlers[:] = before
    own.setLevel(level)


def curves(folder: Path, series: int) -> list[SweepPoint]:
    points, known = [], False
    for event in read_events(folder):
        known = known or isinstance(event, JunctionsMeasured)
        if isinstance(event, SweepPoint) and known and event.series == series:
            points.append(event)
    return points


def test_there_is_a_file_for_each_sweep_and_series(shift: Path, made: Made) -> None:
    series = len(folded(read_events(made("shift"))).curves)
    assert {path.name for path in shift.iterdir()} == {
        "reference-sweep-000.csv", *(f"curves-{k:03}.csv" for k in range(series)), "view.py",
    }  # fmt: skip


@pytest.mark.parametrize("series", [0, 3])
def test_results_load_without_anything_of_ours(shift: Path, made: Made, series: int) -> None:
    results = Results.load(str(shift / f"curves-{series:03}.csv"))
    expected = [
        (point.reading.input_ua, point.reading.t_s, *point.reading.currents_ua, *sample)
        for point in curves(made("shift"), series)
        for sample in point.reading.samples_mv
    ]
    columns = [f"J{k} {name}" for name in ("current (uA)", "voltage (mV)") for k in (1, 2, 3)]
    table = results.data[["Input (uA)", "Time (s)", *columns]]
    assert list(table.itertuples(index=False, name=None)) == expected


def test_the_columns_have_units_that_pymeasure_knows(shift: Path) -> None:
    results = Results.load(str(shift / "curves-000.csv"))
    units = Procedure.parse_columns(list(results.data))
    assert f"{units['J1 voltage (mV)']:~}" == "mV"
    assert f"{units['J1 resistance (ohm)']:~}" == "Ω"


def test_the_script_loads_parameters_too(shift: Path, made: Made, view: ModuleType) -> None:
    results = view.load(shift / "curves-002.csv")
    told = {parameter.name: parameter.value for parameter in results.parameters.values()}
    series = folded(read_events(made("shift"))).curves[2]
    assert [told[f"Control current J{k + 1}"] for k in range(3)] == [f"{c!r} uA" for c in series.controls_ua]
    assert told["Comment"].startswith("SIMULATED BENCH")
    assert (told["Simulated"], told["Surrogate data"]) == ("True", "False")
    assert told["Run"] == folded(read_events(made("shift"))).started.run  # type: ignore[union-attr]
    assert "J2 voltage (mV)" in results.procedure.DATA_COLUMNS


@pytest.mark.usefixtures("handlers", "qapp")
def test_the_window_of_pymeasure_shows_the_curves(shift: Path, made: Made, view: ModuleType) -> None:
    window = view.Viewer([str(shift / "curves-000.csv"), str(shift / "curves-001.csv")])
    try:
        assert window.browser.topLevelItemCount() == 2
        first = window.plot_widget.plot.listDataItems()[0]
        samples = [p.reading.input_ua for p in curves(made("shift"), 0) for _ in p.reading.samples_mv]
        assert first.getOriginalDataset()[0].tolist() == samples
        opened = window.new_experiment(Results.load(str(shift / "curves-002.csv")))
        window.manager.load(opened)
        assert window.browser.topLevelItemCount() == 3
    finally:
        window.close()


def test_a_name_with_the_sign_of_a_comment_loads_whole(made: Made, tmp_path: Path) -> None:
    exported = Exported(made("train"))
    events = list(exported.run.events())
    first = next(n for n, event in enumerate(events) if isinstance(event, Presented))
    one = events[first]
    assert isinstance(one, Presented)
    events[first] = replace(one, token=replace(one.token, name="#1, or 'a#b'"))
    exported.run.events = lambda: iter(events)
    paths = {path.stem: path for path in write_pymeasure(exported, tmp_path)}
    table = Results.load(str(paths["presentations"])).data
    assert table["Token"][0] == "#1, or 'a#b'"
    assert table["A time (s)"][0] == one.outcomes[0].readings[-1].t_s


def test_steps_and_presentations_of_a_training_load(made: Made) -> None:
    paths = {path.stem: path for path in export_run(made("train"), "pymeasure")}
    state = folded(read_events(made("train")))
    steps, presented = (Results.load(str(paths[name])).data for name in ("steps", "presentations"))
    assert steps["Recognition test"].tolist() == [measured.test for measured in state.recognition]
    assert steps["A J1 control current (uA)"].tolist() == [c.by_input_ua[0][0] for c in state.controls_by_step]
    assert len(presented) == state.presentations
