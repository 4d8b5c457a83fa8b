"""`mtjlab commission` as an operator types it: refused without a word, its files, its traffic played back."""

from collections.abc import Callable
from pathlib import Path

import pytest

from instruments.traffic import read_traffic
from tests.support.commands import Result

Command = Callable[..., Result]
FAULTS = ("--fault", "source J2:settling=0.03", "--fault", "voltmeter J1:other-firmware")


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (("--bench", "mixed", "--simulate"), "--confirm-opened"),
        (("--confirm-opened",), "has no instruments"),
        (("--bench", "mixed", "--simulate", "--confirm-opened", "--out", "nowhere/new.toml"), "folder does not exist"),
        (("--bench", "mixed", "--simulate", "--confirm-opened", "--out", "old.toml"), "is not overwritten"),
    ],
)
def test_nothing_is_connected_without_a_word_instruments_and_a_new_file(
    mtjlab: Command, tmp_path: Path, options: tuple[str, ...], complaint: str
) -> None:
    (tmp_path / "old.toml").write_text("")
    result = mtjlab("commission", *options)
    assert result.code == 2
    assert complaint in result.err
    assert not (tmp_path / "runs").exists()


def test_the_traffic_of_a_rack_that_differs_is_played_back_and_differs_alike(mtjlab: Command, tmp_path: Path) -> None:
    simulated = ("--simulate", "--confirm-opened", "--speed", "4", "--json")
    first = mtjlab("commission", "--bench", "mixed", "--out", "new.toml", *simulated, *FAULTS)
    assert (first.code, first.json["status"]) == (0, "finished")
    found = {(one["role"], one["sent"]) for one in first.json["differences"]}
    assert found == {("source J2", "a step"), ("voltmeter J1", "*IDN?"), ("voltmeter J1", ":SYST:ERR?")}
    traffic = Path(first.json["run"]) / "traffic.jsonl"
    assert {one.role for one in read_traffic(traffic).exchanges} >= {"source J1", "voltmeter J3"}

    played = (tmp_path / "new.toml").read_text("utf-8").replace("[simulation]", f'[simulation]\ntraffic = "{traffic}"')
    (tmp_path / "played.toml").write_text(played.replace("nplc = 0.1", "nplc = 1"), "utf-8")
    again = mtjlab("commission", "--bench", "played.toml", "--out", "again.toml", *simulated)
    assert again.code == 0
    assert {(one["role"], one["sent"]) for one in again.json["differences"]} >= {
        ("voltmeter J1", "*IDN?"),
        ("voltmeter J1", ":SYST:ERR?"),
    }
    measured = zip(first.json["measured"]["voltmeters"], again.json["measured"]["voltmeters"], strict=True)
    for before, after in measured:
        assert after["noise_mv"] == pytest.approx(before["noise_mv"])
        assert after["offset_mv"] == pytest.approx(before["offset_mv"])

    check = mtjlab("check", "--bench", "new.toml", "--simulate", "--json")
    assert (check.code, check.json["mistakes"]) == (0, 0)
