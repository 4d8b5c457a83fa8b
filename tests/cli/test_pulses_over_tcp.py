"""Pulses on simulated instruments over TCP: what the link cannot do is refused before a current flows."""

from pathlib import Path
from typing import Any

import pytest

from instruments.simulated.log_reading import flows
from mtjlab.benches.simulators import LOG
from tests.support.commands import ACROSS


@pytest.mark.parametrize(
    "command", [("pulse", "--widths", "1e-5"), ("train", "--pulse-width", "1e-5")], ids=lambda command: command[0]
)
def test_pulses_shorter_than_the_link_can_give_are_refused_with_nothing_driven(
    mtjlab: Any, tmp_path: Path, command: tuple[str, ...]
) -> None:
    instruments = ["--bench", str(ACROSS), "--simulate", "--speed", "200", "--confirm-shorted", "--runs", str(tmp_path)]
    refused = mtjlab(*command, *instruments, "--json", "--quiet")
    assert refused.code == 2
    assert "too short for this bench" in refused.sentence
    assert "the time that the link needs to set a source" in refused.sentence
    assert refused.json["status"] == "failed"
    assert refused.json.get("control_currents_ua") is None  # those of the reference sweep are none of inputs
    (log,) = tmp_path.glob(f"*/*/{LOG}")
    assert {flow.junctions_a for flow in flows(log)} == {(0.0, 0.0, 0.0)}
