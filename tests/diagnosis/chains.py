"""Chains of resistors wired in any way, and the surveys that a check would take of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from hypothesis import strategies as st

from mtjlab.diagnosis.expected import Expected
from mtjlab.diagnosis.measured import Probe
from mtjlab.domain import Survey

PARALLEL_OHM, ANTIPARALLEL_OHM = 1105.0, 2425.0
SAMPLES = 10


def expected(junctions: int, to_ground: bool, **changes: object) -> Expected:
    """What a bench file with common instruments says."""
    below = [junctions - k for k in range(junctions)]
    usual = Expected(
        to_ground=to_ground,
        parallel_ohm=(PARALLEL_OHM,) * junctions,
        antiparallel_ohm=(ANTIPARALLEL_OHM,) * junctions,
        reset_mv=(750.0,) * junctions,
        settle_s=0.01,
        ranges_mv=tuple(1000.0 * (n if to_ground else 1) for n in below),
        compliances_mv=tuple(1000.0 * n for n in below),
    )
    return replace(usual, **changes)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Chain:
    """Resistors in series; which node each source feeds, and where each voltmeter is; -1 swaps leads, 0 cuts them."""

    ohm: Sequence[float]
    to_ground: bool = False
    feeds: Sequence[int] = ()
    taps: Sequence[int] = ()
    polarity: Sequence[float] = ()
    sense: Sequence[float] = ()
    noise_mv: float = 0.05
    offsets_mv: Sequence[float] = ()
    seed: int = 0
    rng: np.random.Generator = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "rng", np.random.default_rng(self.seed))

    def matrix_ohm(self) -> np.ndarray:
        """What each voltmeter answers each source."""
        every = range(len(self.ohm))
        feeds, taps = self.feeds or every, self.taps or every
        polarity, sense = self.polarity or [1.0] * len(every), self.sense or [1.0] * len(every)
        through = np.array([[float(feeds[k] <= j) * polarity[k] for k in every] for j in every])
        weights = np.array(
            [[sense[m] * (taps[m] <= j if self.to_ground else taps[m] == j) for j in every] for m in every]
        )
        return np.asarray(weights * np.array(self.ohm)) @ through

    def survey(self, sources_ua: Sequence[float], t_s: float = 0.0) -> Survey:
        every = range(len(self.ohm))
        levels_mv = self.matrix_ohm() @ np.array(sources_ua) / 1000.0 + np.array(
            self.offsets_mv or [0.0 for _ in every]
        )
        samples_mv = levels_mv[:, None] + self.noise_mv * self.rng.standard_normal((len(every), SAMPLES))
        return Survey(
            began_s=t_s,
            t_s=t_s + 0.02 * SAMPLES,
            samples_mv=tuple(tuple(row) for row in samples_mv.tolist()),
            complaints=("",) * len(every),
            limited=(False,) * len(every),
            outputs_on=(True,) * len(every),
        )

    def at_zero(self) -> Survey:
        return self.survey([0.0] * len(self.ohm))

    def probes(self, probe_ua: float = 10.0) -> list[Probe]:
        def alone(source: int, current_ua: float) -> Survey:
            return self.survey([current_ua if k == source else 0.0 for k in range(len(self.ohm))])

        return [Probe(alone(k, probe_ua), alone(k, -probe_ua), alone(k, -probe_ua)) for k in range(len(self.ohm))]


@st.composite
def right_chains(draw: st.DrawFn, most: int = 5) -> Chain:
    """Junctions in any states, 20 % about their nominal resistance, wired as they should be."""
    junctions = draw(st.integers(1, most))
    states = st.sampled_from([PARALLEL_OHM, ANTIPARALLEL_OHM])
    ohm = [draw(states) * draw(st.floats(0.8, 1.2)) for _ in range(junctions)]
    offsets_mv = [draw(st.floats(-1, 1)) for _ in range(junctions)]
    return Chain(ohm, draw(st.booleans()), offsets_mv=offsets_mv, seed=draw(st.integers(0, 1000)))


@st.composite
def mixed_up_chains(draw: st.DrawFn, most: int = 5) -> Chain:
    """Sources, voltmeters and polarities in any order."""
    chain = draw(right_chains(most).filter(lambda right: len(right.ohm) > 1))
    every = range(len(chain.ohm))
    signs = st.lists(st.sampled_from([1.0, -1.0]), min_size=len(every), max_size=len(every))
    return replace(
        chain,
        feeds=draw(st.permutations(every)),
        taps=draw(st.permutations(every)),
        polarity=draw(signs),
        sense=draw(signs),
    )
