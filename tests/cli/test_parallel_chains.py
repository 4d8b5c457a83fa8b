"""A bench of parallel chains at the command line."""

from collections.abc import Callable
from pathlib import Path

import pytest

from instruments.simulated.log_reading import flows, messages, read_log, safe_since_s
from mtjlab.benches.simulators import LOG
from tests.support.commands import Result

Run = Callable[..., Result]
TIMEOUT_S = 2.2
"""Of a reading that is lost: the link's, and its apertures. It is asked once more."""


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


def test_a_fault_in_one_chain_takes_all_to_zero_within_2_s(mtjlab: Run, tmp_path: Path) -> None:
    done = mtjlab(
        "train", "--bench", "parallel", "--simulate", "--steps", "1", "--fault", "voltmeter B.J2:no-reply@30", "--json"
    )
    assert done.code == 4
    assert "voltmeter B.J2" in done.json["reason"]
    log = Path(done.json["run"]) / LOG
    lost_s = next(line["at_s"] for line in read_log(log) if line["kind"] == "fault")
    asked = [one.at_s for one in messages(log) if one.role == "voltmeter J5" and not one.reply and one.at_s > lost_s]
    told_s = asked[0] + 2 * TIMEOUT_S
    still = [flow for flow in flows(log) if flow.at_s > told_s + 2.0 and any(flow.junctions_a)]
    assert not still
    since_s = safe_since_s(log)
    assert since_s is not None
    assert since_s < told_s + 2.0
