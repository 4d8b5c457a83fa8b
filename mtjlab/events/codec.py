"""Conversion of events and other frozen dataclasses to and from JSON."""

from functools import cache
from typing import Any, TypeVar

import msgspec

from mtjlab.analysis.estimates import CriticalEstimate, Estimate, NotDetermined
from mtjlab.events.base import Event, TakenOver

Kind = TypeVar("Kind")

TAKEN = b',"taken":true'
"""Last key of an event taken over from another run."""


def to_json(event: Event) -> bytes:
    """Encode an event as one JSON object, ``type`` first; floats round-trip exactly."""
    if isinstance(event, TakenOver):
        return b"%s%s}" % (to_json(event.event)[:-1], TAKEN)
    named = b'"type":"%s"' % event.type.encode()
    rest = encoded(event)[1:-1].removesuffix(named).removesuffix(b",")
    return b"{%s}" % b",".join(filter(None, (named, rest)))


def encoded(thing: object) -> bytes:
    """Encode a frozen dataclass as one JSON object, keys in field order."""
    return _encoder.encode(thing)


def decoded(kind: type[Kind], text: bytes) -> Kind:
    """Decode a ``kind`` from a JSON object; unknown keys are ignored.

    Raises:
        ValueError: the JSON is not valid for ``kind``.
    """
    try:
        made: Kind = _decoder(kind).decode(text)  # type: ignore[arg-type]  # classes are hashable
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
    return made


def converted(kind: type[Kind], plain: Any) -> Kind:
    """Convert plain decoded JSON to a ``kind``.

    Raises:
        ValueError: the JSON is not valid for ``kind``.
    """
    made: Kind = msgspec.convert(plain, kind, dec_hook=_estimate)
    return made


@cache
def _decoder(kind: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(kind, dec_hook=_estimate)


def _estimate(kind: type, plain: Any) -> Any:
    """Choose the class of an estimate by its keys: msgspec cannot decode a union of two dataclasses."""
    if kind is not Estimate:
        raise NotImplementedError
    return msgspec.convert(plain, NotDetermined if "reason" in plain else CriticalEstimate)


def _plain(thing: Any) -> Any:
    """Convert a numpy scalar to a Python number."""
    import numpy as np  # noqa: PLC0415  not needed for reading events

    if not isinstance(thing, np.generic):
        raise TypeError(f"{type(thing).__name__} cannot be recorded in a journal")
    return thing.item()


_encoder = msgspec.json.Encoder(enc_hook=_plain)
