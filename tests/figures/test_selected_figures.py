"""Which figures are drawn when a run ends, and which when they are first wanted."""

from pathlib import Path

import pytest

from mtjlab.errors import NothingToDrawError, RefusedError
from mtjlab.figures.named import ALL, KEY, NamedFigure, selected
from mtjlab.figures.undrawn import UNDRAWN, figures_text, undrawn, write_undrawn
from mtjlab.runs.opened import run_of
from mtjlab.store import FIGURES, REQUEST

GOLDEN = sorted(path.parent for path in (Path(__file__).parents[1] / "golden").glob(f"*/*/*/*/{REQUEST}"))


def never() -> None:
    raise AssertionError("it was drawn before anybody wanted it")


def figure(name: str, is_key: bool = False) -> NamedFigure:
    return NamedFigure(name, never, is_key)  # type: ignore[arg-type]


A, B, C = figure("a"), figure("b", is_key=True), figure("c")


def test_all_or_the_key_figures_or_those_of_some_names_are_selected() -> None:
    assert selected([A, B, C], ALL) == [A, B, C]
    assert selected([A, B, C], KEY) == [B]
    assert selected([A, B, C], ("c", "a", "c")) == [C, A]


def test_a_run_too_short_for_its_key_figures_gets_what_it_has() -> None:
    assert selected([A, C], KEY) == [A, C]


def test_a_name_that_no_figure_has_is_refused_with_those_there_are() -> None:
    with pytest.raises(RefusedError, match=r"no figure 'd'\. Its figures are a, b, c"):
        selected([A, B, C], ("a", "d"))


@pytest.mark.parametrize("folder", GOLDEN, ids=lambda folder: folder.parents[1].name)
def test_no_kind_draws_before_a_figure_is_wanted_and_its_key_figures_are_few(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("matplotlib.figure.Figure.__init__", lambda *_, **__: never())
    run = run_of(folder)
    try:
        figures = list(run.kind.figures(run))
    except NothingToDrawError:
        return
    assert len({one.name for one in figures}) == len(figures)
    if run.kind.has_figures and run.status_report.status == "finished":
        assert 1 <= sum(one.is_key for one in figures) <= 2, figures


def draw(folder: Path, *names: str) -> list[Path]:
    (folder / FIGURES).mkdir(exist_ok=True)
    files = [folder / FIGURES / f"{name}.{kind}" for name in names for kind in ("png", "svg")]
    for file in files:
        file.touch()
    return files


def test_a_file_beside_the_figures_says_in_one_line_how_to_draw_the_others(tmp_path: Path) -> None:
    files = draw(tmp_path, "b")
    write_undrawn(tmp_path, ["a", "b", "c"])
    first, *others = (tmp_path / FIGURES / UNDRAWN).read_text().splitlines()
    assert first == f"1 of 3 figures drawn; all: mtjlab figures {tmp_path}"
    assert tuple(others) == undrawn(tmp_path) == ("a", "c")
    assert figures_text(files) == f"{tmp_path / FIGURES} (1 key figure; `mtjlab figures RUN` draws all 3)"


def test_what_was_drawn_since_is_not_named_and_the_file_goes_with_the_last(tmp_path: Path) -> None:
    draw(tmp_path, "b")
    write_undrawn(tmp_path, ["a", "b", "c"])
    files = draw(tmp_path, "a")
    assert undrawn(tmp_path) == ("c",)
    files += draw(tmp_path, "b", "c")
    write_undrawn(tmp_path, ["a", "b", "c"])
    assert not (tmp_path / FIGURES / UNDRAWN).exists()
    assert undrawn(tmp_path) == ()
    assert figures_text(files) == f"{tmp_path / FIGURES} (3 figures)"
