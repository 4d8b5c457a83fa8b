"""An export is derived: it is made again, overwrites nothing else, and harms no run."""

import csv
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import copytree, ignore_patterns
from typing import Any, get_args

import pandas as pd
import pytest
import xarray as xr

from mtjlab.errors import RefusedError
from mtjlab.events import Event, SwitchingMeasured
from mtjlab.experiment import execute
from mtjlab.export import FORMATS, Format, export_run, exported
from mtjlab.export.csv_files import write_csv
from mtjlab.export.exported import Exported
from mtjlab.procedures.kind import Run
from mtjlab.runs.opened import run_of
from mtjlab.store import JOURNAL, REQUEST
from tests.support.asking import TrainingRequest, prepare_training
from tests.support.miswired import miswired_run
from tests.support.trainings import TABLE, write_plan

Made = Callable[[str], Path]
PACKAGE = Path(__file__).resolve().parents[2] / "mtjlab"


def copied(run: Path, folder: Path) -> Path:
    """The run without its exports."""
    return copytree(run, folder / "2026-11-23" / "0001-check", ignore=ignore_patterns("export"))


def test_it_lies_in_the_folder_of_its_run_and_is_replaced_when_made_again(made: Made, tmp_path: Path) -> None:
    run = copied(made("check"), tmp_path)
    before = {path.name: path.read_bytes() for path in run.iterdir() if path.is_file()}
    paths = export_run(run, "csv")
    assert {path.parent for path in paths} == {run / "export" / "csv"}
    paths[0].write_text("spoilt", encoding="utf-8")
    again = export_run(run, "csv")
    assert again == paths
    assert "spoilt" not in paths[0].read_text(encoding="utf-8")
    assert sorted(path.name for path in paths[0].parent.iterdir()) == sorted(path.name for path in paths)
    assert {path.name: path.read_bytes() for path in run.iterdir() if path.is_file()} == before


def test_another_folder_has_to_be_empty(made: Made, tmp_path: Path) -> None:
    paths = export_run(made("check"), "csv", tmp_path / "new")
    assert {path.parent for path in paths} == {tmp_path / "new"}
    with pytest.raises(RefusedError, match="not an empty folder, and nothing is overwritten"):
        export_run(made("check"), "csv", tmp_path / "new")


def test_a_check_is_not_exported_to_pymeasure(made: Made) -> None:
    with pytest.raises(RefusedError, match=r"not exported to pymeasure. Use --to csv"):
        export_run(made("check"), "pymeasure")


def test_a_run_that_measured_nothing_is_refused(made: Made, tmp_path: Path) -> None:
    first = (made("sweep") / JOURNAL).read_bytes().splitlines(keepends=True)[0]
    (tmp_path / JOURNAL).write_bytes(first)
    (tmp_path / REQUEST).write_bytes((made("sweep") / REQUEST).read_bytes())
    for to in ("csv", "netcdf", "pymeasure"):
        with pytest.raises(RefusedError, match="nothing was measured"):
            export_run(tmp_path, to)  # type: ignore[arg-type]


def test_a_place_that_takes_no_files_is_a_sentence(made: Made, tmp_path: Path) -> None:
    run = copied(made("check"), tmp_path)
    (run / "export").write_text("in the way", encoding="utf-8")
    with pytest.raises(RefusedError, match=r"cannot be written .* The run is unharmed"):
        export_run(run, "csv")


