"""A switching map on simulated instruments over TCP, by each of the three ways."""

from pathlib import Path
from typing import Any

import pytest

from tests.support.commands import ACROSS


@pytest.mark.parametrize(
    ("way", "options"),
    [
        ("adaptive", ["--width", "40"]),
        ("curves", ["--repetitions", "1", "--step", "25"]),
        ("raster", ["--cell", "450", "--times", "1"]),
    ],
)
def test_every_way_measures_over_tcp_what_it_does_in_process(
    mtjlab: Any, tmp_path: Path, way: str, options: list[str]
) -> None:
    plan = tmp_path / "plan.toml"
    plan.write_text("[sweep]\ninput_step_ua = 25\nrepetitions = 1\n", encoding="utf-8")
    instruments = ["--plan", str(plan), "--bench", str(ACROSS), "--simulate", "--speed", "200", "--confirm-shorted"]
    told = mtjlab("map", *instruments, "--way", way, *options, "--json", "--quiet").json
    assert (told["status"], told["simulated"], told["safe"]) == ("finished", True, True)
    assert [series["control_currents_ua"] for series in told["series"]] == [[-500.0] * 3] * 2
    done = {"adaptive": told["probes"], "curves": told["curves"], "raster": told["presentations"]}[way]
    assert done >= {"adaptive": 6, "curves": 2, "raster": 4}[way]
    for series in told["series"]:
        for found, input_ua in zip(series["up"], (724, 434, 696), strict=True):
            low_ua, high_ua = found.get("critical_input_interval_ua", (0.0, 900.0))
            assert low_ua - 25 <= input_ua <= high_ua + 25
