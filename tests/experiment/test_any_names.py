"""Any text as the name of a bench, a class, a token or a folder, and as a note, goes through everything as it is."""

import csv
from collections.abc import Sequence
from dataclasses import replace
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import tomli_w
import xarray as xr
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mtjlab import experiment
from mtjlab.cli.run_story import show_story
from mtjlab.console import PlainConsole
from mtjlab.domain import NO_CLASS
from mtjlab.drawing import draw
from mtjlab.export import Format, export_run
from mtjlab.export.plain_files import FORMULA_SIGNS
from mtjlab.gui.look.label import Label
from mtjlab.plain_text import visible
from mtjlab.procedures.classify.terminal import show_classified
from mtjlab.runs.notes import notes_of, write_notes
from tests.support.asking import MeasuringRequest, TokensAsked, TrainingRequest, prepare_classify, prepare_training
from tests.support.made_runs import plan_in
from tests.support.trainings import DATA

NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), min_size=1, max_size=12)
FORMATS: tuple[Format, ...] = ("csv", "netcdf", "pymeasure")
HOSTILE = ["[/u]", "=1+1", "<b>x</b>", "none"]


def named(folder: Path, names: Sequence[str]) -> tuple[Path, Path]:
    """A bench file and a plan whose bench, classes and tokens are called ``names``."""
    bench = folder / "bench.toml"
    bench.write_text(tomli_w.dumps({"kind": "simulated", "name": names[0]}), encoding="utf-8")
    plan = plan_in(folder)
    classes = dict(zip(sorted({token.label for token in DATA.tokens}), names[1:], strict=True))
    with (folder / "few.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["label", "name", *DATA.feature_names])
        for n, token in enumerate(DATA.tokens):
            one = replace(token, label=classes[token.label])
            writer.writerow([one.label, f"{one.label} {n}", *map(repr, one.features)])
    return bench, plan


def shown(run: Path) -> str:
    """What a terminal shows of a run."""
    file = StringIO()
    show_story(experiment.result_of(run), experiment.story(run), PlainConsole(file=file, width=400), notes_of(run))
    return file.getvalue()


def cells(path: Path) -> set[str]:
    """All cells of a table, without the apostrophe in front of what looks like a formula."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    return {cell[1:] if cell[:1] == "'" and cell[1:2] in FORMULA_SIGNS else cell for row in rows for cell in row}


@pytest.mark.usefixtures("qapp")
@given(st.lists(NAMES, min_size=4, max_size=4, unique=True))
@example(HOSTILE)
@settings(max_examples=3)
def test_names_go_through_training_classification_terminal_and_exports(names: list[str]) -> None:
    with TemporaryDirectory() as made:
        folder = Path(made) / "a [b] :o: folder"
        folder.mkdir()
        bench, plan = named(folder, names)
        training = experiment.execute(prepare_training(TrainingRequest(bench, plan, steps=1, seed=1)), folder).folder
        prepared = prepare_classify(training, MeasuringRequest(bench, plan), TokensAsked())
        classified = experiment.execute(prepared, folder).folder
        write_notes(training, names[0])
        assert visible(names[0]) in shown(training)
        file = StringIO()
        show_classified(experiment.result_of(classified), PlainConsole(file=file, width=400))
        known = [token["label"] for token in experiment.result_of(classified)["tokens"]]
        assert set(known) <= set(names[1:])
        assert all(visible(label) in file.getvalue() for label in known)
        exported = {
            path.name: path for to in ("csv", "netcdf", "pymeasure") for path in export_run(training, to, folder / to)
        }
        assert set(names[1:]) <= cells(exported["tokens.csv"])
        assert set(names[1:]) <= cells(exported["confusion.csv"])
        with xr.open_dataset(exported["training.nc"], engine="h5netcdf") as data:
            assert set(data["class"].values) == set(names[1:])
            assert data["answer"].values[-1] == NO_CLASS
        assert [Label(name).text() for name in names] == [visible(name) for name in names]


def test_hostile_names_are_drawn(tmp_path: Path, recwarn: pytest.WarningsRecorder) -> None:
    bench, plan = named(tmp_path, ["$x", "a_{b}$", "\u4f60\u597d", "<&>"])
    request = TrainingRequest(bench, plan, steps=1, seed=1)
    run = experiment.execute(prepare_training(request), tmp_path / "runs").folder
    drawn = {path.name: path for path in draw(run)}
    assert "\u4f60\u597d" in drawn["confusion.svg"].read_text(encoding="utf-8")
    assert not [warning for warning in recwarn if "Glyph" in str(warning.message)]


def test_nothing_can_be_called_like_what_stands_where_there_is_none(tmp_path: Path) -> None:
    bench, plan = named(tmp_path, ["b", NO_CLASS, "x", "y"])
    with pytest.raises(
        experiment.RefusedError if hasattr(experiment, "RefusedError") else Exception, match="line 2, column 'label'"
    ):
        prepare_training(TrainingRequest(bench, plan))
