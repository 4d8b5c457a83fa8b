"""Messages as IEEE 488.2 and SCPI want them: compound messages, paths, short and long forms, parameters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instruments.simulated.vocabulary.kinds import Number, Range, Switch, Word, to_resolution
from instruments.simulated.vocabulary.scpi import ScpiError, parse, spellings

WORDS = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=8)
HEADERS = st.lists(WORDS, min_size=1, max_size=4).map(":".join)
PARAMETERS = st.lists(st.from_regex(r"[0-9.+Ee-]{1,6}|\"[a-z;, ]{0,8}\"|\(@[0-9,:]{1,5}\)", fullmatch=True), max_size=3)


def headers(message):
    return [unit.header for unit in parse(message)]


def code_of(kind, *parameters):
    with pytest.raises(ScpiError) as raised:
        kind.value(parameters)
    return raised.value.code


def test_a_header_without_leading_colon_continues_at_the_node_of_the_last_one():
    assert headers(":SENS:VOLT:RANG:AUTO 0;UPP 10") == ["SENS:VOLT:RANG:AUTO", "SENS:VOLT:RANG:UPP"]
    assert headers("VOLT:RANG 1;NPLC 1;:SOUR:CURR 0") == ["VOLT:RANG", "VOLT:NPLC", "SOUR:CURR"]


def test_common_commands_change_no_path():
    assert headers("SOUR:CURR:RANG 1;*OPC?;COMP 2") == ["SOUR:CURR:RANG", "*OPC", "SOUR:CURR:COMP"]


def test_every_message_starts_at_the_root():
    assert headers("SOUR:CURR 1") == headers(":sour:curr 1") == ["SOUR:CURR"]


def test_empty_units_are_passed_over():
    assert headers(":SENS:CHAN 1;;:SENS:VOLT:NPLC 5;") == ["SENS:CHAN", "SENS:VOLT:NPLC"]


@given(st.lists(st.tuples(HEADERS, st.booleans(), PARAMETERS), min_size=1, max_size=5))
def test_what_is_joined_is_taken_apart_again(units):
    message = ";".join(f":{header}{'?' * query} {', '.join(parameters)}" for header, query, parameters in units)
    assert [(unit.header, unit.query, list(unit.parameters)) for unit in parse(message)] == units


@given(st.data())
def test_long_and_short_forms_in_any_case_mean_the_same_as_the_pattern(data):
    all_of_them = list(spellings("[:SOURce[1]]:CURRent[:LEVel]:AMPLitude"))
    written = data.draw(st.sampled_from(all_of_them))
    case = data.draw(st.sampled_from([str.lower, str.upper, str.title]))
    assert parse(f":{case(written)} 1")[0].header in all_of_them


def test_optional_nodes_and_suffixes_may_be_left_out_and_nothing_else():
    found = set(spellings("[:SOURce[1]]:CURRent:RANGe[:UPPer]"))
    assert {"CURR:RANG", "SOUR:CURR:RANG:UPP", "SOURCE1:CURRENT:RANGE", "SOUR1:CURR:RANGE"} <= found
    assert not {"SOUR:RANG", "SOURC:CURR:RANG", "SOUR2:CURR:RANG", ""} & found


def test_digits_of_a_header_belong_to_it():
    assert set(spellings(":CHANnel1:RANGe")) == {"CHANNEL1:RANGE", "CHANNEL1:RANG", "CHAN1:RANGE", "CHAN1:RANG"}


def test_a_number_outside_or_no_number_is_refused_with_the_code_for_it():
    kind = Number(0.1, 105.0, 10.0)
    assert code_of(kind, "0.05") == code_of(kind, "nan") == code_of(kind, "inf") == -222
    assert code_of(kind, "abc") == -104
    assert code_of(kind) == -109
    assert code_of(kind, "1", "2") == -108


def test_numbers_may_be_named():
    kind = Number(0.1, 105.0, 10.0)
    assert [kind.value((word,)) for word in ("MIN", "maximum", "def")] == [0.1, 105.0, 10.0]
    assert kind.reply(1.0, ("MAX",)) == "1.050000E+02"


def test_a_range_is_the_smallest_that_holds_the_value():
    kind = Range((1e-3, 1e-2), 12e-3, 1e-3)
    assert [kind.value((text,)) for text in ("1e-3", "-1.1e-3", "0.012")] == [1e-3, 1e-2, 1e-2]
    assert code_of(kind, "0.013") == -222


def test_switches_and_words_take_their_own_words_only():
    assert [Switch().value((text,)) for text in ("0", "on", "OFF", "1")] == [False, True, False, True]
    assert code_of(Switch(), "2") == code_of(Word(("CURRent",)), "CURRE") == -224
    assert Word(("CURRent", "VOLTage")).value(("'current'",)) == "CURR"


@given(st.integers(-20_000, 20_000), st.sampled_from([1e-13, 1e-7, 5e-8, 1e-2]))
def test_a_multiple_of_the_resolution_is_the_float_of_its_decimal(counts, step):
    value = to_resolution(counts * step, step)
    assert value == float(f"{counts * step:.10g}")
    assert to_resolution(value, step) == value
