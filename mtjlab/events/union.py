"""All events there are, and each of them to and from JSON."""

from typing import Annotated, TypeAlias

from pydantic import ConfigDict, Field, TypeAdapter

from mtjlab.events.by_hand import JunctionsRead, WishPlanned, WishRefused
from mtjlab.events.measurements import (
    BenchConnected,
    CalibrationTaken,
    CauseNamed,
    ControlsPlanned,
    CurveTaken,
    FieldSet,
    JunctionsMeasured,
    OutputsCut,
    OutputsOn,
    Presented,
    Probed,
    ProbePlanned,
    RecognitionMeasured,
    ResetFailed,
    ResetVerified,
    SourceMoved,
    StepTrained,
    SurveyTaken,
    SweepPoint,
    SwitchingMeasured,
    TokensClassified,
    TokensEncoded,
    WarmStarted,
    WentSafe,
    WiringChecked,
)
from mtjlab.events.runs import ClockJumped, Continued, EventLost, LookedAgain, RunEnded, RunStarted, Suspended

Event: TypeAlias = Annotated[
    RunStarted
    | BenchConnected
    | FieldSet
    | OutputsOn
    | ProbePlanned
    | SourceMoved
    | CauseNamed
    | SurveyTaken
    | WiringChecked
    | ControlsPlanned
    | SweepPoint
    | JunctionsMeasured
    | CurveTaken
    | Probed
    | SwitchingMeasured
    | CalibrationTaken
    | TokensEncoded
    | TokensClassified
    | WarmStarted
    | Presented
    | ResetFailed
    | ResetVerified
    | StepTrained
    | RecognitionMeasured
    | WishPlanned
    | WishRefused
    | JunctionsRead
    | Suspended
    | LookedAgain
    | Continued
    | ClockJumped
    | EventLost
    | OutputsCut
    | WentSafe
    | RunEnded,
    Field(discriminator="type"),
]

MILESTONES = (
    RunStarted,
    OutputsOn,
    WiringChecked,
    TokensEncoded,
    CurveTaken,
    SwitchingMeasured,
    StepTrained,
    RecognitionMeasured,
    Suspended,
    Continued,
    OutputsCut,
    WentSafe,
    RunEnded,
)
"""Events after which a journal is synced to disk."""

_adapter: TypeAdapter[Event] = TypeAdapter(Event, config=ConfigDict(allow_inf_nan=False))


def to_json(event: Event) -> bytes:
    """The event as one JSON object, ``type`` first; floats round-trip exactly."""
    return b'{"type":"%s",%s' % (event.type.encode(), _adapter.dump_json(event, exclude={"type"})[1:])


def from_json(line: bytes) -> Event:
    """The event in a JSON object; keys that are none of its fields are ignored. Raises pydantic.ValidationError."""
    return _adapter.validate_json(line)
