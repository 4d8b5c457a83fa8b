"""Basic data types of the experiment: states, currents, configurations, readings.

Everything here is frozen data and exact arithmetic in uA. Junctions are numbered from 0 in code and from 1 in texts
(``J1``); inputs are numbered from 0 in code and have letters in texts (``A``, ``B``, ...).
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate
from typing import Literal, TypeAlias

from mtjlab.counted import counted

PerJunction: TypeAlias = tuple[float, ...]
"""One value per junction, in the order of the chain from source 1 to ground."""

Subset: TypeAlias = Literal["train", "test"]


ONE_CHAIN = (0,)
"""Source at the top of each chain, where there is one chain."""

NO_CLASS = "(none)"
"""Written instead of a class or a configuration if there is none; not allowed as the name of a class."""


class JunctionState(StrEnum):
    """Magnetic state of a junction: parallel (low resistance) or antiparallel (high resistance)."""

    P = "P"
    AP = "AP"


class Verdict(StrEnum):
    """Result of the detector for one junction; only ``P`` and ``AP`` are states."""

    P = "P"
    AP = "AP"
    UNDECIDED = "undecided"
    PARTIAL = "partial"


def input_label(index: int) -> str:
    """Letter of input ``index``: A, B, ... (26 of them)."""
    return chr(ord("A") + index)


def junction_label(index: int, tops: Sequence[int] = ONE_CHAIN) -> str:
    """Name of junction ``index`` as on the sample: J1, J2, ...; of parallel chains A.J1, A.J2, ..., B.J1, ..."""
    if len(tops) == 1:
        return f"J{index + 1}"
    chain = bisect_right(tops, index) - 1
    return f"{input_label(chain)}.J{index - tops[chain] + 1}"


def junction_labels(indices: Iterable[int]) -> str:
    """Names of several junctions, such as ``J1, J2``."""
    return ", ".join(map(junction_label, indices))


def source_currents_ua(controls_ua: Sequence[float], input_ua: float, tops: Sequence[int] = ONE_CHAIN) -> PerJunction:
    """Source currents I_dc that give every junction its control current plus the input.

    I_dc1 = I_C1 + I_input and I_dck = I_Ck - I_C(k-1) for k > 1: an input changes source 1 only, that of each chain if
    there are several in parallel. Source: Lopez et al., Phys. Rev. Applied 22, 014082 (2024), section II.
    """
    return tuple([here + input_ua if k in tops else here - controls_ua[k - 1] for k, here in enumerate(controls_ua)])


def junction_currents_ua(sources_ua: Sequence[float], tops: Sequence[int] = ONE_CHAIN) -> PerJunction:
    """Current through each junction: the running sum of the source currents from the top of its chain.

    Source: Lopez et al. (2024), section II: I_MTJk = I_dc1 + ... + I_dck.
    """
    if len(tops) == 1:
        return tuple(accumulate(sources_ua))
    ends = (*tops[1:], len(sources_ua))
    return tuple([one for top, end in zip(tops, ends, strict=True) for one in accumulate(sources_ua[top:end])])


def chain_tops(chains: Iterable[int]) -> tuple[int, ...]:
    """Index of the first source of each of parallel chains, from their numbers of junctions."""
    return tuple(accumulate(chains, initial=0))[:-1]


def chain_spans(chains: Sequence[int]) -> tuple[slice, ...]:
    """Where the junctions of each of parallel chains stand among all."""
    return tuple(slice(top, top + size) for top, size in zip(chain_tops(chains), chains, strict=True))


@dataclass(frozen=True, slots=True)
class ControlCurrents:
    """Control currents I_Ci^j of N junctions for M inputs, in uA: ``by_input_ua[j][i]``."""

    by_input_ua: tuple[PerJunction, ...]

    @classmethod
    def uniform(cls, current_ua: float, junctions: int, inputs: int) -> "ControlCurrents":
        """The same current for every junction and input, as at the start in the paper."""
        return cls(((current_ua,) * junctions,) * inputs)

    def moved(self, moves_ua: Sequence[Sequence[float]]) -> "ControlCurrents":
        """These currents with ``moves_ua[j][i]`` added."""
        return ControlCurrents(
            tuple(
                tuple(now + move for now, move in zip(row, moves, strict=True))
                for row, moves in zip(self.by_input_ua, moves_ua, strict=True)
            )
        )

    def spans(self, junctions: int) -> tuple[slice, ...]:
        """For each input, the junctions it drives of all on the bench: every one, or those of its own chain.

        Raises ValueError if the control currents are those of another bench.
        """
        sizes = [len(row) for row in self.by_input_ua]
        if all(size == junctions for size in sizes):
            return (slice(0, junctions),) * len(sizes)
        if sum(sizes) != junctions:
            raise ValueError(f"control currents of {sizes} do not fit {counted(junctions, 'junction')}")
        return chain_spans(sizes)

    def first_ua(self, junctions: int) -> PerJunction:
        """Control currents of all junctions on the bench at the first input, or at all of them in parallel chains."""
        rows = self.by_input_ua
        return rows[0] if len(rows[0]) == junctions else tuple(one for row in rows for one in row)

    def by_label(self) -> dict[str, list[float]]:
        """``{"a": [...], "b": [...]}``, as in results."""
        return {input_label(j).lower(): list(row) for j, row in enumerate(self.by_input_ua)}


@dataclass(frozen=True, slots=True)
class GivenPulse:
    """Duration (s) of a pulse as it was measured, and by how much it may differ."""

    width_s: float
    uncertainty_s: float = 0.0


@dataclass(frozen=True, slots=True)
class SwitchingConfiguration:
    """Number of junctions switched by each input; ``str()`` gives the paper's form, ``[2A, 3B]``."""

    counts: tuple[int, ...]

    def __str__(self) -> str:
        return "[" + ", ".join(f"{count}{input_label(j)}" for j, count in enumerate(self.counts)) + "]"


