"""Faults on command: ``TARGET:KIND[=VALUE][@AFTER_S]``, such as ``voltmeter J2:no-reply@2.5``.

AFTER_S is bench time from the request of the fault (for faults given at the start: from the start).
"""

import re
from dataclasses import dataclass
from math import isfinite

FORM = re.compile(
    r"\s*(?P<target>[a-z]+)(?:\s+J(?P<n>\d+))?\s*:\s*(?P<kind>[a-z-]+)(?:=(?P<value>[^@]*))?(?:@(?P<after>.*))?"
)


@dataclass(frozen=True, slots=True)
class Values:
    """Form of the value of a kind, and how many numbers (or junctions, as J1) it may have."""

    form: str = ""
    least: int = 0
    most: int = 0
    junctions: bool = False
    positive: bool = False


NONE, COUNT = Values(), Values("[=COUNT]", 0, 1, positive=True)
GAIN, MICROAMPERE = Values("=FACTOR", 1, 1), Values("=MICROAMPERE", 1, 1)
LINE_FAULTS = {
    "no-reply": COUNT,
    "garbage": COUNT,
    "late-reply": Values("=SECONDS[,COUNT]", 1, 2, positive=True),
    "disconnect": Values("[=BACK_AFTER_S]", 0, 1, positive=True),
    "closes-idle": Values("=SECONDS", 1, 1, positive=True),
    "wrong-identity": NONE,
    "other-firmware": NONE,
}
SWAPPED = Values("=J1,J2", 2, 2, junctions=True)
KINDS: dict[str, dict[str, Values]] = {
    "source": {
        **LINE_FAULTS,
        "output-found-on": MICROAMPERE,
        "output-off": NONE,
        "level-changed": MICROAMPERE,
        "armed": NONE,
        "refuses-level": COUNT,
        "refuses-settings": COUNT,
        "gain": GAIN,
        "on-node": Values("=J3", 1, 1, junctions=True),
        "reversed": NONE,
        "ignores-compliance": NONE,
        "dead-output": NONE,
        "settling": Values("=SECONDS", 1, 1),
    },
    "voltmeter": {
        **LINE_FAULTS,
        "stuck": NONE,
        "gain": GAIN,
        "line-frequency": Values("=HZ", 1, 1, positive=True),
        "short-aperture": Values("[=SHARE]", 0, 1, positive=True),
        "reversed": NONE,
        "on-junction": Values("=J2", 1, 1, junctions=True),
    },
    "junction": {
        "short": NONE,
        "open": NONE,
        "drift": Values("=MICROAMPERE_PER_H[,PERCENT_PER_H]", 1, 2),
        "back-hopping": Values("[=PER_S]", 0, 1),
    },
    "field": {
        **LINE_FAULTS,
        "refuses-level": COUNT,
        "refuses-settings": COUNT,
        "output-off": NONE,
        "shift": Values("=MILLITESLA", 1, 1),
    },
    "gaussmeter": LINE_FAULTS,
    "sources": {"swapped": SWAPPED, "settling": Values("=SECONDS", 1, 1)},
    "voltmeters": {"swapped": SWAPPED},
}
ONE_OF_MANY = ("source", "voltmeter", "junction")
ONLY_AT_START = ("output-found-on",)


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. ``position`` and junctions among ``values`` count from 0."""

    text: str
    target: str
    kind: str
    position: int = 0
    values: tuple[float, ...] = ()
    after_s: float = 0.0

    @property
    def role(self) -> str:
        """Role of the faulty part, as ``source J1``."""
        return f"{self.target} J{self.position + 1}" if self.target in ONE_OF_MANY else self.target

    @property
    def is_of_an_instrument(self) -> bool:
        """Whether it is at an instrument, which must be there."""
        return self.target in ("source", "voltmeter", "gaussmeter") or (self.target == "field" and self.kind != "shift")

    @property
    def named(self) -> tuple[int, ...]:
        """Positions of the junctions among its values."""
        return tuple(map(int, self.values)) if KINDS[self.target][self.kind].junctions else ()


def parse_fault(text: str) -> Fault:
    """The fault that ``text`` describes.

    Raises:
        ValueError: the text is not a fault; the message lists all faults.
    """
    found = FORM.fullmatch(text)
    if found is None:
        raise ValueError(f"fault {text!r} is not of the form TARGET:KIND[=VALUE][@AFTER_S], such as {known_faults()}")
    target, kind = found["target"], found["kind"]
    if target not in KINDS or (found["n"] is None) == (target in ONE_OF_MANY):
        raise ValueError(f"fault {text!r} is at none of {', '.join(_written_target(one) for one in KINDS)}")
    if kind not in KINDS[target]:
        raise ValueError(f"fault {text!r}: a {target} can have {_written_kinds(target)}")
    if found["after"] is not None and kind in ONLY_AT_START:
        raise ValueError(f"fault {text!r}: {kind} is how an instrument is found at the start, so it takes no @AFTER_S")
    position = int(found["n"] or 1) - 1
    values = _values(text, kind, KINDS[target][kind], found["value"])
    after_s = _number(text, found["after"]) if found["after"] is not None else 0.0
    if position < 0 or after_s < 0.0:
        raise ValueError(f"fault {text!r}: junctions count from J1, and AFTER_S is not negative")
    return Fault(text, target, kind, position, values, after_s)


def known_faults() -> str:
    """All faults there are, for messages and help."""
    return "; ".join(f"{_written_target(target)}: {_written_kinds(target)}" for target in KINDS)


def _written_target(target: str) -> str:
    return f"{target} J1" if target in ONE_OF_MANY else target


def _written_kinds(target: str) -> str:
    return ", ".join(kind + values.form for kind, values in KINDS[target].items())


def _values(text: str, kind: str, allowed: Values, written: str | None) -> tuple[float, ...]:
    parts = written.split(",") if written else []
    if not allowed.least <= len(parts) <= allowed.most:
        raise ValueError(f"fault {text!r}: write {kind}{allowed.form}")
    if allowed.junctions:
        return tuple(_junction(text, part) for part in parts)
    numbers = tuple(_number(text, part) for part in parts)
    if allowed.positive and not all(number > 0.0 for number in numbers):
        raise ValueError(f"fault {text!r}: write {kind}{allowed.form}, with numbers above 0")
    return numbers


def _junction(text: str, part: str) -> float:
    found = re.fullmatch(r"\s*J([1-9]\d*)\s*", part)
    if found is None:
        raise ValueError(f"fault {text!r}: {part!r} is no junction; they are J1, J2, ...")
    return int(found[1]) - 1


def _number(text: str, part: str) -> float:
    try:
        value = float(part)
    except ValueError:
        value = float("nan")
    if not isfinite(value):
        raise ValueError(f"fault {text!r}: {part!r} is no number")
    return value
