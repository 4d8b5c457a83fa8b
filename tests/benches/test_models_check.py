"""What a bench file asks of its instruments is held against what they can do, before anything is connected."""

from pathlib import Path
from typing import Any

import pytest

from instruments.models import MODELS, Model
from instruments.simulated.vocabulary.models import MODELS as SIMULATED
from instruments.simulated.vocabulary.models import find_model
from mtjlab.benches.models_check import demand_instruments
from mtjlab.config import FieldSection, GaussmeterSection, InstrumentBenchConfig, SimulatedBenchConfig, read_bench
from mtjlab.errors import RefusedError
from tests.support.commands import CONFIGS

FILE = Path("bench.toml")
ACROSS, SOURCE_METERS = "keithley-6221-2182a.toml", "keithley-2400.toml"
SUPPLY = FieldSection(
    model="Kepco BOP",
    field_mt=6.0,
    address="GPIB0::6::INSTR",
    ma_per_mt=200.0,
    largest_current_ma=2000.0,
    compliance_mv=1e4,
)


def bench(file: str = ACROSS, **changes: dict[str, Any]) -> InstrumentBenchConfig:
    """A shipped bench with ``sources_J1={...}``, ``voltmeters_J2={...}`` or ``limits={...}`` changed."""
    config = read_bench(CONFIGS / file)
    assert isinstance(config, InstrumentBenchConfig)
    content = config.model_dump(exclude_unset=True)
    for where, change in changes.items():
        table, _, label = where.partition("_")
        (content[table][label] if label else content[table]).update(change)
    return InstrumentBenchConfig.model_validate(content)


def complaints(config: InstrumentBenchConfig, simulate: bool = False) -> list[str]:
    try:
        demand_instruments(FILE, config, simulate)
    except RefusedError as error:
        lines = str(error).splitlines()
        assert all(line.startswith("bench.toml: ") for line in lines)
        return [line.removeprefix("bench.toml: ") for line in lines]
    return []


def complaint(config: InstrumentBenchConfig, simulate: bool = False) -> str:
    (only,) = complaints(config, simulate)
    return only


def test_a_bench_without_instruments_asks_for_none() -> None:
    demand_instruments(FILE, SimulatedBenchConfig(), simulate=False)


def test_a_model_that_does_not_exist_is_named_with_those_that_do() -> None:
    assert complaint(bench(sources_J1={"model": "Keithley 6222"})) == (
        "sources.J1.model = 'Keithley 6222' is no current source that there is a driver for. There is one for Keithley "
        "6220, Keithley 6221, Keithley 2400, Keithley 2450, Yokogawa GS200."
    )
    told = complaint(bench(voltmeters_J1={"model": "Keithley 2182"}))
    assert "voltmeters.J1.model = 'Keithley 2182' is no voltmeter" in told
    assert "Keithley 2182A" in told


@pytest.mark.parametrize(
    ("where", "model"),
    [("sources_J1", "Keithley 2182A"), ("voltmeters_J1", "Keithley 6221"), ("sources_J1", "by hand")],
)
def test_a_model_that_does_not_play_this_part_is_refused(where: str, model: str) -> None:
    assert f"model = '{model}' is no " in complaint(bench(**{where: {"model": model}}))


def test_a_range_that_a_source_does_not_have_is_refused() -> None:
    assert complaint(bench(sources_J2={"range_ua": 1500.0})) == (
        "sources.J2.range_ua = 1500 is no range of this model. It has 0.002, 0.02, 0.2, 2, 20, 200, 2000, 20000, "
        "100000 uA."
    )


@pytest.mark.parametrize(
    ("where", "key", "value"),
    [
        ("sources_J2", "range_ua", 2000.00001),
        ("sources_J1", "compliance_mv", 105_000.001),
        ("voltmeters_J1", "nplc", 50.0000001),
    ],
)
def test_a_value_beside_what_a_model_has_is_shown_with_the_digits_that_tell_them_apart(
    where: str, key: str, value: float
) -> None:
    assert f"{key} = {value:.12g} " in complaint(bench(**{where: {key: value}}))


def test_a_range_below_the_limits_would_be_refused_in_the_middle_of_a_run() -> None:
    assert "sources.J2.range_ua = 200 does not reach the 750 uA of [limits]" in (
        complaint(bench(sources_J2={"range_ua": 200.0}))
    )
    limits = {"junction_current_min_ua": -2500.0}
    assert len(complaints(bench(limits=limits))) == 3


def test_a_compliance_that_a_source_does_not_have_is_refused() -> None:
    assert complaint(bench(sources_J1={"compliance_mv": 1.1e5})) == (
        "sources.J1.compliance_mv = 110000 cannot be had: this model has 100 to 105000 mV. Give a compliance_mv that "
        "it has."
    )


def test_a_compliance_by_position_that_a_source_does_not_have_is_refused() -> None:
    """A GS200 limits at 1 V or more; the lowest node of junctions that stand 0.9 V needs less."""
    gs200 = {"model": "Yokogawa GS200", "range_ua": 1000.0}
    config = bench(sources_J3=gs200, limits={"junction_voltage_refuse_mv": 900.0, "junction_voltage_warn_mv": 800.0})
    assert "sources.J3.compliance_mv = 900 cannot be had: this model has 1000 to 30000 mV" in complaint(config)


