"""Events to and from JSON, and whatever else is made of the same frozen types."""

from functools import cache
from typing import Any, TypeVar

import msgspec

from mtjlab.analysis.estimates import CriticalEstimate, Estimate, NotDetermined
from mtjlab.events.base import Event, TakenOver

Kind = TypeVar("Kind")

TAKEN = b',"taken":true'
"""Last in the object of an event that is taken over from another run."""


def to_json(event: Event) -> bytes:
    """The event as one JSON object, ``type`` first; floats round-trip exactly."""
    if isinstance(event, TakenOver):
        return b"%s%s}" % (to_json(event.event)[:-1], TAKEN)
    named = b'"type":"%s"' % event.type.encode()
    rest = encoded(event)[1:-1].removesuffix(named).removesuffix(b",")
    return b"{%s}" % b",".join(filter(None, (named, rest)))


def encoded(thing: object) -> bytes:
    """A frozen dataclass as one JSON object, its keys in the order of its fields."""
    return _encoder.encode(thing)


def decoded(kind: type[Kind], text: bytes) -> Kind:
    """The ``kind`` in a JSON object; keys that are none of its fields are ignored.

    Raises:
        ValueError: it is none.
    """
    try:
        made: Kind = _decoder(kind).decode(text)  # type: ignore[arg-type]  # classes are hashable
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
    return made


def converted(kind: type[Kind], told: Any) -> Kind:
    """The ``kind`` in what was decoded of JSON without knowing what it is.

    Raises:
        ValueError: it is none.
    """
    made: Kind = msgspec.convert(told, kind, dec_hook=_estimate)
    return made


@cache
def _decoder(kind: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(kind, dec_hook=_estimate)


def _estimate(kind: type, told: Any) -> Any:
    """An estimate is what its keys say, since no union of two classes can be decoded."""
    if kind is not Estimate:
        raise NotImplementedError
    return msgspec.convert(told, NotDetermined if "reason" in told else CriticalEstimate)


def _plain(thing: Any) -> Any:
    """Numbers of numpy as those of Python."""
    import numpy as np  # noqa: PLC0415  whoever only reads events needs none of it

    if not isinstance(thing, np.generic):
        raise TypeError(f"{type(thing).__name__} has no place in a journal")
    return thing.item()


_encoder = msgspec.json.Encoder(enc_hook=_plain)
