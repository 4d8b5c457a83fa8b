"""The paper's baselines: multilayer perceptrons with one hidden layer, trained on the same tokens and classes.

What a training step is to them: one token of each class, drawn by the rule by which the network draws its own, and one
move of all weights down the gradient of the cross-entropy of these tokens, as the network moves its control currents
once after it saw them. So at every step both have seen as many tokens, and moved as often. (The paper leaves this to
its supplement. Moves after each token, or Adam, took them no further than their spread when tried.) As in the paper the
learning rate is tuned: each perceptron gets the one of ``LEARNING_RATES`` with which it recognises most of the training
subset after the last step. Features are standardised by the training subset alone.

How far they can get at all is told by training them to convergence on the whole training subset.
"""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import StandardScaler
from sklearn.utils.parallel import Parallel, delayed
from threadpoolctl import threadpool_limits

from mtjlab.arrays import FloatArray
from mtjlab.learning import draw_tokens

HIDDEN_UNITS = (1, 2)
"""Of the two perceptrons in the paper's Fig. 3: 12-1-7 and 12-2-7 for twelve features and seven classes."""
LEARNING_RATES = (0.03, 0.1, 0.3, 1.0)
MOMENTUM = 0.9
TRAIN, TEST = 0, 1
"""Subsets, as recognition rates are listed."""
_NO_LEARNING = 1e-300
"""A rate that changes no weight: scikit-learn draws weights only when it begins to learn."""
_WEIGHT_DECAY = 0.03
"""Just enough for a convergence to end: without it weights grow for ever where classes do not touch."""
_MOST_ITERATIONS = 5000


@dataclass(frozen=True, slots=True)
class Task:
    """Tokens to learn: ``features`` [token, feature], the class of each, and which are the training subset."""

    features: FloatArray
    labels: npt.NDArray[np.str_]
    train: npt.NDArray[np.bool_]

    @property
    def standardised(self) -> FloatArray:
        """Features with mean 0 and standard deviation 1 over the training subset."""
        scaled: FloatArray = StandardScaler().fit(self.features[self.train]).transform(self.features)
        return scaled

    @property
    def by_class(self) -> dict[str, list[str]]:
        """Names of the training tokens of each class: their row in ``features``."""
        return {
            str(label): [str(row) for row in np.flatnonzero(self.train & (self.labels == label))]
            for label in np.unique(self.labels)
        }


@dataclass(frozen=True, slots=True)
class Baseline:
    """A perceptron such as ``12-2-7``, and how it did with each seed.

    Recognition rates (fractions) of the training and the testing subset: ``course`` [seed, step, subset] after each of
    the steps that were asked for, ``converged`` [seed, subset].
    """

    name: str
    parameters: int
    learning_rate: float
    course: FloatArray
    converged: FloatArray


@dataclass(frozen=True, slots=True)
class Ceiling:
    """What can be reached at most, without any steps: recognition rates (fractions) ``rates`` [subset]."""

    name: str
    parameters: int
    rates: FloatArray


def train_baseline(task: Task, hidden: int, steps: Sequence[int], seeds: Sequence[int], jobs: int = -1) -> Baseline:
    """Train perceptrons of ``hidden`` units, one for each of ``seeds``: of its first weights and order of tokens.

    ``steps`` are the training steps, in order, after which recognition is measured; ``jobs`` the processes that share
    the work (-1: one for each core).
    """
    with Parallel(n_jobs=jobs) as parallel:

        def courses(rate: float, steps: Sequence[int]) -> FloatArray:
            return np.array(parallel(delayed(train_in_steps)(task, hidden, rate, steps, seed) for seed in seeds))

        best = max(LEARNING_RATES, key=lambda rate: float(courses(rate, steps[-1:])[:, -1, TRAIN].mean()))
        course = courses(best, steps)
        converged = np.array(parallel(delayed(train_to_the_end)(task, hidden, seed) for seed in seeds))
    return Baseline(*size(task, hidden), best, course, converged)


def size(task: Task, hidden: int) -> tuple[str, int]:
    """Units of each layer, as in 12-2-7, and the number of weights and biases; two classes share one output unit."""
    model = _untrained(task, hidden, seed=0)
    layers = [model.coefs_[0].shape[0], *(weights.shape[1] for weights in model.coefs_)]
    return "-".join(map(str, layers)), sum(part.size for part in (*model.coefs_, *model.intercepts_))


def train_in_steps(task: Task, hidden: int, rate: float, steps: Sequence[int], seed: int) -> FloatArray:
    """Recognition rates [step, subset] of one perceptron after each of ``steps``."""
    features, by_class = task.standardised, task.by_class
    model = _perceptron(hidden, seed, solver="sgd", learning_rate_init=rate, batch_size=len(by_class))
    recognised, done = [], 0
    for step in steps:
        if step > done:
            # Batches of one token of each class, in order: so many steps in one call.
            rows = [int(row) for n in range(done + 1, step + 1) for row in draw_tokens(seed, n, by_class)]
            model.partial_fit(features[rows], task.labels[rows], classes=list(by_class))
            done = step
        recognised.append(_rates(model if done else _untrained(task, hidden, seed), task, features))
    return np.array(recognised)


def train_to_the_end(task: Task, hidden: int, seed: int) -> FloatArray:
    """Recognition rates [subset] of one perceptron that converged on the whole training subset, by L-BFGS."""
    features = task.standardised
    model = _perceptron(hidden, seed, solver="lbfgs", alpha=_WEIGHT_DECAY, max_iter=_MOST_ITERATIONS)
    with warnings.catch_warnings(), threadpool_limits(1):  # threads wait for each other longer than they work here
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(features[task.train], task.labels[task.train])
    return np.array(_rates(model, task, features))


def _perceptron(hidden: int, seed: int, **settings: Any) -> Any:
    """Weights are drawn by ``seed`` when it first learns: the same for the same seed, whatever the ``settings``."""
    wanted = {"alpha": 0.0, "momentum": MOMENTUM, "shuffle": False, "random_state": seed} | settings
    return MLPClassifier(hidden_layer_sizes=(hidden,), activation="tanh", **wanted)


def _untrained(task: Task, hidden: int, seed: int) -> Any:
    model = _perceptron(hidden, seed, solver="sgd", learning_rate_init=_NO_LEARNING)
    return model.partial_fit(task.standardised, task.labels, classes=list(task.by_class))


def _rates(model: Any, task: Task, features: FloatArray) -> tuple[float, float]:
    right = model.predict(features) == task.labels
    return float(right[task.train].mean()), float(right[~task.train].mean())
