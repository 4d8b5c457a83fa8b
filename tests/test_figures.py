"""Figures are drawn from the run folder alone, say where they come from, and agree with what was measured."""

import random
from collections.abc import Iterable, Iterator
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtjlab.domain import (
    BenchDescription,
    ControlCurrents,
    CriticalCurrents,
    Interval,
    PerJunction,
    Reading,
    SwitchingConfiguration,
)
from mtjlab.encoding import Encoding
from mtjlab.errors import RefusedError
from mtjlab.events import (
    EncodedToken,
    ControlsPlanned,
    Event,
    JunctionsMeasured,
    RecognitionMeasured,
    RunStarted,
    StepTrained,
    SweepPoint,
    TokensEncoded,
)
from mtjlab.figures import draw_figures
from mtjlab.figures.confusion import confusion_matrix
from mtjlab.figures.regions import boundaries_ua, regions
from mtjlab.figures.resistance_curves import computed_resistances_kohm
from mtjlab.figures.style import class_styles
from mtjlab.learning import LearningStep
from mtjlab.references import JunctionReference
from mtjlab.resistance import ResistanceLaw
from mtjlab.store import Journal

LAW = ResistanceLaw(r_p_ohm=1100, tmr=1.2, half_bias_mv=500, bias_per_v2=0.1)
START_UA = -500.0
SPACING_UA = 120.0
RUN = "2026-11-23/0007-train"


def critical_currents(junctions: int) -> CriticalCurrents:
    """The paper's three junctions, and more of their kind."""
    up_ua = tuple(([224.0, -66.0, 196.0] + [60.0 * k - 100 for k in range(junctions)])[:junctions])
    spread_ua = (4.3,) * junctions
    return CriticalCurrents(up_ua, tuple(ua - 281 for ua in up_ua), spread_ua, spread_ua, 3, 100.0)


def sweep(critical: CriticalCurrents, controls_ua: PerJunction) -> Iterator[SweepPoint]:
    staircase_ua = [20.0 * k for k in range(46)]
    for rising, leg in ((True, staircase_ua), (False, staircase_ua[::-1])):
        for input_ua in leg:
            currents_ua = tuple(control + input_ua for control in controls_ua)
            switched_above = critical.up_ua if rising else critical.down_ua
            levels_mv = tuple(
                LAW.voltages_mv(ua)[0 if ua >= above else 1]
                for ua, above in zip(currents_ua, switched_above, strict=True)
            )
            yield SweepPoint(0, rising, Reading(input_ua, input_ua, currents_ua, (levels_mv, levels_mv)))


def configurations(classes: int, junctions: int, inputs: int) -> list[SwitchingConfiguration]:
    return [SwitchingConfiguration(counts) for counts in product(range(junctions + 1), repeat=inputs)][-classes:]


def encoding(labels: list[str], assigned: list[SwitchingConfiguration]) -> Encoding:
    return Encoding(tuple(labels), tuple(assigned))


def tokens(labels: list[str], assigned: list[SwitchingConfiguration]) -> tuple[EncodedToken, ...]:
    rng = random.Random(1)
    return tuple(
        EncodedToken(
            f"w{n:02}{label}",
            label,
            "test" if n % 5 == 0 else "train",
            tuple(rng.gauss(300 + SPACING_UA * count, 20) for count in configuration.counts),
        )
        for label, configuration in zip(labels, assigned, strict=True)
        for n in range(10)
    )


def learnt(critical: CriticalCurrents, inputs: int, step: int) -> ControlCurrents:
    """From the start towards boundaries midway between the clouds of tokens, 10 uA a step."""
    ranks = np.argsort(np.argsort(critical.up_ua))
    targets_ua = np.array(critical.up_ua) - (300 + SPACING_UA * (ranks + 0.5))
    moves_ua = np.clip(np.round((targets_ua - START_UA) / 10), -step, step) * 10
    return ControlCurrents((tuple((START_UA + moves_ua).tolist()),) * inputs)


def recognition(labels: list[str], step: int) -> RecognitionMeasured:
    confusion = tuple((label, label, 7) for label in labels)
    lost = (labels[0], None, 1)
    return RecognitionMeasured(1.0, step, 0.9, 0.8, (*confusion, (labels[0], labels[-1], 2)), (*confusion, lost))


def training(
    junctions: int = 3, inputs: int = 2, classes: int = 7, steps: int = 12, data: str = "surrogate"
) -> Iterator[Event]:
    """The events of a training, without its presentations."""
    critical = critical_currents(junctions)
    labels = [f"c{k:02}" for k in range(classes)]
    assigned = configurations(classes, junctions, inputs)
    start = learnt(critical, inputs, 0)
    covered = Interval(-500, 400)
    bench = BenchDescription("three $imulated junctions", "simulated", True, junctions)
    yield RunStarted(RUN, "train", bench, "vowels", data, 0, "mtjlab 0.1.0", "here", 1, 0.0)
    yield ControlsPlanned(0.0, 0, start, ())
    yield from sweep(critical, start.by_input_ua[0])
    reference = JunctionReference(LAW, 0.0, 0.05, 0.05, covered, covered)
    yield JunctionsMeasured(1.0, (reference,) * junctions, critical)
    yield TokensEncoded(1.0, encoding(labels, assigned), tokens(labels, assigned))
    yield recognition(labels, 0)
    still = ((0,) * junctions,) * inputs
    for step in range(1, steps + 1):
        yield StepTrained(1.0, step, LearningStep(still, still), learnt(critical, inputs, step))
        yield recognition(labels, step)


def run_folder(folder: Path, events: Iterable[Event]) -> Path:
    with Journal(folder) as journal:
        for event in events:
            journal.append(event)
    return folder
