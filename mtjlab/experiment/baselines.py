"""The paper's perceptrons, and ceilings, on the data of a run: run folder -> training -> figure and numbers.

Importing this module imports scikit-learn, which is slow: import it only where it is used.
"""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from mtjlab.analysis.baselines import HIDDEN_UNITS, TEST, TRAIN, Baseline, Ceiling, Task, train_baseline
from mtjlab.arrays import BoolArray, FloatArray
from mtjlab.encoding.discriminant import discriminant_size, discriminate
from mtjlab.encoding.scales import class_moments
from mtjlab.errors import RefusedError
from mtjlab.events import TokensEncoded
from mtjlab.experiment.data_of_run import data_of_run
from mtjlab.figures.baselines import Comparison, baselines_figure
from mtjlab.figures.named import NamedFigure
from mtjlab.figures.saving import save_figures
from mtjlab.procedures.training.state import TrainingState
from mtjlab.runs.opened import run_of
from mtjlab.vowels.data_set import DataSet
from mtjlab.vowels.hillenbrand import SURROGATE

FIGURE = "baselines"
SUBSETS = {"train": TRAIN, "test": TEST}


def compare_with_baselines(folder: Path, seeds: int) -> tuple[dict[str, Any], list[Path]]:
    """Train perceptrons on the data of the run in ``folder``, with 2 ``seeds`` or more, and plot both.

    Returns the result as ``--json`` prints it, and the paths of the figure.

    Raises:
        RefusedError: ``folder`` is not a training, its data is not found, or the figure cannot be written.
    """
    run = run_of(folder)
    started, learnt = run.started, run.kind_state if isinstance(run.kind_state, TrainingState) else TrainingState()
    if not (started and learnt.encoded and any(measured.step for measured in learnt.recognition)):
        raise RefusedError(
            f"{folder}: there is nothing to compare with: its journal holds no recognition after a training step. Give "
            "the folder of a training that measured its recognition."
        )
    data = data_of_run(folder)
    task, parameters = _task(learnt.encoded, data), _trained_parameters(learnt, learnt.encoded)
    steps = tuple(measured.step for measured in learnt.recognition)
    comparison = Comparison(
        steps=steps,
        network=np.array([(measured.train, measured.test) for measured in learnt.recognition]),
        parameters=parameters,
        simulated=started.bench.simulated,
        classes=len(task.by_class),
        baselines=tuple(train_baseline(task, hidden, steps, range(seeds)) for hidden in HIDDEN_UNITS),
        ceilings=(_of_encoding(learnt.encoded, parameters), _of_discriminant(learnt.encoded, data)),
    )
    drawn = save_figures(folder, started, [NamedFigure(FIGURE, partial(baselines_figure, comparison))])
    about = {"run": str(folder), "data": started.data, "surrogate": started.data == SURROGATE}
    return {**about, **_comparison_json(comparison)}, drawn


def _task(encoded: TokensEncoded, data: DataSet) -> Task:
    """The run's own tokens, subset and all, with the features they have in ``data``."""
    features = {token.name: token.features for token in data.tokens}
    return Task(
        features=np.array([features[token.name] for token in encoded.tokens]),
        labels=np.array([token.label for token in encoded.tokens]),
        train=np.array([token.subset == "train" for token in encoded.tokens]),
    )


def _of_encoding(encoded: TokensEncoded, parameters: int) -> Ceiling:
    """What the structure of the network can reach, which has as many parameters."""
    right = np.array([encoded.encoding.ideal_class_of(token.inputs_ua) == token.label for token in encoded.tokens])
    return Ceiling("ideal thresholds", parameters, _rates(right, encoded))


def _of_discriminant(encoded: TokensEncoded, data: DataSet) -> Ceiling:
    """What a linear discriminant of all features finds in the data."""
    by_name = {token.name: token for token in data.tokens}
    tokens, classes = [by_name[token.name] for token in encoded.tokens], list(data.classes)
    train = [token for token, shown in zip(tokens, encoded.tokens, strict=True) if shown.subset == "train"]
    found = discriminate(class_moments(train, classes), np.array([token.features for token in tokens]))
    right = np.array([classes[c] == token.label for c, token in zip(found, tokens, strict=True)])
    size = discriminant_size(len(classes), len(data.feature_names))
    return Ceiling("discriminant", size, _rates(right, encoded))


def _rates(right: BoolArray, encoded: TokensEncoded) -> FloatArray:
    is_train = np.array([token.subset == "train" for token in encoded.tokens])
    return np.array([right[is_train].mean(), right[~is_train].mean()])


def _trained_parameters(learnt: TrainingState, encoded: TokensEncoded) -> int:
    """As the paper counts them: the coefficients of all inputs, and one control current a junction and input."""
    controls = learnt.controls_by_step[0].by_input_ua
    return sum(len(row) for row in (*encoded.encoding.coefficients_ua, *controls))


def _comparison_json(comparison: Comparison) -> dict[str, Any]:
    """Rates are fractions; ``steps`` are those of every list of rates."""
    network = {subset: comparison.network[:, at].tolist() for subset, at in SUBSETS.items()}
    return {
        "simulated": comparison.simulated,
        "steps": list(comparison.steps),
        "presentations_per_step": comparison.classes,
        "seeds": len(comparison.baselines[0].converged),
        "comparison": comparison.caption,
        "network": {"parameters": comparison.parameters, **network, "final": _last(network)},
        "rivals": [_baseline_json(baseline) for baseline in comparison.baselines],
        "ceilings": [
            {
                "name": one.name,
                "parameters": one.parameters,
                **{key: float(one.rates[at]) for key, at in SUBSETS.items()},
            }
            for one in comparison.ceilings
        ],
    }


def _baseline_json(baseline: Baseline) -> dict[str, Any]:
    by_step = {subset: _mean_and_std(baseline.course[:, :, at]) for subset, at in SUBSETS.items()}
    return {
        "name": baseline.name,
        "parameters": baseline.parameters,
        "learning_rate": baseline.learning_rate,
        **by_step,
        "final": {subset: _last(rates) for subset, rates in by_step.items()},
        "converged": {subset: _mean_and_std(baseline.converged[:, at]) for subset, at in SUBSETS.items()},
    }


def _mean_and_std(rates: FloatArray) -> dict[str, Any]:
    """Over the seeds, the first axis."""
    return {"mean": rates.mean(axis=0).tolist(), "std": rates.std(axis=0, ddof=1).tolist()}


def _last(lists: dict[str, Sequence[float]]) -> dict[str, float]:
    return {key: values[-1] for key, values in lists.items()}
