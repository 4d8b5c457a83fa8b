"""Control currents at the start, as a plan file may have them: every kind of run takes them, or refuses in words."""

from pathlib import Path

import pytest

from mtjlab.errors import RefusedError
from mtjlab.experiment import OnBench, prepare
from mtjlab.procedures.kinds import KINDS

BY_PLAN = ["train", "sweep", "shift", "map", "dwell", "pulse"]


def plan_with(tmp_path: Path, start_ua: str) -> OnBench:
    """A plan file that starts there."""
    plan = tmp_path / "plan.toml"
    plan.write_text(f"[training]\nstart_control_ua = {start_ua}\n", encoding="utf-8")
    return OnBench(plan=plan)


def test_a_row_that_is_alone_is_that_of_both_inputs_of_a_map(tmp_path: Path) -> None:
    request = prepare(KINDS["map"], KINDS["map"].options(), plan_with(tmp_path, "[[-500, -490, -480]]"))
    assert request.plan.model_dump()["controls_ua"] == ((-500, -490, -480),) * 2


@pytest.mark.parametrize("name", BY_PLAN)
@pytest.mark.parametrize("start_ua", ["[]", "[[]]", "[[-500], []]"])
def test_lists_without_a_number_are_refused(tmp_path: Path, name: str, start_ua: str) -> None:
    with pytest.raises(RefusedError, match=r"training\.start_control_ua: give one number for all"):
        prepare(KINDS[name], KINDS[name].options(), plan_with(tmp_path, start_ua))


@pytest.mark.parametrize("name", BY_PLAN)
@pytest.mark.parametrize("start_ua", ["[[-500], [-500]]", "[[-500, -500], [-500, -500]]"])
def test_rows_for_another_chain_are_refused(tmp_path: Path, name: str, start_ua: str) -> None:
    with pytest.raises(RefusedError, match=r"one current per junction \(3\)|for the 3 junctions"):
        prepare(KINDS[name], KINDS[name].options(), plan_with(tmp_path, start_ua))
