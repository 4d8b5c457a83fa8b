"""Counters of the units that a run completes."""

from mtjlab.config import PresentationSettings
from mtjlab.events import CurveTaken, Event, Presented
from mtjlab.procedures.kind import Counter
from mtjlab.procedures.present import is_final


def event_counter(*kinds: type[Event]) -> Counter:
    """Count events of ``kinds``."""
    return lambda event: int(isinstance(event, kinds))


def curve_counter() -> Counter:
    """Count curves."""
    return event_counter(CurveTaken)


def presentation_counter(settings: PresentationSettings) -> Counter:
    """Count final presentations of tokens, without the attempts before."""
    return lambda event: int(isinstance(event, Presented) and is_final(event, settings))
