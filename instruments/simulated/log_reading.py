"""Reading the log of the simulators: true currents, independent of the program under test."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Flow:
    """True currents from one moment on (bench time, and this machine's monotonic clock)."""

    t_s: float
    at_s: float
    sources_a: tuple[float, ...]
    junctions_a: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Message:
    """A message to or from an instrument."""

    at_s: float
    role: str
    text: str
    reply: bool


def read_log(path: Path) -> Iterator[dict[str, Any]]:
    """Every complete line of a log."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            if line.endswith("\n"):
                yield json.loads(line)


def flows(path: Path) -> Iterator[Flow]:
    """Every change of the true currents."""
    for line in read_log(path):
        if line["kind"] == "currents":
            yield Flow(line["t_s"], line["at_s"], tuple(line["sources_a"]), tuple(line["junctions_a"]))


def messages(path: Path) -> Iterator[Message]:
    """All messages."""
    for line in read_log(path):
        if line["kind"] in ("in", "out"):
            yield Message(line["at_s"], line["role"], line["text"], line["kind"] == "out")


def safe_since_s(path: Path) -> float | None:
    """Time (monotonic clock) since which all outputs are off and no source drives a current; None if one is on."""
    outputs: dict[str, bool] = {}
    sources_a: Sequence[float] = ()
    since_s: float | None = None
    for line in read_log(path):
        if line["kind"] == "output":
            outputs[line["role"]] = line["on"]
        elif line["kind"] == "currents":
            sources_a = line["sources_a"]
        else:
            continue
        safe = not any(outputs.values()) and not any(sources_a)
        since_s = (line["at_s"] if since_s is None else since_s) if safe else None
    return since_s


@dataclass(frozen=True, slots=True)
class SupplySetting:
    """What a field supply was told: a current, or None for its output off (monotonic clock)."""

    at_s: float
    current_a: float | None


def supply_settings(path: Path) -> list[SupplySetting]:
    """All currents that a field supply was told, and when its output was switched off."""
    found = []
    for message in messages(path):
        if message.role == "field" and not message.reply:
            word, _, value = message.text.partition(" ")
            if word == "CURR":
                found.append(SupplySetting(message.at_s, float(value.partition(";")[0])))
            elif message.text == "OUTPut 0":
                found.append(SupplySetting(message.at_s, None))
    return found
