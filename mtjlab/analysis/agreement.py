"""Whether two benches give the same switching configurations: an exact test on the counts of each token."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from mtjlab.arrays import IntArray


def agreement_p(
    one: Sequence[Sequence[int]], other: Sequence[Sequence[int]], seed: int = 0, draws: int = 20_000
) -> float:
    """Probability, if both benches were the same, of counts that differ at least as much as these.

    ``one[token][outcome]`` and ``other[token][outcome]`` count how often a token gave an outcome. The statistic is the
    sum over tokens of the likelihood ratio G; its distribution under exchange of presentations of a token between the
    benches (an exact permutation test, stratified by token) is drawn ``draws`` times.
    """
    rng = np.random.default_rng(seed)
    observed, drawn = 0.0, np.zeros(draws)
    for here, there in zip(one, other, strict=True):
        table = np.array([here, there], dtype=np.int64)
        table = table[:, table.sum(axis=0) > 0]
        if table.shape[1] < 2:
            continue
        observed += float(_g(table[np.newaxis, 0], table.sum(axis=0))[0])
        first = rng.multivariate_hypergeometric(table.sum(axis=0), int(table[0].sum()), size=draws)
        drawn += _g(first, table.sum(axis=0))
    return float((1 + np.count_nonzero(drawn >= observed - 1e-9)) / (1 + draws))


def _g(first: IntArray, both: IntArray) -> npt.NDArray[np.float64]:
    """Likelihood ratio G of 2 x k tables with these first rows ``[draw][outcome]`` and column sums."""
    second = both - first
    share = first.sum(axis=1, keepdims=True) / both.sum()
    statistic = np.zeros(len(first))
    for row, expected in ((first, both * share), (second, both * (1 - share))):
        ratio = np.divide(row, expected, out=np.ones(row.shape), where=row > 0)
        statistic += 2 * np.sum(row * np.log(ratio), axis=1)
    return statistic
