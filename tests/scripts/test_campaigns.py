"""The campaign of faults: every fault there is, in every phase; a short form of it."""

import sys
from pathlib import Path

import campaigns
import pytest
from faulted_engine import CONNECTING, PHASES
from faulted_runs import CASES, Case, command, is_named

from instruments.simulated.fault_effects import EFFECTS
from instruments.simulated.faults import parse_fault
from tests.scripts.in_turn import pool

ELSEWHERE = {"field", "gaussmeter"}
"""The bench of the campaign has no magnet: see tests/benches/test_field_over_tcp.py."""
OF_COMMISSIONING = {"other-firmware", "line-frequency"}
"""No training notices these: see tests/procedures/commission."""


def test_every_fault_that_can_be_written_is_in_the_campaign() -> None:
    faults = [parse_fault(case.fault) for case in CASES]
    wanted = {(target, kind) for target, kind in EFFECTS if target not in ELSEWHERE and kind not in OF_COMMISSIONING}
    assert {(fault.target, fault.kind) for fault in faults} == wanted
    assert len({case.fault for case in CASES}) == len(CASES)


def test_a_fault_of_the_start_is_there_before_anybody_connects_and_any_other_strikes_later(tmp_path: Path) -> None:
    case = Case("source J1:garbage")
    early, later = (command(tmp_path, case, phase, tmp_path, tmp_path) for phase in (CONNECTING, PHASES[-1]))
    assert early[early.index("--fault") + 1] == case.fault
    assert "--fault" not in later


def test_parts_are_named_as_messages_name_them() -> None:
    named = {case.fault.partition(":")[0]: case.part for case in CASES}
    assert named["source J1"] == "source J1"
    assert named["junction J2"] == "J2"
    assert named["voltmeters"] == "voltmeter"


@pytest.mark.parametrize(
    ("part", "said", "named"),
    [
        ("source J2", "Source J2 delivers 0.899 of what is set.", True),
        ("source J2", "J2 (undecided) not reset", False),
        ("voltmeter J2", "answers of J2 by 0.495 of what references say: junction, or its voltmeter", True),
        ("voltmeter J2", "answers of J3 by 0.495 of what references say: junction, or its voltmeter", False),
        ("J2", "J2 has 0.3 ohm: short circuit", True),
    ],
)
def test_a_part_is_named_where_an_operator_would_find_it(part: str, said: str, named: bool) -> None:
    assert is_named(part, said) is named


SHORT = {
    "one reading that is garbled, in a presentation": ("voltmeter J2:garbage=1", "presentation", "done"),
    "a source that takes no level on the way to zero": ("source J1:refuses-level", "going safe", "failed"),
}


@pytest.mark.parametrize(("fault", "phase", "ended"), SHORT.values(), ids=SHORT)
def test_a_short_campaign_has_no_exceptions(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], fault: str, phase: str, ended: str
) -> None:
    monkeypatch.setattr("campaigns.ProcessPoolExecutor", pool)
    monkeypatch.setattr(sys, "argv", [campaigns.__file__, "faults", "--fault", fault, "--phase", phase])
    with pytest.raises(SystemExit) as left:
        campaigns.main()
    said = capsys.readouterr().out
    assert left.value.code == 0, said
    assert f"{fault:32} {phase:14} {ended}" in said
    assert "1 runs" in said
    assert "ended as it must 1, bench safe 1, message names the part 1, nothing lost 1" in said
    assert "0 exceptions" in said
