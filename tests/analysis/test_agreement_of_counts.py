"""The exact test for whether two benches give the same configurations."""

import numpy as np

from scripts.benchmarks.agreement import agreement_p


def counts(probability: float, times: int, rng: np.random.Generator) -> list[int]:
    switched = int(rng.binomial(times, probability))
    return [switched, times - switched]


def test_equal_counts_agree_perfectly() -> None:
    assert agreement_p([[25, 25], [50, 0]], [[25, 25], [50, 0]]) == 1.0


def test_a_token_that_always_differs_does_not_agree() -> None:
    assert agreement_p([[50, 0]], [[0, 50]]) < 1e-3


def test_a_bench_agrees_with_itself_as_often_as_the_level_says() -> None:
    """Of 200 comparisons of a bench with itself about 5 % lie below 0.05: a test that is exact, not lenient."""
    rng = np.random.default_rng(1)
    probabilities = (0.02, 0.3, 0.5, 0.9)
    below = 0
    for seed in range(200):
        one, other = ([counts(p, 50, rng) for p in probabilities] for _ in range(2))
        below += agreement_p(one, other, seed, draws=500) < 0.05
    assert 2 <= below <= 20
