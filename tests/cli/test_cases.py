"""Small inputs as people have them: each is learnt to its end, and what was learnt classifies."""

from collections.abc import Callable
from pathlib import Path

import pytest
from commands import Result

from mtjlab import experiment

Command = Callable[..., Result]
CASES = Path(__file__).parents[1] / "cases"


@pytest.fixture(autouse=True)
def _undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(experiment, "draw", lambda folder: [])


@pytest.mark.parametrize(
    "plan", sorted(set(CASES.glob("*.toml")) - set(CASES.glob("bench-*"))), ids=lambda path: path.stem
)
def test_what_is_learnt_classifies(mtjlab: Command, plan: Path) -> None:
    trained = mtjlab("train", "--plan", plan, "--steps", "2", "--json", "--quiet")
    assert (trained.code, trained.json["status"]) == (0, "finished")
    classified = mtjlab("classify", "last", "--times", "1", "--json", "--quiet")
    assert (classified.code, classified.json["status"]) == (0, "finished")


def test_figures_that_cannot_be_drawn_spoil_no_run(mtjlab: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(folder: Path) -> list[Path]:
        raise ZeroDivisionError("oh")

    monkeypatch.setattr(experiment, "draw", failing)
    trained = mtjlab("train", "--plan", CASES / "binary.toml", "--steps", "1", "--json")
    assert (trained.code, trained.json["status"]) == (0, "finished")
    assert "no figures: ZeroDivisionError: oh. The run is sound" in trained.sentence