def test_an_export_that_fails_half_way_leaves_what_was_there_before(
    made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = copied(made("check"), tmp_path)

    def failing(_run: Exported, target: Path) -> list[Path]:
        (target / "curves.csv").write_text("half", encoding="utf-8")
        raise OSError("no room")

    monkeypatch.setitem(FORMATS, "csv", failing)
    for out in (None, tmp_path / "new"):
        with pytest.raises(RefusedError, match=r"cannot be written \(no room\)"):
            export_run(run, "csv", out)
    assert list((run / "export").iterdir()) == []
    assert not (tmp_path / "new").exists()


def test_any_seed_any_name_and_all_that_the_table_had_are_exported(tmp_path: Path) -> None:
    bench, plan = tmp_path / "bench.toml", write_plan(tmp_path, steps=1)
    bench.write_text('name = "one\\u0000two"\ndevice.name = "-\\u0000"', encoding="utf-8")
    table = [f"{line},{'talker' if n == 0 else f'eve {n}'}" for n, line in enumerate(TABLE.splitlines())]
    (tmp_path / "few.csv").write_text("\n".join(table), encoding="utf-8")
    request = TrainingRequest(bench, plan, seed=2**70)
    run = execute(prepare_training(request), tmp_path / "runs").folder
    for to in get_args(Format):
        assert export_run(run, to)
    with xr.open_dataset(run / "export" / "netcdf" / "training.nc", engine="h5netcdf") as training:
        assert (training.attrs["seed"], training.attrs["bench"]) == (str(2**70), r"one\x00two")
        assert training["feature"].values.tolist() == ["x", "y"]
        talkers = dict(zip(training["token"].values, training["token_talker"].values, strict=True))
    rows = list(csv.DictReader((run / "export" / "csv" / "tokens.csv").open(encoding="utf-8", newline="")))
    assert talkers == {row["Token"]: row["Talker"] for row in rows}
    assert sorted(talkers.values()) == sorted(f"eve {n}" for n in range(1, len(table)))


@pytest.mark.parametrize("kind", ["stopped-sweep", "raster-map", "curves-map", "adaptive-map"])
@pytest.mark.parametrize("to", get_args(Format))
def test_critical_currents_of_a_run_without_a_result_come_from_one_pass_over_its_journal(
    made: Made, tmp_path: Path, kind: str, to: Format
) -> None:
    """Nothing of a stopped run is read again, or kept: its journal may be larger than the memory."""
    whole, passes = Exported(made(kind)), 0
    events = [event for event in whole.run.events() if not isinstance(event, SwitchingMeasured)]

    def read() -> Iterator[Event]:
        nonlocal passes
        passes += 1
        yield from events

    whole.run.events = read
    assert FORMATS[to](whole, tmp_path)
    assert passes == 1


@pytest.mark.parametrize("kind", ["raster-map", "curves-map"])
def test_a_run_without_a_result_has_the_critical_currents_of_all_that_was_measured(
    made: Made, tmp_path: Path, kind: str
) -> None:
    whole, stopped = Exported(made(kind)), Exported(made(kind))
    events = [event for event in whole.run.events() if not isinstance(event, SwitchingMeasured)]
    stopped.run.events = lambda: iter(events)
    tables = []
    for one, name in ((whole, "whole"), (stopped, "stopped")):
        (tmp_path / name).mkdir()
        paths = {path.stem: path for path in write_csv(one, tmp_path / name)}
        tables.append(paths["critical-currents"].read_text(encoding="utf-8"))
    assert tables[0] == tables[1]


@pytest.mark.parametrize("to", get_args(Format))
def test_an_export_that_is_interrupted_leaves_what_was_there_before(
    made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, to: Format
) -> None:
    run = copied(made("sweep"), tmp_path)
    before = {path: path.read_bytes() for path in export_run(run, to)}

    def interrupted(folder: Path) -> Run[Any]:
        opened = run_of(folder)
        events = list(opened.events())

        def some() -> Iterator[Event]:
            yield from events[:-20]
            raise KeyboardInterrupt

        opened.events = some
        return opened

    monkeypatch.setattr(exported, "BLOCK", 10)
    monkeypatch.setattr(exported, "run_of", interrupted)
    for out in (None, tmp_path / "new"):
        with pytest.raises(KeyboardInterrupt):
            export_run(run, to, out)
    assert {path: path.read_bytes() for path in (run / "export").rglob("*") if path.is_file()} == before
    assert not (tmp_path / "new").exists()


def test_other_commands_do_not_wait_for_the_libraries_of_exports() -> None:
    slow = re.compile(r"^(import|from) (xarray|h5netcdf|pandas|mtjlab\.export)\b", re.MULTILINE)
    inside = (PACKAGE / "export", PACKAGE / "notebook", PACKAGE / "study")
    outside = [path for path in PACKAGE.rglob("*.py") if path.parent not in inside]
    assert [str(path) for path in outside if slow.search(path.read_text(encoding="utf-8"))] == []


def test_what_would_explain_a_check_is_exported(tmp_path: Path) -> None:
    run = miswired_run(tmp_path / "run")
    export_run(run, "csv")
    table = pd.read_csv(run / "export" / "csv" / "explanations.csv")
    assert list(table.columns) == ["Misfit", "Part", "Kind", "Mistake", "Remedy", "Simulated"]
    assert list(table["Part"]) == ["J1", "source J1", "voltmeter J1"]
    (file,) = [path for path in export_run(run, "netcdf") if path.stem == "check"]
    with xr.open_dataset(file, engine="h5netcdf") as check:
        assert check["explanation_kind"].values.tolist() == ["short", "misplaced", "silent"]
        assert check["misfit"].values.tolist() == [0.27, 0.28, 0.28]
