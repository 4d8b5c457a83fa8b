"""Faults as they are written: ``TARGET:KIND[=VALUE][@AFTER_S]``."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instruments.simulated.fault_effects import EFFECTS
from instruments.simulated.faults import KINDS, Fault, known_faults, parse_fault

EXAMPLES = {
    "voltmeter J2:no-reply@2.5": Fault("voltmeter J2:no-reply@2.5", "voltmeter", "no-reply", 1, (), 2.5),
    "voltmeter J1:late-reply=3": Fault("voltmeter J1:late-reply=3", "voltmeter", "late-reply", 0, (3.0,)),
    "source J1:late-reply=3,1": Fault("source J1:late-reply=3,1", "source", "late-reply", 0, (3.0, 1.0)),
    "source J1:garbage": Fault("source J1:garbage", "source", "garbage"),
    "source J2:disconnect": Fault("source J2:disconnect", "source", "disconnect", 1),
    "source J1:output-found-on=-200": Fault(
        "source J1:output-found-on=-200", "source", "output-found-on", 0, (-200.0,)
    ),
    "voltmeters:swapped=J1,J2": Fault("voltmeters:swapped=J1,J2", "voltmeters", "swapped", 0, (0, 1)),
    "voltmeter J1:on-junction=J2": Fault("voltmeter J1:on-junction=J2", "voltmeter", "on-junction", 0, (1,)),
    "source J2:on-node=J3": Fault("source J2:on-node=J3", "source", "on-node", 1, (2,)),
    "source J1:refuses-level@5": Fault("source J1:refuses-level@5", "source", "refuses-level", 0, (), 5.0),
    "source J1:refuses-level=2": Fault("source J1:refuses-level=2", "source", "refuses-level", 0, (2.0,)),
    "source J1:level-changed=-300@9": Fault(
        "source J1:level-changed=-300@9", "source", "level-changed", 0, (-300.0,), 9.0
    ),
    "source J2:gain=0.9": Fault("source J2:gain=0.9", "source", "gain", 1, (0.9,)),
    "voltmeter J1:short-aperture": Fault("voltmeter J1:short-aperture", "voltmeter", "short-aperture"),
    "source J1:closes-idle=30": Fault("source J1:closes-idle=30", "source", "closes-idle", 0, (30.0,)),
    "junction J2:drift=40,0.1@9": Fault("junction J2:drift=40,0.1@9", "junction", "drift", 1, (40.0, 0.1), 9.0),
    "sources:settling=0.005": Fault("sources:settling=0.005", "sources", "settling", 0, (0.005,)),
}


@pytest.mark.parametrize("text", EXAMPLES)
def test_what_is_written_is_what_is_meant(text):
    assert parse_fault(text) == EXAMPLES[text]


def test_every_kind_that_can_be_written_does_something():
    assert set(EFFECTS) == {(target, kind) for target, kinds in KINDS.items() for kind in kinds}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("nonsense", "is not of the form TARGET:KIND"),
        (
            "voltmeter:stuck",
            "is at none of source J1, voltmeter J1, junction J1, field, gaussmeter, sources, voltmeters",
        ),
        ("sources J1:settling=1", "is at none of"),
        ("magnet J1:stuck", "is at none of"),
        ("voltmeter J1:dead-output", "a voltmeter can have no-reply"),
        (
            "junction J2:melted",
            r"a junction can have short, open, drift=MICROAMPERE_PER_H\[,PERCENT_PER_H\], back-hopping",
        ),
        ("voltmeter J0:stuck", "count from J1"),
        ("voltmeter J1:stuck@-1", "not negative"),
        ("voltmeter J1:stuck@soon", "'soon' is no number"),
        ("voltmeter J1:late-reply", "write late-reply=SECONDS"),
        ("voltmeter J1:late-reply=x", "'x' is no number"),
        ("voltmeter J1:stuck=1", "write stuck"),
        ("voltmeters:swapped=J1", "write swapped=J1,J2"),
        ("voltmeters:swapped=1,2", "'1' is no junction"),
        ("source J1:output-found-on=-200@3", "takes no @AFTER_S"),
        ("source J1:closes-idle=0", "write closes-idle=SECONDS, with numbers above 0"),
        ("source J1:refuses-level=-1", r"write refuses-level\[=COUNT\], with numbers above 0"),
        ("voltmeter J1:short-aperture=0", r"write short-aperture\[=SHARE\], with numbers above 0"),
        ("source J2:on-node=3", "'3' is no junction"),
        ("source J1:settling=nan", "'nan' is no number"),
    ],
)
def test_what_is_no_fault_is_refused_with_a_sentence_that_says_what_there_is(text, sentence):
    with pytest.raises(ValueError, match=sentence):
        parse_fault(text)


@given(st.text(max_size=40))
def test_any_other_text_is_refused_and_repeated(text):
    with pytest.raises(ValueError, match="fault") as raised:
        parse_fault(text)
    assert repr(text) in str(raised.value)


def test_help_lists_everything():
    text = known_faults()
    assert all(kind in text for kinds in KINDS.values() for kind in kinds)
