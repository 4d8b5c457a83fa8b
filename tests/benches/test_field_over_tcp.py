"""The field of simulated instruments: the real drivers of a supply and a gaussmeter, over TCP."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from instruments.simulated.process import RunningSimulators
from mtjlab.benches import open_equipment, simulators
from mtjlab.benches.field import switch_off_supply
from mtjlab.benches.sessions import Opener
from mtjlab.config import InstrumentBenchConfig, read_bench
from mtjlab.errors import BenchFaultError
from mtjlab.rack import MagneticField

CONFIG = read_bench(Path(__file__).parents[2] / "configs" / "field.toml")


@contextmanager
def opened(
    tmp_path: Path, *faults: str, **gaussmeter: Any
) -> Iterator[tuple[MagneticField, RunningSimulators, InstrumentBenchConfig]]:
    assert isinstance(CONFIG, InstrumentBenchConfig)
    simulation = CONFIG.simulation.model_copy(update={"faults": faults, "speed": 100.0})
    field = CONFIG.field
    if gaussmeter:
        assert field.gaussmeter is not None
        section = field.gaussmeter.model_copy(update=gaussmeter)
        field = field.model_copy(update={"gaussmeter": section})
    config = CONFIG.model_copy(update={"simulation": simulation, "field": field})
    with simulators.simulated(config, tmp_path / "log.jsonl", 0, linger_s=None) as running:
        config = simulators.redirected(config, running)
        made = open_equipment(config, simulated=True)
        assert made.field is not None
        try:
            yield made.field, running, config
        finally:
            made.field.close()


def settled_t(running: RunningSimulators) -> float:
    """True field once the current of the magnet no longer changes."""
    before_t, now_t = float("nan"), running.state()["field_t"]
    while before_t != now_t:
        time.sleep(0.01)  # of which the magnet needs a twentieth
        before_t, now_t = now_t, running.state()["field_t"]
    return float(now_t)


@pytest.mark.parametrize(
    ("model", "range_mt"), [("Lake Shore 425", 35.0), ("Lake Shore 421", 30.0), ("FW Bell 5080", 30.0)]
)
def test_the_field_of_the_junctions_follows_the_supply_and_the_gaussmeter_sees_it(
    tmp_path: Path, model: str, range_mt: float
) -> None:
    with opened(tmp_path, model=model, range_mt=range_mt) as (field, running, _):
        report = field.switch_on()
        assert report.field_mt == pytest.approx(6.0, abs=0.02)
        assert report.gaussmeter_mt == pytest.approx(6.0 - 0.2 + 0.05, abs=0.06)
        assert settled_t(running) == pytest.approx(5.8e-3, abs=2e-5)
        down = field.set_mt(-20.0)
        assert (down.field_mt, down.gaussmeter_mt) == (pytest.approx(-20.0, abs=0.02), pytest.approx(-19.75, abs=0.06))
        assert field.switch_off() is not None
        assert settled_t(running) == pytest.approx(-0.2e-3, abs=2e-5)


def test_a_field_from_elsewhere_is_seen_by_the_gaussmeter_alone(tmp_path: Path) -> None:
    with opened(tmp_path) as (field, running, _):
        field.switch_on()
        running.fault("field:shift=1.5")
        read = field.read()
        assert read.supply_mt == pytest.approx(6.0, abs=0.02)
        assert read.gaussmeter_mt == pytest.approx(7.35, abs=0.06)


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        ("field:refuses-level", r"field \(Kepco BOP, .*was set to .* A, but reports a set current of"),
        ("field:disconnect", r"field \("),
        ("gaussmeter:no-reply", r"gaussmeter \(.*, no reply"),
        ("gaussmeter:garbage", r"gaussmeter \("),
    ],
)
def test_a_supply_or_gaussmeter_that_fails_is_named(tmp_path: Path, fault: str, why: str) -> None:
    with opened(tmp_path) as (field, running, _):
        field.switch_on()
        running.fault(fault)
        with pytest.raises(BenchFaultError, match=why):
            field.set_mt(3.0)


def test_a_late_gaussmeter_is_asked_again_on_a_new_connection(tmp_path: Path) -> None:
    with opened(tmp_path) as (field, running, _):
        field.switch_on()
        running.fault("gaussmeter:late-reply=250,1")
        assert field.read().gaussmeter_mt == pytest.approx(5.85, abs=0.06)


def test_a_guardian_ramps_the_field_down_in_steps_and_does_not_cut_it(tmp_path: Path) -> None:
    with opened(tmp_path) as (field, running, config):
        field.switch_on()
        field.close()
        opener = Opener(config.link, rescues=True)
        assert switch_off_supply(config, opener, simulated=True) == "magnet at zero and off"
        opener.close()
        assert settled_t(running) == pytest.approx(0.2e-3, abs=2e-5)
        running.stop()
        log = (tmp_path / "log.jsonl").read_text().splitlines()
        levels = [float(line.partition("CURR ")[2].partition(";")[0]) for line in log if '"CURR ' in line]
        down = levels[levels.index(max(levels)) :]
        assert max(levels) == pytest.approx(0.6)
        assert max(a - b for a, b in pairwise(down)) <= 0.05 + 1e-9
        assert down[-1] == 0.0
