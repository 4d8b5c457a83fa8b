"""`mtjlab field` as an operator types it, in process."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.commands import Result

Command = Callable[..., Result]

QUICK = ("--from", "-16", "--field-step", "1", "--loops", "4", "--fields", "4,8", "--repetitions", "2", "--step", "25")


@pytest.mark.usefixtures("drawn")
def test_its_json_holds_loops_slopes_and_the_working_point(mtjlab: Command) -> None:
    result = mtjlab("field", "--bench", "magnet", *QUICK, "--json")
    assert (result.code, result.json["status"]) == (0, "finished")
    assert [one["junction"] for one in result.json["junctions"]] == ["J1", "J2", "J3"]
    for one in result.json["junctions"]:
        for key in ("coercive_mt", "shift_mt", "tmr"):
            assert one[key]["low"] <= one[key]["value"] <= one[key]["high"]
    shifts = [one["critical_shift_ua_per_mt"] for one in result.json["slopes"]]
    assert all(shift["low"] <= shift["value"] <= shift["high"] for shift in shifts)
    point = result.json["working_point"]
    assert 4.0 <= point["field_mt"] <= 8.0
    again = mtjlab(
        "sweep", "--bench", "magnet", *point["option"].split(), "--repetitions", "1", "--step", "25", "--json"
    )
    assert again.code == 0
    assert f"field {point['field_mt']:.6g} mT" in (Path(again.json["run"]) / "log.txt").read_text(encoding="utf-8")
    assert "SIMULATED BENCH" in result.err
    assert "working point" in result.err
    figures = Path(result.json["run"]) / "figures"
    assert {path.stem for path in figures.glob("*.png")} == {"field-loops", "critical-inputs-against-field"}


@pytest.mark.parametrize("bench", [("simulated",), ("mixed", "--simulate")], ids=" ".join)
def test_a_bench_whose_field_nobody_can_set_is_refused_before_anything_is_on(
    mtjlab: Command, bench: tuple[str, ...]
) -> None:
    result = mtjlab("field", "--bench", *bench)
    assert result.code == 2
    assert "sets the magnetic field" in result.err


def test_a_field_beyond_the_magnet_is_refused(mtjlab: Command) -> None:
    result = mtjlab("field", "--bench", "magnet", "--to", "31")
    assert result.code == 2
    assert "31 mT is beyond the 30 mT" in result.err
    assert "to_mt" in result.err


def test_a_probing_current_below_the_dead_band_is_refused(mtjlab: Command) -> None:
    result = mtjlab("field", "--bench", "magnet", "--probe", "5,-5")
    assert result.code == 2
    assert "probing current of 5 uA" in result.err
