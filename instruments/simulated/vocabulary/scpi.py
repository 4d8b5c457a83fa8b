"""Messages of SCPI: compound messages, their path rules, headers in all their spellings, and errors.

Source: IEEE 488.2 and Standard Commands for Programmable Instruments (SCPI) 1999.0, volume 1.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

NODE = re.compile(r"(\[)?:?(\*?[A-Za-z]+)(\d*)(\[1\])?(\])?")


class ScpiError(Exception):
    """Entry of the error queue: a number and its text."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(f'{code},"{text}"')
        self.code = code
        self.text = text

    @property
    def ends_message(self) -> bool:
        """Whether the rest of the message is discarded: after a command error, not after an execution error."""
        return -200 < self.code <= -100


def data_type_error() -> ScpiError:
    """-104."""
    return ScpiError(-104, "Data type error")


def parameter_not_allowed() -> ScpiError:
    """-108."""
    return ScpiError(-108, "Parameter not allowed")


def missing_parameter() -> ScpiError:
    """-109."""
    return ScpiError(-109, "Missing parameter")


def undefined_header() -> ScpiError:
    """-113."""
    return ScpiError(-113, "Undefined header")


def execution_error() -> ScpiError:
    """-200: valid, but not executed."""
    return ScpiError(-200, "Execution error")


def init_ignored() -> ScpiError:
    """-213."""
    return ScpiError(-213, "Init ignored")


def settings_conflict() -> ScpiError:
    """-221."""
    return ScpiError(-221, "Settings conflict")


def out_of_range() -> ScpiError:
    """-222."""
    return ScpiError(-222, "Parameter data out of range")


def illegal_value() -> ScpiError:
    """-224."""
    return ScpiError(-224, "Illegal parameter value")


def data_stale() -> ScpiError:
    """-230: no reading to fetch."""
    return ScpiError(-230, "Data corrupt or stale")


@dataclass(frozen=True, slots=True)
class Unit:
    """One command or query of a message: its whole header in capitals without leading colon, and its parameters."""

    header: str
    query: bool
    parameters: tuple[str, ...]


@lru_cache(maxsize=2048)
def parse(message: str) -> tuple[Unit, ...]:
    """The units of a compound message ``a;b?;c``.

    A header without leading colon continues at the node of the last one; common commands (``*``) change no path.
    """
    units, path = [], ""
    for text in _split(message, ";"):
        if not text:
            continue
        header, _, rest = text.replace("\t", " ").partition(" ")
        query = header.endswith("?")
        header = header.rstrip("?").upper()
        if not header.startswith("*"):
            header = header[1:] if header.startswith(":") else path + header
            path = header.rpartition(":")[0] + ":" if ":" in header else ""
        units.append(Unit(header, query, tuple(_split(rest, ",")) if rest.strip() else ()))
    return tuple(units)


def _split(text: str, separator: str) -> list[str]:
    """Parts between separators that are outside quotes and parentheses, stripped."""
    if '"' not in text and "'" not in text and "(" not in text:
        return [part.strip() for part in text.split(separator)]
    parts, quote, depth, start = [], "", 0, 0
    for n, character in enumerate(text):
        if quote:
            quote = "" if character == quote else quote
        elif character in "\"'":
            quote = character
        elif character in "()":
            depth += 1 if character == "(" else -1
        elif character == separator and depth == 0:
            parts.append(text[start:n].strip())
            start = n + 1
    return [*parts, text[start:].strip()]


def spellings(pattern: str) -> Iterator[str]:
    """Every header that a pattern like ``[:SOURce[1]]:CURRent[:LEVel]`` allows, in capitals, no leading colon.

    Capitals are the short form; parts in brackets may be left out.
    """
    choices = []
    for opening, word, digits, suffix, _ in NODE.findall(pattern):
        forms = dict.fromkeys((word.upper() + digits, short_form(word) + digits))
        choices.append([
            *([""] if opening else []),
            *(f":{form}" for form in forms),
            *(f":{form}1" for form in forms if suffix),
        ])  # fmt: skip
    for nodes in product(*choices):
        yield "".join(nodes)[1:]


def short_form(word: str) -> str:
    """``VOLTage`` -> ``VOLT``."""
    return "".join(character for character in word if not character.islower())