@dataclass(frozen=True, slots=True)
class ClassTable:
    """Lookup table from switching configurations to classes: (class, configuration), each configuration once.

    A class may have several configurations; the first of them is the one that its tokens reach most probably.
    """

    entries: tuple[tuple[str, SwitchingConfiguration], ...]

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes, each once, in the order of the table."""
        return tuple(dict.fromkeys(label for label, _ in self.entries))

    def class_of(self, configuration: SwitchingConfiguration | None) -> str | None:
        """Class that a configuration stands for; None if it has none, or if there is no configuration."""
        return next((label for label, known in self.entries if known == configuration), None)

    def of_class(self, label: str) -> tuple[SwitchingConfiguration, ...]:
        """All configurations of a class."""
        return tuple(known for named, known in self.entries if named == label)

    def nearest(self, label: str, observed: SwitchingConfiguration | None) -> SwitchingConfiguration:
        """The configuration of the class with the fewest junctions to switch otherwise than ``observed``.

        So a token in any configuration of its class asks for no change. Without an observation, the first.
        """
        first, *others = self.of_class(label)
        if observed is None:
            return first
        return min(
            (first, *others),
            key=lambda known: sum(abs(n - k) for n, k in zip(observed.counts, known.counts, strict=True)),
        )


@dataclass(frozen=True, slots=True)
class CriticalCurrents:
    """Junction currents in uA at which each junction switched in a sweep: mean and standard deviation over repetitions.

    ``up`` is AP -> P on the rising input, ``down`` is P -> AP on the falling one. They depend on the ramp rate of the
    measurement, ``ramp_ua_per_s``.
    """

    up_ua: PerJunction
    down_ua: PerJunction
    up_spread_ua: PerJunction
    down_spread_ua: PerJunction
    repetitions: int
    ramp_ua_per_s: float

    def of(self, span: slice) -> "CriticalCurrents":
        """Those of some of the junctions."""
        if span == slice(0, len(self.up_ua)):
            return self
        parts = (self.up_ua[span], self.down_ua[span], self.up_spread_ua[span], self.down_spread_ua[span])
        return CriticalCurrents(*parts, self.repetitions, self.ramp_ua_per_s)

    def inputs_ua(self, controls_ua: Sequence[float]) -> PerJunction:
        """Critical inputs (AP -> P) at ``controls_ua``: raising a control current lowers the critical input."""
        return tuple(critical - control for critical, control in zip(self.up_ua, controls_ua, strict=True))


CriticalOf: TypeAlias = Callable[[int], CriticalCurrents]
"""Critical currents for an input; 0 is A."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A closed range of currents in uA."""

    low_ua: float
    high_ua: float

    def __contains__(self, current_ua: float) -> bool:
        return self.low_ua <= current_ua <= self.high_ua

    def set_by(self, current_ua: float) -> str:
        """What sets the end that ``current_ua`` is beyond; empty if that is not known."""
        return ""


@dataclass(frozen=True, slots=True)
class AllowedInterval(Interval):
    """The currents that the limits of a bench allow a junction, and the keys that set each end."""

    low_set_by: str
    high_set_by: str

    def set_by(self, current_ua: float) -> str:
        """The key that sets the end that ``current_ua`` is beyond."""
        return self.low_set_by if current_ua < self.low_ua else self.high_set_by


def encoded_inputs_ua(coefficients_ua: Sequence[Sequence[float]], features: Sequence[float]) -> tuple[float, ...]:
    """Input currents of a token, to the nA; coefficients are a constant in uA, then uA per unit of each feature."""
    return tuple(
        round(constant + sum(a * x for a, x in zip(slopes, features, strict=True)), 3)
        for constant, *slopes in coefficients_ua
    )


