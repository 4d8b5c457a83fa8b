"""State of a dwell measurement: exact, in bounded memory, and correct with unsynchronised voltmeters."""

from dataclasses import replace

import numpy as np
import pytest

from mtjlab.analysis.telegraph import Levels
from mtjlab.domain import JunctionState, Reading
from mtjlab.events import Event
from mtjlab.procedures.dwell.events import HoldsPlanned, JunctionsHeld
from mtjlab.procedures.dwell.state import LATEST_S, DwellState, seconds_counter
from tests.support.samples import STARTED

APERTURE_S, SAMPLES = 0.02, 100
LEVELS = (Levels(110.0, 220.0), Levels(110.0, 220.0), None)
PLANNED = HoldsPlanned(0.0, (100.0, 100.0, 3.0), (0.0,), False, (LEVELS,))


def hopping(seed: int, for_s: float, mean_s: float) -> np.ndarray:
    """Samples at which a junction that leaves both states at the same rate is antiparallel."""
    draw = np.random.default_rng(seed)
    flips = draw.random(round(for_s / APERTURE_S)) < 0.5 * (1.0 - np.exp(-2.0 * APERTURE_S / mean_s))
    return np.cumsum(flips) % 2 == 0


def held(antiparallel: list[np.ndarray], late: int = 0) -> list[JunctionsHeld]:
    """J1 and J2 as differences of voltmeters to ground; the upper one lags by ``late`` samples."""
    upper, lower = (np.where(one, 220.0, 110.0) for one in antiparallel)
    first_mv = np.roll(upper + lower, late) - lower
    samples = [(float(a), float(b), 3.0) for a, b in zip(first_mv, lower, strict=True)]
    events = []
    for n in range(len(samples) // SAMPLES):
        began_s = n * SAMPLES * APERTURE_S
        taken = tuple(samples[n * SAMPLES : (n + 1) * SAMPLES])
        reading = Reading(began_s + SAMPLES * APERTURE_S, 0.0, (100.0, 100.0, 3.0), taken)
        events.append(JunctionsHeld(0, 0, began_s, reading, LEVELS))
    return events


def seen_in(*events: Event) -> DwellState:
    state = DwellState()
    for event in events:
        state.take(event)
    return state


def means_s(state: DwellState) -> dict[tuple[int, JunctionState], float | None]:
    return {(one.junction, one.state): one.mean_s for one in state.dwells()}


@pytest.fixture(scope="module")
def states() -> list[np.ndarray]:
    return [hopping(seed, for_s=2000.0, mean_s=1.0) for seed in (0, 1)]


def test_unsynchronised_voltmeters_add_no_switches_to_an_upper_junction(states: list[np.ndarray]) -> None:
    """Uncorrected, each switch of J2 looks like one of J1."""
    differences = replace(PLANNED, differences=True)
    sound, careless = seen_in(differences, *held(states, late=1)), seen_in(PLANNED, *held(states, late=1))
    for (junction, _), mean_s in means_s(sound).items():
        assert mean_s == pytest.approx(1.0, rel=0.1), junction
    assert means_s(careless)[0, JunctionState.AP] < 0.8  # type: ignore[operator]


def test_synchronised_voltmeters_lose_no_samples(states: list[np.ndarray]) -> None:
    for mean_s in means_s(seen_in(PLANNED, *held(states))).values():
        assert mean_s == pytest.approx(1.0, rel=0.1)
    assert seen_in(PLANNED, *held(states)).samples == len(states[0])


def test_a_junction_with_indistinguishable_states_is_skipped(states: list[np.ndarray]) -> None:
    assert {junction for junction, _ in means_s(seen_in(PLANNED, *held(states)))} == {0, 1}


def test_the_aperture_is_read_from_the_first_event() -> None:
    """With dwells of a few apertures, the rates depend on the averaging of the voltmeters."""
    started = replace(STARTED, bench=replace(STARTED.bench, aperture_s=1e-4))
    events = held([hopping(2, 500.0, 0.2), hopping(3, 500.0, 0.2)])
    long, short = (means_s(seen_in(first, PLANNED, *events)) for first in (STARTED, started))
    for place, mean_s in short.items():
        assert mean_s > long[place]  # type: ignore[operator]


def test_only_the_latest_readings_are_stored(states: list[np.ndarray]) -> None:
    state = seen_in(PLANNED, *held(states))
    assert LATEST_S <= sum(event.held_s for event in state.latest) <= LATEST_S + 3.0
    state.take(replace(held(states)[0], series=1, hold=1))
    assert len(state.latest) == 1


def test_whole_seconds_are_counted(states: list[np.ndarray]) -> None:
    events = [replace(event, began_s=event.began_s + 0.7) for event in held(states)[:10]]
    count = seconds_counter()
    assert [count(event) for event in events] == [1, 1, 1, 2, 1, 1, 2, 1, 1, 2]
    assert count(PLANNED) == 0
