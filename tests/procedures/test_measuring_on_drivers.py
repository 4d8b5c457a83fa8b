"""Measurements over the real drivers, on simulated instruments in their own time."""

from pathlib import Path

import pytest

from mtjlab.benches.models_check import demand_instruments
from mtjlab.config import InstrumentBenchConfig, SweepSettings
from mtjlab.events import Event, SwitchingMeasured, WiringChecked, to_json
from mtjlab.procedures.check.plan import wiring_of
from mtjlab.procedures.check.procedure import check
from mtjlab.procedures.safe import go_safe
from mtjlab.procedures.shift.plan import ShiftPlan
from mtjlab.procedures.shift.procedure import shift
from mtjlab.procedures.sweep.plan import SweepPlan
from mtjlab.procedures.sweep.procedure import sweep
from mtjlab.procedures.switching_map.procedure import switching_map
from mtjlab.reading import from_json
from tests.support.equipment import drive
from tests.support.tiny_measurements import CONFIG, SECOND_UA, START_UA, UP_UA, estimated, map_asked
from tests.support.wired import wired_bench, wired_config

ACROSS, TO_GROUND = "keithley-6221-2182a.toml", "keithley-2400.toml"


def found_in(events: list[Event]) -> SwitchingMeasured:
    last = events[-1]
    assert isinstance(last, SwitchingMeasured)
    return last


@pytest.mark.parametrize("file", [ACROSS, TO_GROUND])
def test_a_sweep_finds_the_critical_currents_of_the_chip(file: str) -> None:
    requested = SweepPlan(controls_ua=SECOND_UA, staircase=SweepSettings(input_step_ua=10.0, repetitions=3))
    events = list(sweep(wired_bench(wired_config(file)), CONFIG, requested))
    (series,) = found_in(events).series
    for one, truth_ua in zip(estimated(series.up), UP_UA, strict=True):
        assert truth_ua == pytest.approx(one.law.mean_ua, abs=10.0)
    assert [from_json(to_json(event)) for event in events] == events


def with_model(config: InstrumentBenchConfig, old: str, new: str) -> InstrumentBenchConfig:
    """The same bench with another model in place of each ``old``."""
    return config.model_copy(
        update={
            part: {
                label: section.model_copy(update={"model": new if section.model == old else section.model})
                for label, section in getattr(config, part).items()
            }
            for part in ("sources", "voltmeters")
        }
    )


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (TO_GROUND, "Keithley 2400", "Keithley 2450"),
        (ACROSS, "Keithley 2182A", "Keysight 34461A"),
        (ACROSS, "Keithley 2182A", "Agilent 34410A"),
    ],
)
def test_other_models_in_the_same_places_say_that_the_wiring_is_right_and_find_the_same(
    file: str, old: str, new: str
) -> None:
    config = with_model(wired_config(file), old, new)
    demand_instruments(Path(file), config, simulate=True)
    bench = wired_bench(config)
    *_, checked = check(bench, wiring_of(config))
    assert isinstance(checked, WiringChecked)
    assert {found.verdict for found in checked.findings} == {"ok"}
    requested = SweepPlan(controls_ua=SECOND_UA, staircase=SweepSettings(input_step_ua=10.0, repetitions=3))
    (series,) = found_in(list(sweep(bench, CONFIG, requested))).series
    for one, truth_ua in zip(estimated(series.up), UP_UA, strict=True):
        assert truth_ua == pytest.approx(one.law.mean_ua, abs=10.0)
    drive(go_safe(bench))
    assert bench.is_safe


@pytest.mark.parametrize(
    ("way", "requested", "within_ua"),
    [
        ("curves", {"staircase": SweepSettings(input_step_ua=10.0, repetitions=3)}, 10.0),
        ("raster", {"cell_ua": 75.0, "times": 1}, 25.0),
        ("adaptive", {"width_ua": 25.0}, 25.0),
    ],
)
def test_each_way_of_mapping_finds_the_critical_currents_of_the_chip(
    way: str, requested: dict[str, object], within_ua: float
) -> None:
    bench = wired_bench(wired_config(ACROSS))
    events = list(switching_map(bench, CONFIG, map_asked(way, **requested)))
    for series, row_ua in zip(found_in(events).series, (START_UA, SECOND_UA), strict=True):
        assert series.controls_ua == row_ua
        for one, truth_ua in zip(estimated(series.up), UP_UA, strict=True):
            assert one.law.mean_ua == pytest.approx(truth_ua, abs=within_ua)
    assert [from_json(to_json(event)) for event in events] == events


def test_a_shift_moves_each_control_current_in_turn() -> None:
    requested = ShiftPlan(
        controls_ua=START_UA, by_ua=(-40.0, 40.0), staircase=SweepSettings(input_step_ua=15.0, repetitions=1)
    )
    bench = wired_bench(wired_config(ACROSS))
    found = found_in(list(shift(bench, CONFIG, requested)))
    assert len(found.series) == 7
    assert bench.input_ua == 0.0
    assert bench.controls_ua == (-500.0, -500.0, -460.0)
