"""Bench files of instruments: strict, every mistake named by file, key and remedy."""

import tomllib
from contextlib import nullcontext
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import pytest
import tomli_w

from instruments.interfaces import SerialSettings
from mtjlab.benches.factory import instrument_parts
from mtjlab.benches.models_check import demand_instruments
from mtjlab.benches.simulators import redirected
from mtjlab.config import FieldSection, InstrumentBenchConfig, read_bench
from mtjlab.envelope import BenchLimits
from mtjlab.errors import RefusedError

CONFIGS = Path(__file__).parents[2] / "configs"
SHIPPED = ["keithley-6221-2182a.toml", "keithley-2400.toml", "mixed.toml", "field.toml"]
CONTENT = tomllib.loads((CONFIGS / SHIPPED[0]).read_text(encoding="utf-8"))
SUPPLY = {
    "model": "Kepco BOP",
    "field_mt": 6.0,
    "address": "GPIB0::6::INSTR",
    "ma_per_mt": 200.0,
    "largest_current_ma": 2000.0,
    "compliance_mv": 10000.0,
}


def changed(path: str, value: Any) -> dict[str, Any]:
    """The paper's bench with one key, such as ``sources.J1.range_ua``, set, or removed where ``value`` is None."""
    content = tomllib.loads(tomli_w.dumps(CONTENT))
    *tables, key = path.split(".")
    table = content
    for name in tables:
        table = table.setdefault(name, {})
    if value is None:
        del table[key]
    else:
        table[key] = value
    return content


def read(folder: Path, content: dict[str, Any]) -> InstrumentBenchConfig:
    path = folder / "bench.toml"
    path.write_text(tomli_w.dumps(content), encoding="utf-8")
    bench = read_bench(path)
    assert isinstance(bench, InstrumentBenchConfig)
    return bench


@pytest.mark.parametrize("file", SHIPPED)
@pytest.mark.parametrize("simulate", [False, True])
def test_the_shipped_files_are_read_and_ask_for_nothing_that_their_instruments_do_not_have(
    file: str, simulate: bool
) -> None:
    bench = read_bench(CONFIGS / file)
    assert isinstance(bench, InstrumentBenchConfig)
    assert bench.labels == ("J1", "J2", "J3")
    demand_instruments(CONFIGS / file, bench, simulate)


def test_what_is_not_given_has_a_value_that_is_safe(tmp_path: Path) -> None:
    content = {key: CONTENT[key] for key in ("kind", "sources", "voltmeters")}
    bench = read(tmp_path, content)
    assert bench.field == FieldSection()
    assert (bench.wiring.voltmeters, bench.link.visa_library) == ("across", "@py")
    assert [bench.compliance_mv(label) for label in bench.labels] == [3000, 2000, 1000]
    assert [bench.reset_mv(label) for label in bench.labels] == [2250, 1500, 750]


def test_a_compliance_that_is_given_is_taken(tmp_path: Path) -> None:
    bench = read(tmp_path, changed("sources.J1.compliance_mv", 2500))
    assert bench.compliance_mv("J1") == 2500


def test_leads_are_one_for_all_or_one_each(tmp_path: Path) -> None:
    assert [read(tmp_path, CONTENT).wiring.lead_ohm(k) for k in range(3)] == [5, 5, 5]
    each = read(tmp_path, changed("wiring.lead_resistance_ohm", [4, 5, 6]))
    assert [each.wiring.lead_ohm(k) for k in range(3)] == [4, 5, 6]


def test_one_instrument_may_source_and_measure_for_one_junction(tmp_path: Path) -> None:
    bench = read_bench(CONFIGS / "keithley-2400.toml")
    assert isinstance(bench, InstrumentBenchConfig)
    assert bench.sources["J2"].address == bench.voltmeters["J2"].address
    assert len(set(bench.addresses)) == 3


def test_a_supply_makes_the_field(tmp_path: Path) -> None:
    bench = read(tmp_path, {**CONTENT, "field": SUPPLY})
    assert not bench.field.by_hand
    assert bench.field.current_ma == 1200
    assert bench.addresses[-1] == "GPIB0::6::INSTR"


