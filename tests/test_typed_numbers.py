"""Numbers as people type them: read right or refused, never guessed."""

import locale
from math import isfinite

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtjlab.cli.numbers import typed_row
from mtjlab.typed_numbers import NotANumberError, NumberRange, read_number, read_numbers, shown_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("-46.5", -46.5),
        ("-46,5", -46.5),
        ("\N{MINUS SIGN}46,5", -46.5),
        (" 1500 ", 1500),
        ("+5.9", 5.9),
        (",5", 0.5),
        ("5.", 5.0),
        ("0,005", 0.005),
        ("1.234", 1.234),
        ("1234,567", 1234.567),
        ("1e-3", 0.001),
        ("2,5e2", 250.0),
    ],
)
def test_a_dot_and_a_comma_are_decimal_marks(text: str, number: float) -> None:
    assert read_number(text) == number


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no number is given"),
        ("1,234", "type 1.234 or 1234"),
        ("-1,500", "type -1.500 or -1500"),
        ("1.234,5", "no mark between thousands"),
        ("1,234.5", "no mark between thousands"),
        ("1,234,567", "no mark between thousands"),
        ("1 500", "no mark between thousands"),
        ("1\N{NARROW NO-BREAK SPACE}500", "no mark between thousands"),
        ("1'500", "no mark between thousands"),
        ("1_500", "no mark between thousands"),
        ("--5", "not a valid number"),
        ("-", "not a valid number"),
        ("5-", "not a valid number"),
        (".", "not a valid number"),
        ("46.5x", "not a valid number"),
        ("0x10", "not a valid number"),
        ("nan", "not a valid number"),
        ("inf", "not a valid number"),
        ("-Infinity", "not a valid number"),
        ("1e999", "too large"),
        ("9" * 400, "too large"),
        ("\N{ARABIC-INDIC DIGIT FOUR}\N{ARABIC-INDIC DIGIT SIX}", "digits 0 to 9"),
        ("\N{EXTENDED ARABIC-INDIC DIGIT FOUR}\N{ARABIC DECIMAL SEPARATOR}5", "digits 0 to 9"),
        ("\N{SUPERSCRIPT TWO}", "digits 0 to 9"),
    ],
)
def test_what_is_doubtful_is_refused_with_what_to_type(text: str, reason: str) -> None:
    with pytest.raises(NotANumberError, match=reason):
        read_number(text)


@given(st.floats(-1e9, 1e9), st.sampled_from(".,"))
def test_a_number_comes_back_as_it_was_shown(number: float, mark: str) -> None:
    shown = shown_number(number)
    try:
        read = read_number(shown.replace(".", mark))
    except NotANumberError:
        assert mark == ","
        assert len(shown.rpartition(".")[2]) == 3
    else:
        assert read == pytest.approx(number, rel=1e-11, abs=1e-9)


@given(st.text(max_size=12))
def test_any_text_is_a_finite_number_or_refused(text: str) -> None:
    try:
        read = read_number(text)
    except NotANumberError:
        return
    assert isfinite(read)


@given(st.text("0123456789.,-+eE '", max_size=10))
def test_what_is_read_differs_from_what_was_typed_in_its_decimal_mark_alone(text: str) -> None:
    try:
        read = read_number(text)
    except NotANumberError:
        return
    assert read == float(text.replace(",", "."))


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("-500", -500),
        ("-500.5", -500.5),
        ("-500, -480.5, -500", [-500, -480.5, -500]),
        ("-500,-480,-500", [-500, -480, -500]),
        ("-5,0,5", [-5, 0, 5]),
        ("\N{MINUS SIGN}5,0,5", [-5, 0, 5]),
        ("-5.5,5", [-5.5, 5]),
        ("1,2,3; 4,5,6", [[1, 2, 3], [4, 5, 6]]),
        ("[[-5,0,5],[4,5,6]]", [[-5, 0, 5], [4, 5, 6]]),
        ("-500, -480; -510, -520", [[-500, -480], [-510, -520]]),
        ("-500; -510", [[-500], [-510]]),
        ("[[-500, -480], [-510, -520]]", [[-500, -480], [-510, -520]]),
        ("[30.0]", [30.0]),
    ],
)
def test_lists_have_commas_and_semicolons_between(text: str, numbers: object) -> None:
    assert read_numbers(text) == numbers


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("46,5", "type 46.5 for one number, 46, 5 for two"),
        ("-46,5", "-46,5 is not clear: type -46.5 for one number, -46, 5 for two"),
        ("-46,5, -50", "type -46.5 for one number"),
        ("[-46,5, -50]", "type -46.5 for one number"),
        ("-46,5; -50,5", "type -46.5 for one number"),
        ("-5,0,5,", "no number is given"),
        ("-500, much", "not a valid number"),
        ("-500, ", "no number is given"),
        ("-500 -480", "not a valid number"),
        ("[NaN, 5]", "NaN is not a number"),
        ("[Infinity]", "Infinity is not a number"),
        ("[-500", "is not valid"),
        ("", "no number is given"),
    ],
)
def test_a_doubtful_list_is_refused(text: str, reason: str) -> None:
    with pytest.raises(NotANumberError, match=reason):
        read_numbers(text)


@given(st.lists(st.floats(-1e4, 1e4).map(shown_number), min_size=3, max_size=6))
def test_a_row_is_read_as_on_the_command_line(numbers: list[str]) -> None:
    row = ",".join(numbers)
    assert tuple(read_numbers(row)) == typed_row(row, "--inputs")


def test_the_language_of_the_computer_changes_nothing() -> None:
    before = locale.setlocale(locale.LC_NUMERIC)
    try:
        for name in ("de_DE.UTF-8", "fr_FR.UTF-8", "C"):
            try:
                locale.setlocale(locale.LC_NUMERIC, name)
            except locale.Error:
                continue
            assert (read_number("-46,5"), shown_number(-46.5)) == (-46.5, "-46.5")
    finally:
        locale.setlocale(locale.LC_NUMERIC, before)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("0 µA", "0 µA is below the limit, 0.1 µA"),
        ("100.5", "100.5 µA is above the limit, 100 µA"),
        ("x", "x is not a valid number"),
    ],
)
def test_what_is_out_of_range_is_refused_with_the_limit(text: str, reason: str) -> None:
    with pytest.raises(NotANumberError, match=reason):
        NumberRange(0.1, 100.0, "µA").read(text)
