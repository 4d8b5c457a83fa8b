"""Outcomes of pulses so far, and results from them."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from mtjlab.analysis.probability import SwitchingProbability, probability_when_held
from mtjlab.analysis.pulses import PulseOutcome, PulseThreshold, pulse_threshold
from mtjlab.analysis.rest import RestState
from mtjlab.domain import Verdict, junction_label
from mtjlab.events import Event, JunctionsMeasured, Pulsed, RestPlanned


class Share(NamedTuple):
    """Switching counts of a junction at one current and width, with the 95 % interval of the probability."""

    junction: str
    width_s: float
    current_ua: float
    n: int
    switched: int
    low: float
    high: float

    @property
    def probability(self) -> float:
        """Share that switched."""
        return self.switched / self.n

    @property
    def write_error_rate(self) -> float:
        """Share that did not."""
        return 1.0 - self.probability


class PulseState:
    """Outcomes by number of the width and of the junction."""

    def __init__(self) -> None:
        self.measured: JunctionsMeasured | None = None
        self.rest: RestPlanned | None = None
        self.widths_s: dict[int, float] = {}
        self.outcomes: dict[tuple[int, int], list[PulseOutcome]] = defaultdict(list)
        self.pulses: Counter[int] = Counter()
        self.resets = self.failed_resets = self.disturbed = self.undecided = 0

    def take(self, event: Event) -> None:
        """Add the next event."""
        if isinstance(event, Pulsed):
            self._take_pulse(event)
        elif isinstance(event, JunctionsMeasured):
            self.measured = event
        elif isinstance(event, RestPlanned):
            self.rest = event

    def thresholds(self) -> tuple[PulseThreshold, ...]:
        """I50 of every junction at every width that was probed."""
        if self.measured is None:
            return ()
        laws = RestState.of(self.measured.critical).rising
        return tuple(
            pulse_threshold(k, laws[k], self.widths_s[series], outcomes)
            for (series, k), outcomes in sorted(self.outcomes.items())
        )

    def probabilities(self) -> Mapping[tuple[int, int], SwitchingProbability]:
        """Switching probability of each junction at each current, for each width."""
        counted = {}
        for (series, junction), outcomes in sorted(self.outcomes.items()):
            by_current: dict[float, list[bool]] = defaultdict(list)
            for one in outcomes:
                by_current[one.current_ua].append(one.switched)
            counted[series, junction] = probability_when_held(by_current, self.widths_s[series])
        return counted

    def shares(self) -> Iterator[Share]:
        """The same, one current after another."""
        for (series, junction), counted in self.probabilities().items():
            columns = (counted.currents_ua, counted.trials, counted.switched, counted.low, counted.high)
            for current_ua, n, switched, low, high in zip(*(column.tolist() for column in columns), strict=True):
                name = junction_label(junction)
                yield Share(name, self.widths_s[series], current_ua, int(n), int(switched), low, high)

    def _take_pulse(self, event: Pulsed) -> None:
        if event.purpose == "reset":
            self.resets += 1
            self.failed_resets += not event.is_reset
            return
        self.widths_s[event.series] = event.width_s
        self.pulses[event.series] += 1
        self.disturbed += bool(event.disturbed)
        if event.disturbed:
            return
        for k, outcome in enumerate(outcomes_of(event)):
            if outcome is None:
                self.undecided += 1
            else:
                self.outcomes[event.series, k].append(outcome)


def outcomes_of(pulsed: Pulsed) -> list[PulseOutcome | None]:
    """What a pulse did to each junction; None where that is not known."""
    return [
        PulseOutcome(current_ua, pulsed.given.width_s, verdict is Verdict.P)
        if verdict in (Verdict.P, Verdict.AP) and not pulsed.disturbed
        else None
        for current_ua, verdict in zip(pulsed.currents_ua, pulsed.verdicts, strict=True)
    ]
