"""What makes the field."""

import pytest
from pymeasure.test import expected_protocol

from instruments import magnets
from instruments.interfaces import CutError, InstrumentError, MagnetSettings, NoReplyError, SettingRefusedError
from instruments.line import Line
from instruments.magnets import KepcoBOP, field_by_hand_t
from tests.support.kepco import LoopbackKepco

SETTINGS = MagnetSettings(largest_current_a=5.0, compliance_v=20.0)
PREPARES = [
    (":SYST:ERR?", '0,"No error"'),
    ("OUTPut?", "0"),
    ("FUNCtion:MODE CURR", None),
    ("CURR 0.0;CURR?;*OPC?", "0.00000E+00;1"),
    ("VOLTage 20", None),
    ("FUNCtion:MODE?", "1"),
    ("CURRent?", "0.00000E+00"),
    ("VOLTage?", "2.00000E+01"),
    (":SYST:ERR?", '0,"No error"'),
    ("OUTPut 1", None),
    ("OUTPut?", "1"),
]


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch):
    clock = [0.0]
    monkeypatch.setattr(magnets.time, "sleep", lambda wait_s: clock.__setitem__(0, clock[0] + wait_s))
    monkeypatch.setattr(magnets.time, "monotonic", lambda: clock[0])


def test_a_kepco_drives_a_current_and_returns_when_it_measures_it():
    pairs = [
        ("CURR 1.2345678;CURR?;*OPC?", "1.23457E+00;1"),
        ("MEASure:CURRent?", "0.3"),
        ("MEASure:CURRent?", "1.20E+00"),
    ]
    with expected_protocol(KepcoBOP, [*PREPARES, *pairs, ("MEASure:CURRent?", "1.21E+00")]) as magnet:
        magnet.prepare_magnet(SETTINGS)
        magnet.apply_current(1.2345678)
        assert magnet.current_a() == 1.21


def test_a_kepco_is_switched_off_at_zero():
    pairs = [
        ("CURR 0.0;CURR?;*OPC?", "0.00000E+00;1"),
        ("MEASure:CURRent?", "-0.01"),
        ("OUTPut 0", None),
        ("OUTPut?", "0"),
    ]
    with expected_protocol(KepcoBOP, [*PREPARES, *pairs]) as magnet:
        magnet.prepare_magnet(SETTINGS)
        magnet.switch_off()


def test_a_current_that_is_acknowledged_and_refused_is_an_error():
    with expected_protocol(KepcoBOP, [*PREPARES, ("CURR 1.0;CURR?;*OPC?", "9.00000E-01;1")]) as magnet:
        magnet.prepare_magnet(SETTINGS)
        with pytest.raises(InstrumentError, match=r"was set to 1 A, but reports a set current of 0\.9 A"):
            magnet.apply_current(1.0)


def test_a_kepco_that_does_not_go_to_zero_is_switched_off_all_the_same():
    pairs = [("CURR 0.0;CURR?;*OPC?", "1.2E+00;1"), ("OUTPut 0", None), ("OUTPut?", "0")]
    with expected_protocol(KepcoBOP, [*PREPARES, *pairs]) as magnet:
        magnet.prepare_magnet(SETTINGS)
        with pytest.raises(CutError, match=r"reports a set current of 1\.2 A\..*Its output is off"):
            magnet.switch_off()


@pytest.mark.parametrize("heard", [False, True], ids=["before it heard", "after it obeyed"])
def test_a_supply_that_hung_up_meanwhile_is_set_once_and_only_once(heard):
    """A field stands for hours in which nobody talks to its supply."""
    with LoopbackKepco() as supply:
        magnet = KepcoBOP(Line("field", supply.address, "@py", 0.5))
        magnet.identity()
        magnet.prepare_magnet(SETTINGS)
        magnet.apply_current(1.2)
        supply.hangs_up = "heard" if heard else "unheard"
        magnet.apply_current(1.0)
        assert supply.current_a == 1.0
        settings = [message for message in supply.heard if message == "CURR 1.0;CURR?;*OPC?"]
        assert len(settings) == (1 if heard else 2)
        supply.hangs_up = "unheard"
        magnet.switch_off()
        assert (supply.on, supply.current_a) == (False, 0.0)
        magnet.close()


