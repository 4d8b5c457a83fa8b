"""Check of small deviations from the references: a quick look decides whether a source is the cause."""

from collections.abc import Iterable, Sequence

from mtjlab.bench import Bench
from mtjlab.detection.cause import Cause
from mtjlab.detection.deviation import Deviation, ExpectedVoltages
from mtjlab.detection.references import JunctionReference
from mtjlab.domain import Reading
from mtjlab.errors import BenchFaultError
from mtjlab.events import Presented
from mtjlab.procedures.quick_look import cause_event, quick_look
from mtjlab.procedures.types import Procedure

DOUBTFUL_UA = 1.0
"""Deviation beyond noise above which a quick look is taken."""


class DeviationCheck:
    """Checks deviations from one set of references."""

    def __init__(self, bench: Bench, references: tuple[JunctionReference, ...]) -> None:
        self._bench = bench
        self._references = references
        self._expected = ExpectedVoltages(references)
        self._known_ua: dict[int, float] = {}

    def deviations(self, idle: Reading) -> tuple[Deviation, ...]:
        """Deviations from the references at ``idle``, with all junctions antiparallel."""
        return self._expected.deviations(idle)

    def accept(self, found: Iterable[Deviation]) -> None:
        """Accept deviations as normal."""
        self._known_ua = {one.junction: one.away_ua for one in found}

    def check(self, idle: Reading) -> Procedure[None]:
        """Check the deviations at ``idle``, with all junctions antiparallel. Raises as ``check_found``."""
        yield from self.check_found(self.deviations(idle))

    def check_found(self, found: Sequence[Deviation]) -> Procedure[None]:
        """Take a quick look if a junction deviates from its accepted deviation.

        Raises:
            BenchFaultError: a source or the wiring is faulty.
        """
        doubtful = [one for one in found if one.is_beyond(DOUBTFUL_UA, self._known_ua.get(one.junction, 0.0))]
        if doubtful:
            self.accept(found)
            reason = f"junctions deviate slightly from their references: {', '.join(map(str, doubtful))}"
            cause = yield from quick_look(self._bench, self._references)
            yield cause_event(self._bench, reason, cause)
            demand_not_lasting(reason, cause)

    def check_resets(self, presented: Presented) -> Procedure[None]:
        """Check every reset of a presentation."""
        for idle in presented.idle_readings(len(self._references)):
            yield from self.check(idle)


def demand_not_lasting(reason: str, cause: Cause) -> None:
    """Raise BenchFaultError, naming the cause, if a pause cannot resolve it: new references would only hide it."""
    if cause.is_lasting:
        raise BenchFaultError(
            f"{cause.summary[:1].upper()}{cause.summary[1:]}. A pause cannot resolve this, so the run cannot continue "
            f"(observed: {reason}). "
            "Check range, output and cables there, run `mtjlab check`, then continue with `mtjlab resume`."
        )
