"""Words that every model knows: identity, error queue, status; and those that none does."""

import pytest

from instruments.simulated.vocabulary.models import MODELS, find_model
from tests.instruments.simulated.simulated_samples import bench_of, source, source_meter, voltmeter

EVERY = [
    source("6221"),
    source("6220"),
    source("GS200"),
    source_meter(),
    source_meter(model="2450"),
    voltmeter("2182A"),
    voltmeter("2000"),
    voltmeter("DMM6500"),
    voltmeter("34410A"),
    voltmeter("34461A"),
]
every_model = pytest.mark.parametrize("spec", EVERY, ids=lambda spec: spec.model)


def one(spec):
    return bench_of(spec), spec.roles[0]


@every_model
def test_the_serial_number_says_that_it_is_simulated(spec):
    bench, role = one(spec)
    fields = bench.ask(role, "*IDN?").split(",")
    assert len(fields) == 4
    assert fields[2] == "SIM00001"


@every_model
def test_instruments_of_one_bench_have_different_serial_numbers(spec):
    bench = bench_of(spec, voltmeter("2000", 1))
    assert bench.ask("voltmeter J2", "*IDN?").split(",")[2] == "SIM00002"


@every_model
def test_an_unknown_command_is_113_in_the_error_queue(spec):
    bench, role = one(spec)
    assert bench.send(role, "FOO:BAR 1") == []
    assert bench.error(role) == -113
    assert bench.error(role) == 0


@every_model
def test_an_unknown_query_has_no_reply(spec):
    bench, role = one(spec)
    assert bench.send(role, ":FOO?") == []
    assert bench.error(role) == -113


@every_model
def test_a_command_error_discards_the_rest_of_its_message_but_not_what_came_before(spec):
    bench, role = one(spec)
    assert bench.send(role, "*OPC?;FOO;*IDN?") == ["1"]


@every_model
def test_replies_to_one_message_are_joined(spec):
    bench, role = one(spec)
    assert bench.ask(role, "*opc?;*TST?;*Opc?") == "1;0;1"


@every_model
def test_the_queue_keeps_its_order_and_says_when_it_has_overflown(spec):
    bench, role = one(spec)
    bench.send(role, *["FOO"] * 15)
    codes = [bench.error(role) for _ in range(11)]
    assert codes == [-113] * 9 + [-350, 0]


@every_model
def test_clearing_empties_the_queue_and_the_events(spec):
    bench, role = one(spec)
    bench.send(role, "FOO", "*CLS")
    assert bench.error(role) == 0
    assert bench.ask(role, "*ESR?") == "0"


@every_model
def test_events_are_power_on_then_what_went_wrong_and_reading_clears_them(spec):
    bench, role = one(spec)
    assert bench.ask(role, "*ESR?") == "128"
    bench.send(role, "FOO", "*OPC")
    assert bench.ask(role, "*ESR?") == "33"
    assert bench.ask(role, "*ESR?") == "0"


@every_model
def test_the_status_byte_shows_errors_and_enabled_events(spec):
    bench, role = one(spec)
    bench.send(role, "*CLS", "*ESE 32", "*SRE 32", "FOO")
    assert bench.ask(role, "*ESE?;*SRE?") == "32;32"
    assert int(bench.ask(role, "*STB?")) == 4 + 32 + 64


@every_model
def test_parameters_that_are_missing_or_too_many_are_refused(spec):
    bench, role = one(spec)
    bench.send(role, "*ESE", "*ESE 1,2", "*ESE abc")
    assert [bench.error(role) for _ in range(3)] == [-109, -108, -104]


def test_models_are_found_as_bench_files_write_them():
    assert find_model("Keithley 2182a", "voltmeter") is find_model("2182A", "voltmeter") is MODELS["2182A"]
    assert find_model("Yokogawa GS200", "source") is find_model("yokogawa-gs200", "source")


def test_a_model_without_simulated_words_is_refused_by_naming_those_that_have_some():
    with pytest.raises(ValueError, match=rf"Keithley 2461 cannot be simulated.*{', '.join(MODELS)}"):
        bench_of(source("Keithley 2461"))


def test_a_part_that_a_model_cannot_play_is_refused():
    with pytest.raises(ValueError, match="6221 cannot be a voltmeter: it plays source"):
        bench_of(voltmeter("6221"))
