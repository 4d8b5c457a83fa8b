"""A bench of parallel chains at the command line."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.commands import Result

Run = Callable[..., Result]


def test_the_result_has_the_control_currents_of_each_chain(mtjlab: Run) -> None:
    done = mtjlab("train", "--bench", "two-chains", "--steps", "1", "--json")
    assert done.code == 0
    sizes = {name: len(chain["control_currents_ua"]) for name, chain in done.json["chains"].items()}
    assert sizes == {"A": 3, "B": 2}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("check",), "check does not run on several chains"),
        (("train", "--probe-first", "8"), "training.probe_first = 0"),
        (("train", "--pulse-width", "1e-3"), "held inputs"),
    ],
)
def test_what_parallel_chains_cannot_do_is_refused(mtjlab: Run, options: tuple[str, ...], words: str) -> None:
    done = mtjlab(options[0], "--bench", "two-chains", *options[1:])
    assert done.code == 2
    assert words in " ".join(done.err.split())


def test_a_plan_needs_an_input_for_each_chain(mtjlab: Run, tmp_path: Path) -> None:
    (tmp_path / "three.toml").write_text("[encoding]\ninputs = 3\n", "utf-8")
    done = mtjlab("train", "--bench", "two-chains", "--plan", str(tmp_path / "three.toml"))
    assert done.code == 2
    assert "Set encoding.inputs = 2" in " ".join(done.err.split())
