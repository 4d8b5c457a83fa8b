"""Large chains: the work of a training grows with its junctions and inputs, no faster; what cannot be is said at once.

Work is counted in calls of functions, which are the same on every computer.
"""

import sys
from collections import Counter
from itertools import product
from typing import Any

import numpy as np
import pytest

from mtjlab.config import EncodingSettings, PlanConfig, PresentationSettings, SweepSettings
from mtjlab.config import TrainingSettings as Settings
from mtjlab.encoding import encode as encoding
from mtjlab.errors import BenchFaultError
from mtjlab.events import JunctionsMeasured, Presented, TokensEncoded
from mtjlab.procedures.training.events import RecognitionMeasured
from mtjlab.procedures.training.procedure import TrainingPlan, train
from mtjlab.vowels.data_set import DataSet, Token
from mtjlab.vowels.splits import split
from tests.support.trainings import SWEEP, bench_and_chain

SMALL, LARGE = (3, 2), (16, 4)
"""Junctions and inputs."""
REFERENCES, ENCODING, PRESENTATIONS = "references", "encoding", "presentations"


def classes_of(features: int, levels: int, most: int = 16) -> DataSet:
    """Classes on the corners of a grid, of four tokens each."""
    rng, places = np.random.default_rng(1), list(product(range(levels), repeat=features))[:most]
    tokens = tuple(
        Token(f"{c}-{k}", f"c{c}", None, tuple(rng.normal(place, 0.03).tolist()))
        for c, place in enumerate(places)
        for k in range(4)
    )
    return DataSet("grid", tuple(f"f{k}" for k in range(features)), tokens)


def plan_for(inputs: int, data: DataSet, spacing_ua: float = 24.0) -> TrainingPlan:
    config = PlanConfig(
        seed=1,
        sweep=SweepSettings(**SWEEP),
        encoding=EncodingSettings(inputs=inputs, boundary_spacing_ua=spacing_ua),
        presentation=PresentationSettings(dwell_s=0.05),
        training=Settings(steps=1, recognition_every_steps=1),
    )
    return TrainingPlan(config, data, split(data, 1))


def chip_of(junctions: int) -> dict[str, Any]:
    up_ua = tuple(100.0 + 7 * (k % 5) for k in range(junctions))
    return {
        "critical_current_ap_to_p_ua": up_ua,
        "critical_current_p_to_ap_ua": tuple(current_ua - 281.0 for current_ua in up_ua),
    }


def calls_each(junctions: int, inputs: int) -> dict[str, float]:
    """Calls of functions of a training: references for each junction, a presentation for each junction and input."""
    bench, _ = bench_and_chain(1, **chip_of(junctions))
    calls, presentations, rates = Counter[str](), 0, []
    phase = REFERENCES

    def count(_frame: object, event: str, _argument: object) -> None:
        calls[phase] += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        for event in train(bench, plan_for(inputs, classes_of(inputs, 2, most=3))):
            match event:
                case JunctionsMeasured():
                    phase = ENCODING
                case TokensEncoded():
                    phase = PRESENTATIONS
                case Presented():
                    presentations += 1
                case RecognitionMeasured():
                    rates.append(event.train)
    finally:
        sys.setprofile(before)
    assert len(rates) == 2
    return {
        REFERENCES: calls[REFERENCES] / junctions,
        PRESENTATIONS: calls[PRESENTATIONS] / presentations / junctions / inputs,
    }


def test_a_junction_and_input_take_no_more_work_in_a_large_chain() -> None:
    calls_each(*SMALL)  # imports
    small, large = calls_each(*SMALL), calls_each(*LARGE)
    assert large[REFERENCES] < 2 * small[REFERENCES]
    assert large[PRESENTATIONS] < 2 * small[PRESENTATIONS]


def test_classes_that_the_limits_have_no_room_for_are_refused_before_any_search(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """32 junctions have 33 levels, but boundaries 600 uA apart leave room for two."""
    searches: list[object] = []
    monkeypatch.setattr(encoding, "assign", lambda *given: searches.append(given))
    bench, _ = bench_and_chain(1, **chip_of(32))
    with pytest.raises(BenchFaultError, match="room for 1 boundary 600 uA apart on each input, and 20 classes"):
        list(train(bench, plan_for(4, classes_of(4, 3, most=20), spacing_ua=600.0)))
    assert not searches


def test_the_search_leaves_out_levels_beyond_the_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """A long chain is encoded with as many boundaries as fit, 120 uA apart."""
    counts, assign = [], encoding.assign

    def watched(moments: Any, level_count: int, *others: Any) -> Any:
        counts.append(level_count)
        return assign(moments, level_count, *others)

    monkeypatch.setattr(encoding, "assign", watched)
    bench, _ = bench_and_chain(1, **chip_of(32))
    events = train(bench, plan_for(4, classes_of(4, 2, most=6), spacing_ua=120.0))
    encoded = next(event for event in events if isinstance(event, TokensEncoded))
    assert counts == [6]
    assert max(map(len, encoded.encoding.boundaries_ua)) <= 5
