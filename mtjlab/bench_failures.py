"""What the bench says of failures on the way to zero."""

import math
from collections.abc import Callable

from mtjlab.errors import SilentSourceError


def failures_of(attempt: Callable[[], None]) -> list[str]:
    """Error of an attempt as a list, so that further attempts can be made.

    A source that does not respond is reported when it cannot be switched off.
    """
    try:
        attempt()
    except SilentSourceError:
        return []
    except Exception as error:
        return [str(error)]
    return []


def cut_at(label: str, seen_ua: float) -> str:
    """How the output of a source went off that did not read zero before."""
    name = f"source {label}"
    if math.isnan(seen_ua):
        return f"the current of {name} until then is not known"
    return f"{name} was cut at {seen_ua:.6g} uA"