MISTAKES = [
    (
        "sources.J1.range",
        2000,
        r"unknown key sources\.J1\.range\. A key needs its unit: write range_ua",
    ),
    ("sources.J1.rnage_ua", 2000, r"unknown key sources\.J1\.rnage_ua\. Did you mean range_ua\?"),
    ("sources.J1.baud_rate", 9600, r"sources\.J1: GPIB0::12::INSTR is not a serial address .*: leave out baud_rate"),
    ("field.terminator", "CR", r"field: .*none is not a serial address .*: leave out terminator"),
    ("sources.J1.parity", "mark", r"sources\.J1\.parity: .*'none', 'even' or 'odd'"),
    ("sources.J1.baud", 9600, r"unknown key sources\.J1\.baud\."),
    ("sources.J1.range_ua", None, r"sources\.J1\.range_ua: is missing"),
    ("sources.J1.range_ua", 0, r"sources\.J1\.range_ua: .*greater than 0 \(it is 0"),
    ("sources.J1.compliance_mv", -1, r"sources\.J1\.compliance_mv: .*greater than 0"),
    ("sources.J1.compliance_mv", 2000, r"sources\.J1\.compliance_mv = 2000 is below the 2250 mV that the reset"),
    ("sources.J1.model", 6221, r"sources\.J1\.model: .*string"),
    ("sources.J3", None, r"\[voltmeters\] must name J1, J2, one table for each junction.*it names J1, J2, J3"),
    ("sources", {}, r"\[sources\] must name J1.*it names none"),
    ("sources.J5", CONTENT["sources"]["J3"], r"\[sources\] must name J1, J2, J3, J4.*it names J1, J2, J3, J5"),
    ("voltmeters.J2", None, r"\[voltmeters\] must name J1, J2, J3.*it names J1, J3"),
    ("voltmeters.J2.nplc", 0, r"voltmeters\.J2\.nplc: .*greater than 0"),
    ("voltmeters.J2.range_mv", "auto", r"voltmeters\.J2\.range_mv: .*number.*'auto'"),
    ("voltmeters", None, r"voltmeters: is missing"),
    ("sources.J2.address", "GPIB0::12::INSTR", r"address GPIB0::12::INSTR is given to two instruments"),
    ("voltmeters.J2.address", "GPIB0::7::INSTR", r"address GPIB0::7::INSTR is given to two instruments"),
    ("voltmeters.J1.address", "GPIB0::12::INSTR", r"GPIB0::12::INSTR is given to sources\.J1 and voltmeters\.J1: one"),
    ("link.line_frequency_hz", 55, r"link\.line_frequency_hz: .*50 or 60"),
    ("link.timeout_s", 0, r"link\.timeout_s: .*greater than 0"),
    ("timing.aperture_s", 0.02, r"unknown key timing\.aperture_s"),
    ("wiring.voltmeters", "everywhere", r"wiring\.voltmeters: .*'across' or 'to-ground'"),
    ("wiring.lead_resistance_ohm", [5, 5], r"wiring\.lead_resistance_ohm has 2 values for 3 junctions"),
    ("wiring.lead_resistance_ohm", -1, r"wiring\.lead_resistance_ohm must not be below 0"),
    ("wiring.lead_resistance_ohm", [5, -1, 5], r"wiring\.lead_resistance_ohm must not be below 0"),
    ("simulation.speed", 0, r"simulation\.speed: .*greater than 0"),
    ("simulation.tmr_percent", [120, 120], r"simulation: tmr_percent has 2 values for 3 junctions"),
    ("limits.junction_voltage_warn_mv", 1100, r"limits: junction_voltage_warn_mv must not be above"),
    ("field.field", 6, r"unknown key field\.field\. A key needs its unit: write field_mt"),
    ("field.field_mt", float("nan"), r"field\.field_mt: .*finite"),
    ("field.address", "GPIB0::6::INSTR", r"field: a field set by hand has no address: leave it out, or name the model"),
    ("field.model", "Kepco BOP", r"field: a field supply needs address, ma_per_mt.*there is no address, ma_per_mt"),
    ("field", {**SUPPLY, "ma_per_mt": 0.0}, r"field\.ma_per_mt: .*greater than 0"),
    ("field", {**SUPPLY, "largest_current_ma": 1000.0}, r"field_mt = 6 needs 1200 mA, more than largest_current_ma"),
    ("field", {**SUPPLY, "field_mt": -20.0}, r"field_mt = -20 needs -4000 mA, more than largest_current_ma = 2000"),
    ("field", {**SUPPLY, "address": "GPIB0::7::INSTR"}, r"address GPIB0::7::INSTR is given to field and to another"),
    *[
        ("field", {key: value for key, value in SUPPLY.items() if key != missing}, rf"there is no {missing}")
        for missing in ("address", "ma_per_mt", "largest_current_ma", "compliance_mv")
    ],
]


@pytest.mark.parametrize(
    ("key", "value", "complaint"), MISTAKES, ids=[f"{key}={value!r:.20}" for key, value, _ in MISTAKES]
)
def test_a_mistake_is_named(tmp_path: Path, key: str, value: Any, complaint: str) -> None:
    with pytest.raises(RefusedError, match=complaint) as refused:
        read(tmp_path, changed(key, value))
    assert str(refused.value).startswith(f"{tmp_path / 'bench.toml'}: ")


