"""What completes a unit of a run."""

from mtjlab.config import PresentationSettings
from mtjlab.events import CurveTaken, Event, Presented
from mtjlab.procedures.kind import Counter
from mtjlab.procedures.present import is_final


def counts(*kinds: type[Event]) -> Counter:
    """One for each event of ``kinds``."""
    return lambda event: int(isinstance(event, kinds))


def counts_curves() -> Counter:
    """One for each curve."""
    return counts(CurveTaken)


def counts_presentations(settings: PresentationSettings) -> Counter:
    """One for each presentation that is the last of its token: attempts before it are not counted."""
    return lambda event: int(isinstance(event, Presented) and is_final(event, settings))
