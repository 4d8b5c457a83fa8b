"""Streams of random numbers: those of the simulated bench, in blocks."""

from random import Random

import numpy as np

from mtjlab.replicas.streams import Streams

NAMES = ["junction 0 of seed 1", "voltmeter 2 of seed 7"]


def test_clocks_are_those_of_random() -> None:
    streams, rng = Streams(NAMES), Random(NAMES[1])
    rows = np.array([1])
    drawn = [float(streams.exponentials(rows)[0]) for _ in range(1200)]
    assert np.allclose(drawn, [rng.expovariate(1.0) for _ in range(1200)], rtol=1e-14)


def test_noise_is_that_of_random_wherever_it_is_looked_at() -> None:
    streams, rng = Streams(NAMES), Random(NAMES[0])
    expected = [rng.gauss(0.0, 1.0) for _ in range(3000)]
    assert np.allclose(streams.first_normals(100)[0], expected[:100], rtol=1e-12, atol=1e-15)
    for place in (100, 101, 700, 701, 2051, 2999):
        assert np.isclose(streams.normals(np.array([0]), np.array([place]))[0], expected[place], rtol=1e-12)
