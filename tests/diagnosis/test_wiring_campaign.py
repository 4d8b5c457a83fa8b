"""A short form of scripts/benchmarks/wiring_check.py: random chips, every kind of mistake, and none."""

import random

import pytest

from scripts.benchmarks.wiring_check import checked, false_alarms, other_chip, racks, seeded, verdict

RACKS = racks()


@pytest.mark.parametrize("rack", RACKS)
def test_right_benches_with_other_junctions_have_no_mistakes(rack: str) -> None:
    assert false_alarms(rack, range(15)) == []


@pytest.mark.parametrize("rack", ["6221, 2182A across", "2400 to ground"])
def test_a_mistake_of_each_kind_is_named_or_listed(rack: str) -> None:
    rng = random.Random(f"short form {rack}")
    bench = other_chip(RACKS[rack], rng)
    of_each_kind = {one.kind: one for one in sorted(seeded(bench, rng), key=lambda _: rng.random())}
    told = {one.faults: verdict(checked(bench, 0, one.faults), one.named) for one in of_each_kind.values()}
    assert len(told) >= 13
    assert "missed" not in told.values(), told
