"""What simulated instruments are asked to be: one line of JSON, strict."""

import json

import pytest

from instruments.simulated.spec import InstrumentSpec, SimulatorSpec
from tests.instruments.simulated.simulated_samples import JUNCTIONS, source, source_meter, spec_of, voltmeter

SPEC = spec_of(
    source("Keithley 6221", 0),
    source_meter(1),
    voltmeter("2182A", 0, line_frequency_hz=60.0),
    seed=7,
    speed=5.0,
    source_settling_s=5e-3,
    faults=("voltmeter J1:stuck",),
    linger_s=2.0,
)


def changed(**kwargs):
    return json.dumps(json.loads(SPEC.to_json()) | kwargs)


def test_a_specification_survives_json():
    assert SimulatorSpec.from_json(SPEC.to_json()) == SPEC
    assert "\n" not in SPEC.to_json()


def test_roles_are_parts_and_junctions_counted_from_one():
    assert source("6221", 2).roles == ("source J3",)
    assert source_meter(0).roles == ("source J1", "voltmeter J1")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (changed(sped=1), "sped"),
        (changed(speed=0), "speed must be above 0"),
        (changed(source_settling_s=-1), "source_settling_s"),
        (changed(instruments=[{"model": "6221"}]), "plays"),
        (changed(junctions=[]), "has no junction"),
        ("[1, 2]", "not understood"),
        ("[]", "not understood"),
        ("no JSON", "Expecting value"),
    ],
)
def test_what_is_not_understood_is_refused_with_a_sentence(text, sentence):
    with pytest.raises(ValueError, match=sentence):
        SimulatorSpec.from_json(text)


@pytest.mark.parametrize(
    "wrong",
    [{"plays": "magnet"}, {"position": -1}, {"measures": "sideways"}, {"line_frequency_hz": 0.0}, {"noise_v": -1.0}],
)
def test_instruments_that_cannot_be_are_refused(wrong):
    with pytest.raises(ValueError, match=r".+"):
        InstrumentSpec(**{"model": "2000", "plays": "voltmeter", "position": 0, **wrong})


def test_junctions_are_those_of_the_physics():
    assert SimulatorSpec.from_json(SPEC.to_json()).junctions == JUNCTIONS
