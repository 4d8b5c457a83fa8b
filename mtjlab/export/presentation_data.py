"""Presentations as a data set: what each gave, and every sample that was read for it.

Presentations take as many readings, of as many samples, as they need. So samples have a dimension of their own, each
with the number of its presentation and input: the indexed ragged array of the CF conventions.
"""

from collections.abc import Callable, Sequence

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from mtjlab.domain import Verdict
from mtjlab.events import InputOutcome, Presented
from mtjlab.export.record import Record
from mtjlab.export.samples import STAGES, Sample, samples_of
from mtjlab.export.variables import MISSING, codes, count, inputs, junctions, numbers, real, text

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
    dim = ("presentation",)
    return {
        "step": count(dim, [one.step for one in presented], "training steps done"),
        "purpose": codes(dim, [PURPOSES.index(one.purpose) for one in presented], PURPOSES, "what it is for"),
        "token": text(dim, [one.token.name for one in presented], "token presented"),
        "class": text(dim, [one.token.label for one in presented], "class of the token"),
        "attempt": count(
            dim, [one.attempt for one in presented], "attempt, from 1 on, while none gave a configuration"
        ),
        "recognised_as": text(
            dim, [one.recognised_as or "" for one in presented], "class that the configuration stands for"
        ),
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
        "time": real(
            BY_INPUT, of_each(_read_at_s, np.nan), "s", "bench time at the end of the last reading at the input"
        ),
        "held": real(BY_INPUT, of_each(lambda o: o.held_s, np.nan), "s", "how long the input stood before it was read"),
        "switched": count(BY_INPUT, of_each(lambda o: o.switched, MISSING), "junctions found parallel"),
        "flips_up": count(BY_INPUT, of_each(lambda o: o.flips.ap_to_p, MISSING), "changes AP -> P while it was read"),
        "flips_down": count(BY_INPUT, of_each(lambda o: o.flips.p_to_ap, MISSING), "changes P -> AP while it was read"),
    }


def _read_at_s(outcome: InputOutcome) -> float | None:
    return outcome.readings[-1].t_s if outcome.readings else None


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
    dim, by_junction = ("observation",), ("observation", "junction")
    index = count(dim, [sample.presentation for sample in taken], "presentation that the samples were read for")
    index.attrs["instance_dimension"] = "presentation"
    shape = (len(taken), junctions_)
    return {
        "observed_presentation": index,
        "observed_input": count(dim, [sample.input for sample in taken], "input: 0 for A, 1 for B"),
        "observed_at": codes(
            dim, [STAGES.index(sample.stage) for sample in taken], STAGES, "at the input, or back at zero"
        ),
        "observed_reading": count(dim, [sample.reading for sample in taken], "reading, from 0 on, of this look"),
        "observed_input_current": real(dim, [s.of.input_ua for s in taken], "uA", "input current while it was read"),
        "observed_time": real(dim, [s.of.t_s for s in taken], "s", "bench time at the end of the reading"),
        "observed_current": real(
            by_junction, np.reshape([s.of.currents_ua for s in taken], shape), "uA", "current through the junction"
        ),
        "observed_voltage": real(
            by_junction, np.reshape([s.voltages_mv for s in taken], shape), "mV", "voltage of the junction"
        ),
    }