@dataclass(frozen=True, slots=True)
class BenchDescription:
    """Description of a bench as recorded by a run. ``aperture_s``: averaging time of one sample of a voltmeter.

    ``chains``: number of junctions of each of parallel chains; empty for a single chain.
    """

    name: str
    kind: str
    simulated: bool
    junctions: int
    aperture_s: float = 0.02
    chains: tuple[int, ...] = ()

    @property
    def chain_sizes(self) -> tuple[int, ...]:
        """Number of junctions of each chain."""
        return self.chains or (self.junctions,)

    @property
    def tops(self) -> tuple[int, ...]:
        """Index of the source at the top of each chain."""
        return chain_tops(self.chain_sizes)

    @property
    def spans(self) -> tuple[slice, ...]:
        """Where the junctions of each chain stand among all."""
        return chain_spans(self.chain_sizes)


@dataclass(frozen=True, slots=True)
class Reading:
    """Samples of all junctions at one input: bench time at the end, currents (uA), voltages ``[sample][junction]``."""

    t_s: float
    input_ua: float
    currents_ua: PerJunction
    samples_mv: tuple[PerJunction, ...]

    @property
    def controls_ua(self) -> PerJunction:
        """Control currents of the reading: junction currents minus the input."""
        return tuple([current_ua - self.input_ua for current_ua in self.currents_ua])

    def of(self, span: slice, input_ua: float) -> "Reading":
        """That of the junctions of one of parallel chains, with the input of this chain."""
        if span == slice(0, len(self.currents_ua)):
            return self
        samples_mv = tuple([sample[span] for sample in self.samples_mv])
        return Reading(self.t_s, input_ua, self.currents_ua[span], samples_mv)

    @property
    def mean_mv(self) -> PerJunction:
        """Mean of the samples of each junction."""
        return tuple([sum(column) / len(self.samples_mv) for column in zip(*self.samples_mv, strict=True)])


@dataclass(frozen=True, slots=True)
class JoinedReading(Reading):
    """Readings of parallel chains that were taken at the same time; ``inputs_ua`` is the input of each junction."""

    inputs_ua: PerJunction = ()

    @classmethod
    def of_chains(cls, readings: Sequence[Reading]) -> "JoinedReading":
        """The readings of all junctions, from those of each chain."""
        samples_mv = zip(*(reading.samples_mv for reading in readings), strict=True)
        return cls(
            readings[0].t_s,
            readings[0].input_ua,
            tuple(current for reading in readings for current in reading.currents_ua),
            tuple(tuple(mv for part in sample for mv in part) for sample in samples_mv),
            tuple(reading.input_ua for reading in readings for _ in reading.currents_ua),
        )

    @property
    def controls_ua(self) -> PerJunction:
        """Control currents of the readings: junction currents minus the input of each chain."""
        return tuple([current - at for current, at in zip(self.currents_ua, self.inputs_ua, strict=True)])


@dataclass(frozen=True, slots=True)
class InstrumentReport:
    """Description of an instrument as recorded by a run: role, reported identity, and settings as read back."""

    role: str
    model: str
    address: str
    identity: str
    settings: str


@dataclass(frozen=True, slots=True)
class FieldReport:
    """Magnetic field along the easy axis as set, how it was confirmed, and what the gaussmeter shows, if any."""

    field_mt: float
    how: str
    gaussmeter_mt: float | None = None


@dataclass(frozen=True, slots=True)
class FieldReading:
    """Magnetic field (mT) that the current of its supply makes, and that a gaussmeter shows; None without one."""

    supply_mt: float
    gaussmeter_mt: float | None = None

    @property
    def field_mt(self) -> float:
        """What the gaussmeter shows; without one, what follows from the current."""
        return self.supply_mt if self.gaussmeter_mt is None else self.gaussmeter_mt


@dataclass(frozen=True, slots=True)
class GaussmeterReading:
    """Reading of the gaussmeter entered by a person, and when it was entered."""

    reads_mt: float
    said_at: str


@dataclass(frozen=True, slots=True)
class Survey:
    """State of every instrument; faults are recorded instead of raising an error.

    ``samples_mv[meter]``: raw readings of all meters, simultaneous from ``began_s`` to ``t_s``, in the order of the
    junctions in the bench file; empty if there are none, with the reason in ``complaints[meter]``.
    ``limited[source]``: whether a source reports its compliance; None if it cannot. ``outputs_on[source]``: whether it
    reports its output on.
    """

    began_s: float
    t_s: float
    samples_mv: tuple[tuple[float, ...], ...]
    complaints: tuple[str, ...]
    limited: tuple[bool | None, ...]
    outputs_on: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class MessageTime:
    """Bench time (s) from a message to its reply, of the ``messages`` to one instrument that need no reading."""

    role: str
    messages: int
    usual_s: float
    longest_s: float


@dataclass(frozen=True, slots=True)
class ReadingTime:
    """Bench time (s) that a reading of this many samples took."""

    role: str
    samples: int
    took_s: float


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs from what was expected of an instrument."""

    role: str
    sent: str
    expected: str
    came: str


@dataclass(frozen=True, slots=True)
class LinkStudy:
    """What the traffic with instruments tells."""

    messages: tuple[MessageTime, ...] = ()
    readings: tuple[ReadingTime, ...] = ()
    differences: tuple[Difference, ...] = ()
