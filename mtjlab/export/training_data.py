"""A training as a data set: control currents and recognition against step, tokens, encoding, confusion."""

from collections.abc import Sequence

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from mtjlab.datasets.variables import MISSING, count, inputs, junctions, labels, numbers, real, text
from mtjlab.domain import NO_CLASS
from mtjlab.events import TokensEncoded
from mtjlab.export.record import Record
from mtjlab.procedures.training.events import Confusion, RecognitionMeasured, StepTrained

SUBSETS = ("train", "test")
CONTROL = ("step", "input", "junction")


def training(record: Record) -> xr.Dataset | None:
    """The training of a run, with the steps that it took over from one it resumes; None if it trained nothing."""
    learnt, controls = record.measured.training, record.controls_by_step
    if learnt.encoded is None or not controls:
        return None
    first, steps = next(iter(controls.values())), 1 + max((*controls, *(one.step for one in learnt.recognition)))
    shape = (steps, len(first.by_input_ua), len(first.by_input_ua[0]))
    controls_ua = np.full(shape, np.nan)
    for step, known in controls.items():
        controls_ua[step] = known.by_input_ua
    tokens, talkers = learnt.encoded.tokens, record.talkers
    classes = [label for label, _ in learnt.encoded.encoding.configurations]
    return xr.Dataset(
        {
            "control_current": real(CONTROL, controls_ua, "uA", "control current after the step"),
            **_learning(record.measured.learnt, shape),
            **_recognition(learnt.recognition, steps, classes),
            **_encoding(learnt.encoded),
            "token_talker": text(("token",), [talkers.get(token.name, "") for token in tokens], "talker of the token"),
        },
        {
            "step": numbers("step", np.arange(steps), "1", "training steps done"),
            "input": inputs(shape[1]),
            "junction": junctions(shape[2]),
            "subset": labels("subset", SUBSETS, "subset of the tokens"),
            "class": labels("class", classes, "class"),
            "answer": labels("answer", [*classes, NO_CLASS], f"class recognised; {NO_CLASS} if none"),
            "token": labels("token", [token.name for token in tokens], "token"),
            "feature": labels("feature", record.feature_names, "feature of the tokens"),
        },
    )


def _learning(learnt: Sequence[StepTrained], shape: tuple[int, ...]) -> dict[str, xr.Variable]:
    """Votes and moves of every step that this run made itself."""
    votes, moves_ua = np.full(shape, np.nan), np.full(shape, np.nan)
    for one in learnt:
        votes[one.step], moves_ua[one.step] = one.learning.votes, one.learning.moves_ua
    return {
        "votes": real(CONTROL, votes, "1", "sum of the votes in the step: above 0 to be easier to switch"),
        "move": real(CONTROL, moves_ua, "uA", "move of the control current in the step"),
    }


def _recognition(measured: Sequence[RecognitionMeasured], steps: int, classes: Sequence[str]) -> dict[str, xr.Variable]:
    """Rates and confusions of every step at which all tokens were presented."""
    rates = np.full((steps, len(SUBSETS)), np.nan)
    confusion = np.full((steps, len(SUBSETS), len(classes), len(classes) + 1), MISSING)
    for one in measured:
        rates[one.step] = one.train, one.test
        confusion[one.step] = [_counted(one.train_confusion, classes), _counted(one.test_confusion, classes)]
    dims = ("step", "subset", "class", "answer")
    return {
        "recognition_rate": real(dims[:2], rates, "1", "share of the tokens that was recognised"),
        "confusion": count(dims, confusion, "tokens of the class that were recognised as the answer"),
    }


def _counted(confusion: Confusion, classes: Sequence[str]) -> NDArray[np.int64]:
    counts = np.zeros((len(classes), len(classes) + 1), dtype=int)
    for label, recognised_as, times in confusion:
        answer = len(classes) if recognised_as is None else classes.index(recognised_as)
        counts[classes.index(label), answer] += times
    return counts


def _encoding(encoded: TokensEncoded) -> dict[str, xr.Variable]:
    encoding, tokens = encoded.encoding, encoded.tokens
    coefficients_ua = np.array(encoding.coefficients_ua)
    most = max(map(len, encoding.boundaries_ua))
    boundaries_ua = [[*row, *[np.nan] * (most - len(row))] for row in encoding.boundaries_ua]
    configurations = [configuration.counts for _, configuration in encoding.configurations]
    return {
        "token_input": real(("token", "input"), [t.inputs_ua for t in tokens], "uA", "input current of the token"),
        "token_class": text(("token",), [token.label for token in tokens], "class of the token"),
        "token_subset": text(("token",), [token.subset for token in tokens], "subset of the token"),
        "assigned": count(("class", "input"), configurations, "junctions that the input is to switch for the class"),
        "constant": real(("input",), coefficients_ua[:, 0], "uA", "input current of a token whose features are all 0"),
        "coefficient": real(("input", "feature"), coefficients_ua[:, 1:], "uA", "its change per unit of the feature"),
        "boundary": real(("input", "level"), boundaries_ua, "uA", "input between levels, where the encoding has it"),
    }
