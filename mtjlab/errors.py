"""Errors, by what the operator has to do.

Messages are for the operator: what happened, where (instrument, or file and key), what the bench did, what to do next.
"""

import errno
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

_OF_A_PART = re.compile(r"(?P<name>[a-z]+ J\d+ \([^()]*\)|\S+::\S+?):? (?P<text>.+)", re.DOTALL)
"""Messages of one instrument start with its role and, in brackets, its address; or with its address alone."""
FEW = 2
_FULL = {"ENOSPC", "EDQUOT"}
_GONE = {"ESTALE", "ENOTCONN", "ETIMEDOUT", "EHOSTDOWN", "EHOSTUNREACH", "ENETDOWN", "ENETUNREACH", "ENODEV", "ENXIO"}
_REMEDIES = {
    **dict.fromkeys(_FULL, "Make room"),
    **dict.fromkeys(_GONE, "Its drive is gone: connect it again"),
    **dict.fromkeys(("EIO", "EREMOTEIO"), "Its disk or the way there fails: copy what it holds, and take another"),
    **dict.fromkeys(("EACCES", "EPERM"), "This user may not write there: choose another place, or change its rights"),
    "EROFS": "Its disk can only be read: choose another place",
}


class RefusedError(Exception):
    """A request or a file is not valid or not possible.

    Before a run nothing is started (exit code 2); during a run it ends safe and failed (exit code 4). ``keys`` are the
    keys of the request that are to blame (``training.steps``), where they are known.
    """

    def __init__(self, message: str = "", keys: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.keys = keys


@contextmanager
def blamed_on(*keys: str) -> Iterator[None]:
    """What is refused inside is due to these ``keys`` of the request, unless it names others."""
    try:
        yield
    except RefusedError as error:
        if error.keys:
            raise
        raise type(error)(str(error), keys) from error


class NothingToDrawError(RefusedError):
    """A run has no data for a figure."""


class LimitExceededError(RefusedError):
    """A current or a predicted voltage outside the limits of the bench; nothing was written to a source."""


class BenchFaultError(Exception):
    """An instrument fails; the run ends safe and is marked failed (exit code 4)."""


class SilentSourceError(BenchFaultError):
    """A source does not answer."""


class ComplianceFaultError(BenchFaultError):
    """A source was at its compliance, so junctions carried less than requested; the written level is set."""


class LevelRefusedFaultError(BenchFaultError):
    """A source answers but did not take a level: it reports that it delivers ``delivered_a``."""

    def __init__(self, message: str, delivered_a: float) -> None:
        super().__init__(message)
        self.delivered_a = delivered_a


class StopRequestedError(Exception):
    """Thrown into a procedure at a safe point when somebody asked the run to stop (exit code 3)."""


def joined_messages(sentences: Iterable[str]) -> str:
    """Join messages; equal messages of several instruments are merged, with all their names.

    The names of more than ``FEW`` come last, so that the message begins with the cause.
    """
    alike: dict[str, list[str]] = {}
    for sentence in dict.fromkeys(sentences):
        alike.setdefault(without_name(sentence), []).append(sentence)
    return " ".join(_of_all(same, text) for text, same in alike.items())


def _of_all(same: Sequence[str], text: str) -> str:
    """One message for all that say the ``same``, in a ``text`` without their names."""
    if len(same) == 1:
        return same[0]
    names = ", ".join(map(_name_in, same))
    return f"{names}: {text}" if len(same) <= FEW else f"{len(same)} instruments: {text} They are {names}."


def without_name(sentence: str) -> str:
    """Return a message of an instrument without every occurrence of its name."""
    found = _OF_A_PART.fullmatch(sentence)
    if found is None:
        return sentence
    role = re.escape(found["name"].partition(" (")[0])
    return re.sub(rf"{role} \([^()]*\):? ", "", found["text"])


def _name_in(sentence: str) -> str:
    found = _OF_A_PART.fullmatch(sentence)
    return found["name"] if found else ""


def reason_of(error: OSError) -> str:
    """The message of the operating system."""
    return error.strerror or str(error) or type(error).__name__


def remedy_of(error: OSError) -> str:
    """Remedy for a file that cannot be written, without a full stop."""
    return _REMEDIES.get(errno.errorcode.get(error.errno or 0, ""), "Choose another place")
