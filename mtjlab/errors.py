"""What can go wrong, sorted by what the operator has to do about it.

Messages speak to the operator: what happened, where (instrument, or file and key), what the bench did, what to do next.
"""

import errno
import re
from collections.abc import Iterable

_OF_A_PART = re.compile(r"(?P<name>[a-z]+ J\d+ \([^()]*\)|\S+::\S+?):? (?P<told>.+)", re.DOTALL)
"""How sentences of one instrument begin: with its role and in brackets its address, or with its address alone."""
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
    """A request or a file asks for something that cannot be done.

    Found before a run begins, nothing was started (exit code 2); within a run, it ends safe and failed (exit code 4).
    """


class LimitExceededError(RefusedError):
    """A current or a predicted voltage outside the limits of the bench; nothing was written to a source."""


class BenchFaultError(Exception):
    """The bench does not do what it must; the run ends safe and is marked failed (exit code 4)."""


class SilentSourceError(BenchFaultError):
    """A source does not answer, so that nothing can be asked of it."""


class ComplianceFaultError(BenchFaultError):
    """A source was at its compliance, so junctions carried less than was asked for; what was written is set."""


class LevelRefusedFaultError(BenchFaultError):
    """A source answers but did not take a level: it says that it delivers ``delivered_a``."""

    def __init__(self, message: str, delivered_a: float) -> None:
        super().__init__(message)
        self.delivered_a = delivered_a


class StopRequestedError(Exception):
    """Thrown into a procedure at a safe point when somebody asked the run to stop (exit code 3)."""


def joined_messages(sentences: Iterable[str]) -> str:
    """Sentences one after another; what is the same for several instruments is said once, with all their names."""
    alike: dict[str, list[str]] = {}
    for sentence in dict.fromkeys(sentences):
        alike.setdefault(without_name(sentence), []).append(sentence)
    return " ".join(
        same[0] if len(same) == 1 else f"{', '.join(map(_name_in, same))}: {told}" for told, same in alike.items()
    )


def without_name(sentence: str) -> str:
    """What a sentence tells of an instrument, without its name, however often that is in it."""
    found = _OF_A_PART.fullmatch(sentence)
    if found is None:
        return sentence
    role = re.escape(found["name"].partition(" (")[0])
    return re.sub(rf"{role} \([^()]*\):? ", "", found["told"])


def _name_in(sentence: str) -> str:
    found = _OF_A_PART.fullmatch(sentence)
    return found["name"] if found else ""


def reason_of(error: OSError) -> str:
    """What the operating system says, in its own words."""
    return error.strerror or str(error) or type(error).__name__


def remedy_of(error: OSError) -> str:
    """What helps where a file cannot be written, without a full stop."""
    return _REMEDIES.get(errno.errorcode.get(error.errno or 0, ""), "Choose another place")