def test_one_instrument_plays_both_parts_for_one_junction_only(tmp_path: Path) -> None:
    content = tomllib.loads((CONFIGS / "keithley-2400.toml").read_text(encoding="utf-8"))
    content["voltmeters"]["J1"]["address"], content["voltmeters"]["J2"]["address"] = (
        content["voltmeters"]["J2"]["address"],
        content["voltmeters"]["J1"]["address"],
    )
    with pytest.raises(RefusedError, match=r"one instrument can be source and voltmeter of one junction only"):
        read(tmp_path, content)


SERIAL = {"baud_rate": 19200, "parity": "even", "terminator": "LF"}


def with_serial_j1(source: dict[str, Any], meter: dict[str, Any]) -> dict[str, Any]:
    """Three 2400, of which the first is at a serial port."""
    content = tomllib.loads((CONFIGS / "keithley-2400.toml").read_text(encoding="utf-8"))
    for part, keys in (("sources", source), ("voltmeters", meter)):
        content[part]["J1"] |= {"address": "ASRL3::INSTR", **keys}
    return content


def test_a_serial_port_is_set_as_its_keys_say(tmp_path: Path) -> None:
    parts = instrument_parts(read(tmp_path, with_serial_j1(SERIAL, SERIAL)))
    assert parts.sources[0].serial == parts.meters[0].serial == SerialSettings(19200, "even", "\n")
    assert parts.sources[1].serial == SerialSettings()


def test_without_keys_it_is_as_instruments_leave_the_factory(tmp_path: Path) -> None:
    assert instrument_parts(read(tmp_path, with_serial_j1({}, {}))).sources[0].serial == SerialSettings(
        9600, "none", "\r"
    )


def test_one_instrument_has_one_serial_port(tmp_path: Path) -> None:
    with pytest.raises(
        RefusedError, match=r"J1 and voltmeters\.J1 are one instrument at ASRL3::INSTR: give both the same"
    ):
        read(tmp_path, with_serial_j1(SERIAL, {"baud_rate": 19200}))


def test_simulated_instruments_have_no_serial_ports(tmp_path: Path) -> None:
    bench = read(tmp_path, with_serial_j1(SERIAL, SERIAL))
    roles = [f"{part} {label}" for part in ("source", "voltmeter") for label in bench.labels]
    running = MagicMock(addresses={role: f"TCPIP::127.0.0.1::{5000 + n}::SOCKET" for n, role in enumerate(roles)})
    there = redirected(bench, running)
    assert InstrumentBenchConfig.model_validate_json(there.model_dump_json()) == there


def test_every_mistake_of_a_file_is_named_at_once(tmp_path: Path) -> None:
    content = changed("sources.J1.range_ua", 0)
    content["voltmeters"]["J3"]["nplc"] = -1
    with pytest.raises(RefusedError) as refused:
        read(tmp_path, content)
    assert [line.split(": ")[1] for line in str(refused.value).splitlines()] == [
        "sources.J1.range_ua",
        "voltmeters.J3.nplc",
    ]


def test_the_wave_mode_of_a_source_is_refused_with_what_its_manual_does_not_say(tmp_path: Path) -> None:
    with pytest.raises(RefusedError) as refused:
        read(tmp_path, changed("sources.J1.pulses", "wave"))
    for part in (
        "bench.toml",
        "sources.J1",
        "not offered",
        "622x-901-01",
        "turns on output",
        "inactive value",
        ":ABOR",
    ):
        assert part in str(refused.value)
    assert read(tmp_path, changed("sources.J1.pulses", "software")).sources["J1"].pulses == "software"


@pytest.mark.parametrize(
    ("has_rf", "width_s", "is_refused"), [(False, 0.9e-6, True), (False, 1e-6, False), (True, 1e-8, False)]
)
def test_pulses_below_a_microsecond_need_rf_wiring(
    tmp_path: Path, has_rf: bool, width_s: float, is_refused: bool
) -> None:
    limits = BenchLimits.of(read(tmp_path, changed("wiring.radio_frequency", has_rf)), "bench.toml")
    expected = r"minimum 1e-06 s \(set by wiring without wiring.radio_frequency = true in bench.toml\)"
    with pytest.raises(RefusedError, match=expected) if is_refused else nullcontext():
        limits.demand_width(width_s)


def test_the_simulated_junctions_hold_from_half_a_microsecond_on() -> None:
    limits = BenchLimits.of(read_bench(CONFIGS / "simulated.toml"))
    limits.demand_width(0.5e-6)
    with pytest.raises(RefusedError, match=r"minimum 5e-07 s \(set by the model of the simulated junctions\)"):
        limits.demand_width(0.4e-6)