def test_a_range_that_a_voltmeter_does_not_have_is_refused() -> None:
    assert complaint(bench(voltmeters_J3={"range_mv": 2000.0})) == (
        "voltmeters.J3.range_mv = 2000 is no range of this model. It has 10, 100, 1000, 10000, 100000 mV."
    )


def test_an_integration_time_that_a_voltmeter_does_not_have_is_refused() -> None:
    assert complaint(bench(voltmeters_J3={"nplc": 100.0})) == (
        "voltmeters.J3.nplc = 100 is outside what this model has. Take 0.01 to 50."
    )


@pytest.mark.parametrize("model", ["Keithley 2400", "Keithley 2450"])
def test_what_measures_only_what_it_sources_is_no_voltmeter_alone(model: str) -> None:
    told = complaint(bench(voltmeters_J2={"model": model, "range_mv": 2000.0}))
    assert told.startswith(f"voltmeters.J2.model = '{model}' measures only what it sources itself.")
    assert "Give it the address of its source, GPIB0::13::INSTR" in told


def test_what_sources_and_measures_does_not_measure_across_a_junction_above_others() -> None:
    told = complaints(bench(SOURCE_METERS, wiring={"voltmeters": "across"}))
    assert [one.split(" ")[0] for one in told] == ["voltmeters.J1.model", "voltmeters.J2.model"]
    assert "measures from its node to ground, not across J1 alone" in told[0]
    assert "wiring.voltmeters = 'to-ground'" in told[0]


def test_across_the_lowest_junction_is_to_ground() -> None:
    both = {"model": "Keithley 2400", "address": "GPIB0::20::INSTR"}
    config = bench(sources_J3={**both, "range_ua": 1000.0}, voltmeters_J3={**both, "range_mv": 2000.0})
    assert complaints(config, simulate=True) == []


def test_a_meter_range_that_would_limit_its_source_is_refused() -> None:
    assert complaint(bench(SOURCE_METERS, voltmeters_J1={"range_mv": 2000.0})) == (
        "voltmeters.J1.range_mv = 2000 would limit its source, whose compliance is 3000 mV. Take a larger range."
    )


def test_one_address_written_in_two_ways_is_noticed() -> None:
    told = complaint(bench(sources_J1={"address": "gpib::13"}))
    assert told == "addresses GPIB0::13::INSTR and gpib::13 are one instrument. Write them alike."


def with_field(section: FieldSection) -> InstrumentBenchConfig:
    return bench().model_copy(update={"field": section})


def test_a_supply_of_the_field_within_what_it_has_is_accepted() -> None:
    assert complaints(with_field(SUPPLY)) == []


def test_a_field_that_no_driver_makes_is_refused() -> None:
    told = complaint(with_field(SUPPLY.model_copy(update={"model": "Keithley 6221"})))
    assert told.startswith("field.model = 'Keithley 6221' is no field that there is a driver for.")
    assert told.endswith("There is one for Kepco BOP, by hand.")


@pytest.mark.parametrize(("key", "value", "most"), [("largest_current_ma", 13e3, 12e3), ("compliance_mv", 40e3, 36e3)])
def test_more_than_a_supply_has_is_refused(key: str, value: float, most: float) -> None:
    assert complaint(with_field(SUPPLY.model_copy(update={key: value}))) == (
        f"field.{key} = {value:.6g} cannot be had: this model has up to {most:.6g}. Give less."
    )


def test_a_rehearsal_is_refused_for_a_model_without_simulated_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(SIMULATED, "34461A")
    config = bench(voltmeters_J2={"model": "Keysight 34461A"})
    assert complaints(config) == []
    assert complaint(config, simulate=True).startswith(
        "voltmeters.J2.model: Keysight 34461A cannot be simulated. Models that can: 6220, 6221"
    )


@pytest.mark.parametrize("model", [model for model in MODELS.values() if model.driver], ids=lambda model: model.name)
def test_every_model_with_a_driver_has_simulated_words_for_its_parts(model: Model) -> None:
    for part, facts in {
        "source": model.source,
        "voltmeter": model.meter,
        "both": model.source and model.meter,
        "field": model.magnet,
        "gaussmeter": model.gaussmeter,
    }.items():
        if facts is not None:
            assert part in find_model(model.name, part).plays


def test_supply_and_gaussmeter_are_rehearsed_too() -> None:
    demand_instruments(Path("b.toml"), with_field(SUPPLY), simulate=True)


@pytest.mark.parametrize(
    ("gaussmeter", "said"),
    [
        ({"model": "Lake Shore 475"}, "field.gaussmeter.model = 'Lake Shore 475' is no gaussmeter that there is"),
        ({"range_mt": 30.0}, "field.gaussmeter.range_mt = 30 is no range of this model. It has 3.5, 35, 350, 3500 mT."),
    ],
)
def test_a_gaussmeter_has_a_model_and_a_range_of_it(gaussmeter: dict[str, Any], said: str) -> None:
    section = GaussmeterSection(model="Lake Shore 425", address="GPIB0::20::INSTR", range_mt=35.0)
    field = SUPPLY.model_copy(update={"gaussmeter": section.model_copy(update=gaussmeter)})
    assert complaint(with_field(field)).startswith(said)


def test_every_complaint_is_made_at_once() -> None:
    config = bench(sources_J1={"range_ua": 1500.0}, sources_J3={"model": "?"}, voltmeters_J2={"nplc": 1e3})
    assert [one.split(" ")[0] for one in complaints(config)] == [
        "sources.J1.range_ua",
        "sources.J3.model",
        "voltmeters.J2.nplc",
    ]
