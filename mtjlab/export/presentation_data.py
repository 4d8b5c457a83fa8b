"""Presentations as a data set: what each gave, and every sample that was read for it.

Presentations take as many readings, of as many samples, as they need. So samples have a dimension of their own, each
with the number of its presentation and input: the indexed ragged array of the CF conventions.
"""

from collections.abc import Callable, Sequence

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from mtjlab.datasets.variables import MISSING, codes, count, inputs, junctions, numbers, real, text
from mtjlab.domain import Verdict
from mtjlab.events import InputOutcome, Presented
from mtjlab.export.record import Record
from mtjlab.export.samples import STAGES, Sample, flips, read_at_s, samples_of

BY_INPUT = ("presentation", "input")
BY_JUNCTION = (*BY_INPUT, "junction")
VERDICTS = tuple(Verdict)
PURPOSES = ("training", "recognition", "map", "classify")


def presentations(record: Record) -> xr.Dataset | None:
    """All presentations of a run; None if it made none."""
    presented, junctions_ = record.measured.presented, record.started.bench.junctions
    if not presented:
        return None
    input_count = len(presented[0].token.inputs_ua)
    taken = list(samples_of(presented))
    return xr.Dataset(
        {
            **_told(presented),
            **_of_inputs(presented, input_count),
            **_verdicts(presented, input_count, junctions_),
            **_samples(taken, junctions_),
        },
        {
            "presentation": numbers(
                "presentation", np.arange(len(presented)), "1", "presentation, in the order of the run"
            ),
            "input": inputs(input_count),
            "junction": junctions(junctions_),
            "observation": numbers("observation", np.arange(len(taken)), "1", "set of samples, one of each junction"),
        },
    )


def _told(presented: Sequence[Presented]) -> dict[str, xr.Variable]:
    dim, classes = ("presentation",), [one.recognised_as or "" for one in presented]
    purposes = [PURPOSES.index(one.purpose) for one in presented]
    return {
        "step": count(dim, [one.step for one in presented], "training steps done", complete=True),
        "purpose": codes(dim, purposes, PURPOSES, "what it is for", complete=True),
        "token": text(dim, [one.token.name for one in presented], "token presented"),
        "class": text(dim, [one.token.label for one in presented], "class of the token"),
        "attempt": count(dim, [one.attempt for one in presented], "number of the attempt, from 1 on", complete=True),
        "recognised_as": text(dim, classes, "class that its configuration stands for"),
        "input_current": real(BY_INPUT, [one.token.inputs_ua for one in presented], "uA", "input current asked for"),
        "configuration": count(BY_INPUT, [_counts(one) for one in presented], "junctions switched, if all is decided"),
    }


def _counts(presented: Presented) -> Sequence[int]:
    configuration = presented.configuration
    return configuration.counts if configuration else [MISSING] * len(presented.token.inputs_ua)


def _of_inputs(presented: Sequence[Presented], input_count: int) -> dict[str, xr.Variable]:
    """What was seen of each input; missing of one that was not applied."""

    def of_each(value: Callable[[InputOutcome], float | None], missing: float) -> NDArray[np.float64]:
        values = np.full((len(presented), input_count), missing)
        for row, one in zip(values, presented, strict=True):
            told = [value(outcome) for outcome in one.outcomes]
            row[: len(told)] = [missing if number is None else number for number in told]
        return values

    return {
        "time": real(BY_INPUT, of_each(read_at_s, np.nan), "s", "bench time at the end of the last reading"),
        "held": real(BY_INPUT, of_each(lambda o: o.held_s or None, np.nan), "s", "time for which the input stood"),
        "switched": count(BY_INPUT, of_each(lambda o: o.switched, MISSING), "junctions found parallel"),
        "flips_up": count(BY_INPUT, of_each(lambda o: flips(o, "ap_to_p"), MISSING), "changes AP -> P in its readings"),
        "flips_down": count(
            BY_INPUT, of_each(lambda o: flips(o, "p_to_ap"), MISSING), "changes P -> AP in its readings"
        ),
    }


def _verdicts(presented: Sequence[Presented], input_count: int, junctions_: int) -> dict[str, xr.Variable]:
    at_input = np.full((len(presented), input_count, junctions_), MISSING)
    after = at_input.copy()
    for p, one in enumerate(presented):
        for j, outcome in enumerate(one.outcomes):
            at_input[p, j, : len(outcome.verdicts)] = [VERDICTS.index(verdict) for verdict in outcome.verdicts]
            after[p, j, : len(outcome.reset_verdicts)] = [VERDICTS.index(v) for v in outcome.reset_verdicts]
    return {
        "state": codes(BY_JUNCTION, at_input, VERDICTS, "state of the junction at the input"),
        "state_after": codes(BY_JUNCTION, after, VERDICTS, "state of the junction back at zero input"),
    }


def _samples(taken: Sequence[Sample], junctions_: int) -> dict[str, xr.Variable]:
    dim, by_junction, shape = ("observation",), ("observation", "junction"), (len(taken), junctions_)
    index = count(dim, [s.presentation for s in taken], "presentation that it was read for", complete=True)
    index.attrs["instance_dimension"] = "presentation"
    stages = [STAGES.index(sample.stage) for sample in taken]
    currents_ua = np.reshape([sample.of.currents_ua for sample in taken], shape)
    voltages_mv = np.reshape([sample.voltages_mv for sample in taken], shape)
    return {
        "observed_presentation": index,
        "observed_input": count(dim, [s.input for s in taken], "input that it was read for: 0 is A", complete=True),
        "observed_at": codes(dim, stages, STAGES, "read at the input, or back at zero", complete=True),
        "observed_reading": count(dim, [s.reading for s in taken], "reading of the look, from 0 on", complete=True),
        "observed_input_current": real(dim, [s.of.input_ua for s in taken], "uA", "input current while it was read"),
        "observed_time": real(dim, [s.of.t_s for s in taken], "s", "bench time at the end of the reading"),
        "observed_current": real(by_junction, currents_ua, "uA", "current through the junction"),
        "observed_voltage": real(by_junction, voltages_mv, "mV", "voltage of the junction"),
    }