def test_a_supply_that_stands_where_nobody_set_it_is_not_set_again():
    with LoopbackKepco() as supply:
        magnet = KepcoBOP(Line("field", supply.address, "@py", 0.5))
        magnet.prepare_magnet(SETTINGS)
        supply.hangs_up, supply.current_a = "unheard", 3.0
        with pytest.raises(NoReplyError):
            magnet.apply_current(1.0)
        assert supply.heard.count("CURR 1.0;CURR?;*OPC?") == 1
        magnet.close()


def test_a_current_that_is_not_reached_is_an_error():
    polls = [("MEASure:CURRent?", "0.5")] * 201
    with expected_protocol(KepcoBOP, [*PREPARES, ("CURR 2.0;CURR?;*OPC?", "2.0;1"), *polls]) as magnet:
        magnet.prepare_magnet(SETTINGS)
        with pytest.raises(InstrumentError, match=r"set to 2 A, drives 0\.5 A after 10 s"):
            magnet.apply_current(2.0)


@pytest.mark.parametrize("current_a", [5.1, -5.1, float("nan"), float("inf")])
def test_a_current_beyond_the_limit_is_refused(current_a):
    with expected_protocol(KepcoBOP, PREPARES) as magnet:
        magnet.prepare_magnet(SETTINGS)
        with pytest.raises(SettingRefusedError, match="Nothing was sent"):
            magnet.apply_current(current_a)


@pytest.mark.parametrize(
    "settings", [MagnetSettings(12.1, 20.0), MagnetSettings(5.0, 37.0), MagnetSettings(-1.0, 20.0)]
)
def test_a_limit_that_a_kepco_does_not_have_is_refused(settings):
    with expected_protocol(KepcoBOP, []) as magnet, pytest.raises(SettingRefusedError, match="Nothing was sent"):
        magnet.prepare_magnet(settings)


def test_a_kepco_found_on_is_left_to_a_person():
    with (
        expected_protocol(KepcoBOP, [*PREPARES[:1], ("OUTPut?", "1")]) as magnet,
        pytest.raises(SettingRefusedError, match="its output is on"),
    ):
        magnet.prepare_magnet(SETTINGS)


def test_a_kepco_that_was_not_prepared_drives_nothing():
    with expected_protocol(KepcoBOP, []) as magnet, pytest.raises(SettingRefusedError, match="was not prepared"):
        magnet.apply_current(1.0)


def told(*answers, wanted_t=6e-3):
    """The field that a person gives who answers so, and what they were asked."""
    left, asked = list(answers), []
    field_t = field_by_hand_t(lambda question: asked.append(question) or left.pop(0), wanted_t)
    assert not left
    return field_t, asked


@pytest.mark.parametrize("answer", ["6.1", " 6.1 mT", "6.1mT", "61e-1"])
def test_a_person_is_asked_what_the_gaussmeter_shows(answer):
    field_t, asked = told(answer)
    assert field_t == pytest.approx(6.1e-3)
    assert asked == ["Set the field along the easy axis to 6 mT. What does the gaussmeter show, in mT?"]


def test_a_slip_of_the_finger_is_asked_for_again():
    field_t, (_, again) = told("61", "6.1")
    assert field_t == pytest.approx(6.1e-3)
    assert again.startswith("'61' is far from that")


def test_what_is_wrong_with_an_answer_is_said_before_it_is_asked_again():
    def read(text):
        if "," in text:
            raise ValueError(f"{text} is not clear")
        return float(text)

    answers, asked = ["6,012", "6.012 mT"], []
    assert field_by_hand_t(lambda question: asked.append(question) or answers.pop(0), 6e-3, read) == pytest.approx(
        6.012e-3
    )
    assert asked[1].startswith("6,012 is not clear. Set the field")


def test_a_field_that_is_far_off_is_believed_when_it_is_typed_twice():
    assert told("-6", "-6")[0] == pytest.approx(-6e-3)


@pytest.mark.parametrize("answers", [("what?", "", "nan"), ("61", "60", "59"), ("inf", "inf", "inf")])
def test_a_person_who_gives_no_field_is_not_asked_for_ever(answers):
    with pytest.raises(InstrumentError, match=f"the answer was '{answers[-1]}': not a valid field"):
        told(*answers)
