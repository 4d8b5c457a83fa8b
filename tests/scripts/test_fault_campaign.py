"""A short fault campaign: engines killed at any instant lose nothing, leave nothing on, and are gone on with."""

import sys

import fault_campaign
import pytest
from kills import IN_PROCESS, OVER_TCP

from tests.scripts.in_turn import pool

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is a POSIX thing")


def test_half_of_the_kills_are_in_process_and_half_over_tcp() -> None:
    drawn = fault_campaign.fates(200, 0)
    for door in (IN_PROCESS, OVER_TCP):
        assert sum(fate.kills for fate in drawn if fate.door == door) == 100
    assert {fate.kills for fate in drawn} == {1, 2}
    assert drawn == fault_campaign.fates(200, 0)


def test_a_short_campaign_loses_nothing(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("fault_campaign.ProcessPoolExecutor", pool)
    monkeypatch.setattr(sys, "argv", [fault_campaign.__file__, "--kills", "2", "--seed", "4"])
    with pytest.raises(SystemExit) as ended:
        fault_campaign.main()
    said = capsys.readouterr().out
    assert ended.value.code == 0, said
    assert "2 kills: 1 in process, 1 over TCP" in said
    assert "events lost 0, wrong statuses 0, sources left on 0, resumed to the end 2" in said
