"""``mtjlab twin`` from the command line: fit, check, draw."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.commands import Result

Command = Callable[..., Result]


@pytest.fixture
def twin(mtjlab: Command, tmp_path: Path) -> Path:
    """The twin of a sweep of the default bench."""
    assert mtjlab("sweep", "--quiet").code == 0
    assert mtjlab("twin", "fit", "last", "--out", tmp_path / "twin.toml", "--quiet").code == 0
    return tmp_path / "twin.toml"


def test_a_twin_tells_its_parameters_with_errors_and_what_it_is(mtjlab: Command, tmp_path: Path) -> None:
    mtjlab("sweep", "--quiet")
    told = mtjlab("twin", "fit", "last", "--out", tmp_path / "twin.toml")
    assert told.code == 0
    assert told.out.startswith("TWIN of simulated chip (SIMULATED), ± 1 s.d.")
    assert "no drift seen" in told.out
    again = mtjlab("twin", "fit", "last", "--out", tmp_path / "other.toml", "--json").json
    first = again["junctions"][0]
    assert (
        abs(first["critical_current_ap_to_p_ua"]["value"] - 224.0) < 5 * first["critical_current_ap_to_p_ua"]["error"]
    )
    assert again["common_drift_ua_per_h"] is None


def test_runs_of_a_twin_say_so_and_may_be_drawn(mtjlab: Command, twin: Path) -> None:
    result = mtjlab("sweep", "--bench", twin, "--draw", "--seed", "3", "--json")
    started = json.loads((Path(result.json["run"]) / "events.jsonl").read_text(encoding="utf-8").splitlines()[0])
    assert started["bench"]["name"] == "TWIN of three junctions, drawn with seed 3"
    assert "TWIN of three junctions" in mtjlab("runs").out


def test_a_check_says_whether_the_chip_is_as_its_twin(mtjlab: Command, twin: Path) -> None:
    mtjlab("sweep", "--seed", "5", "--quiet")
    told = mtjlab("twin", "check", twin, "last")
    assert told.code == 0
    assert "the run is as the twin predicts (p = " in told.out
    assert mtjlab("twin", "check", twin, "last", "--json").json["rejected"] is False


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("sweep --draw", "this bench is none. `mtjlab twin fit` makes twins of runs"),
        ("twin fit last --out {twin}", "exists already, and is not overwritten"),
        ("twin fit last --out nowhere/twin.toml", "nowhere/twin.toml: cannot be written"),
        ("twin check {twin} 1", "was fitted to this run"),
        ("twin check simulated.toml last", "simulated.toml"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(mtjlab: Command, twin: Path, words: str, said: str) -> None:
    result = mtjlab(*words.format(twin=twin).split())
    assert result.code == 2
    assert said in result.sentence
