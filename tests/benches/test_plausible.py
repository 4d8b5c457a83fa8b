"""Readings that cannot be are not believed."""

import random
from collections.abc import Iterator, Sequence

import pytest

from instruments.interfaces import MeterSettings, SourceSettings
from mtjlab.benches.parts import MeterPart, SourcePart
from mtjlab.benches.plausible import Display, Readings, demand_no_compliance
from mtjlab.errors import BenchFaultError

METERS = tuple(MeterPart(f"voltmeter J{k}", "Keithley 2182A", f"GPIB0::{k}", MeterSettings(1.0, 1.0)) for k in (1, 2))
SOURCES = tuple(
    SourcePart(f"source J{k}", "Keithley 6221", f"GPIB0::1{k}", SourceSettings(2e-3, compliance_v))
    for k, compliance_v in ((1, 2.0), (2, 1.0))
)


def frozen(*readings: tuple[Sequence[Sequence[float]], Sequence[float]]) -> str:
    """What is said of ``readings``, each ``([meter][sample], sources_a)``, one after another."""
    seen = Readings(METERS)
    try:
        for by_meter, sources_a in readings:
            seen.demand_alive(by_meter, sources_a)
    except BenchFaultError as error:
        return str(error)
    return ""


def test_voltages_that_change_with_their_currents_are_alive() -> None:
    assert frozen(([[0.1, 0.11], [0.2, 0.21]], (1e-4, 0)), ([[0.3, 0.31], [0.4, 0.41]], (2e-4, 0))) == ""


def test_a_meter_that_repeats_itself_to_the_last_digit_at_another_current_is_frozen() -> None:
    told = frozen(([[0.1, 0.1234567], [0.2, 0.21]], (1e-4, 0)), ([[0.1234567] * 2, [0.4, 0.41]], (2e-4, 0)))
    assert told.startswith("voltmeter J1 (Keithley 2182A, GPIB0::1): reads 123.4567 mV at 200 uA")
    assert "as at 100 uA: its display is frozen" in told
    assert "Take it out of hold" in told


def test_the_current_of_a_meter_is_the_sum_of_the_sources_above_it() -> None:
    """Source 2 moves J2 alone."""
    steady = [[0.1, 0.1], [0.2, 0.2]]
    assert "voltmeter J2" in frozen((steady, (1e-4, 0)), (steady, (1e-4, 1e-4)))


def test_the_same_voltage_at_the_same_current_is_no_news() -> None:
    steady = [[0.1, 0.1], [0.2, 0.2]]
    assert frozen((steady, (1e-4, 0)), (steady, (1e-4, 0)), (steady, (1e-4, 1e-7))) == ""


def test_one_sample_that_meets_the_last_by_chance_is_no_frozen_display() -> None:
    assert frozen(([[0.1, 0.1], [0.2, 0.21]], (1e-4, 0)), ([[0.1, 0.3], [0.4, 0.41]], (2e-4, 0))) == ""


def drawn(rng: random.Random, samples: int, digits: int) -> list[float]:
    """Readings of 200 mV with a noise of 10 uV, on a display of so many digits."""
    return [round(rng.gauss(0.2, 1e-5), digits) for _ in range(samples)]


@pytest.mark.parametrize(("digits", "is_told"), [(7, True), (5, True), (3, False)])
def test_a_display_that_stands_still_where_its_digits_moved_is_frozen(digits: int, is_told: bool) -> None:
    """One so coarse that noise never moved it may stand still."""
    rng = random.Random(0)
    moving = [([drawn(rng, 100, digits), drawn(rng, 100, digits)], (1e-4, 0)) for _ in range(4)]
    still = [([drawn(rng, 100, digits), [0.2] * 100], (1e-4, 0)) for _ in range(2)]
    told = frozen(*moving, *still)
    assert ("voltmeter J2" in told and "its display is frozen" in told) == is_told
    assert frozen(*moving * 5) == ""


def test_where_all_readings_are_at_one_current_few_alike_tell_it() -> None:
    """By pulses: eight samples a presentation. After ten presentations, two that repeat themselves are enough."""
    rng = random.Random(1)

    def shown(
        digits: int, readings: int, value: float | None = None
    ) -> Iterator[tuple[list[list[float]], Sequence[float]]]:
        for _ in range(readings):
            two = drawn(rng, 2, digits)
            yield [two, drawn(rng, 2, digits) if value is None else [value] * 2], (1e-4, 0)

    assert "voltmeter J2" in frozen(*shown(7, 40), *shown(7, 8, 0.2))
    assert frozen(*shown(7, 40), *shown(7, 3, 0.2)) == ""
    assert frozen(*shown(5, 40), *shown(5, 8, 0.2)) == ""  # a digit is as much as the noise


@pytest.mark.parametrize("digits", [7, 6, 5, 4])
def test_no_display_is_taken_for_frozen_by_chance(digits: int) -> None:
    """Wherever the voltage is between two digits."""
    for seed in range(20):
        rng = random.Random(seed)
        display = Display()
        true_v = 0.2 + rng.random() * 10.0**-digits
        for _ in range(5000):
            display.take([round(rng.gauss(true_v, 1e-5), digits)], at_another_current=False)
            assert not display.is_frozen


def test_the_first_reading_has_nothing_to_repeat() -> None:
    assert frozen(([[0.0, 0.0], [0.0, 0.0]], (1e-4, 0))) == ""


@pytest.mark.parametrize("sample", [(0.9, 0.9), (-0.9, -0.9), (1.9, 0.05), (0.0, 0.97)])
def test_nodes_below_their_compliance_are_driven(sample: tuple[float, ...]) -> None:
    demand_no_compliance(SOURCES, [sample])


@pytest.mark.parametrize(
    ("sample", "role", "node_v", "compliance_v"),
    [
        ((0.5, 0.985), "source J2", 0.985, 1),
        ((-0.5, -0.985), "source J2", 0.985, 1),
        ((1.2, 0.8), "source J1", 2, 2),
        ((-1.2, -0.76), "source J1", 1.96, 2),
    ],
)
def test_a_node_at_the_compliance_of_its_source_is_not_driven_as_asked(
    sample: tuple[float, ...], role: str, node_v: float, compliance_v: float
) -> None:
    """The voltage of a node is the sum of its junction and of all below."""
    with pytest.raises(BenchFaultError) as fault:
        demand_no_compliance(SOURCES, [(0.1, 0.1), sample])
    told = str(fault.value)
    assert told.startswith(f"{role} (Keithley 6221, GPIB0::1{role[-1]}): its node is at {1e3 * node_v:.4g} mV")
    assert f"its compliance is {1000 * compliance_v} mV" in told
    assert "open contact, or raise compliance_mv" in told
