"""What was requested of a run, in one line, by its ``run.toml``: its kind need not be loaded."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mtjlab.counted import counted

UNITS = {"ua": "uA", "mv": "mV", "mt": "mT", "s": "s"}
FLAGS = ("check", "warm_start")
"""Keys of [run] that a training may have."""
SAID_ELSEWHERE = ("procedure",)


def requested(request: Mapping[str, Any]) -> str:
    """The request as text, such as "controls -500, -500, -500 uA; legs loop; 0 to 900 by 25 uA; 2 repetitions"."""
    run = request.get("run", {})
    parts = [*_steps(request), *_values(request.get(run.get("procedure"), {}))]
    return "; ".join([*parts, *(_words(flag) for flag in FLAGS if run.get(flag) is True)])


def chip(request: Mapping[str, Any]) -> str:
    """Name of the chip on the bench; empty if it is not known."""
    device = request.get("bench", {}).get("device")
    name = device.get("name") if isinstance(device, dict) else None
    return name if isinstance(name, str) else ""


def _steps(request: Mapping[str, Any]) -> Iterator[str]:
    """The training steps of the plan, of a run whose request is its plan: it has no table of its own."""
    if request.get("run", {}).get("procedure") not in request:
        training = request.get("plan", {}).get("training")
        steps = training.get("steps") if isinstance(training, dict) else None
        if isinstance(steps, int):
            yield counted(steps, "step")


def _values(table: Mapping[str, Any]) -> Iterator[str]:
    for key, value in table.items():
        if key in SAID_ELSEWHERE or value in (None, False, "", [], {}):
            continue
        if isinstance(value, dict):
            yield from _staircase(value) if "input_start_ua" in value else _values(value)
        else:
            yield _value(key, value)


def _value(key: str, value: Any) -> str:
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return counted(len(value), key.removesuffix("s"))
    stem, _, suffix = key.rpartition("_")
    unit = UNITS.get(suffix, "") if stem else ""
    return " ".join(filter(None, (_words(stem if unit else key), "" if value is True else _shown(value), unit)))


def _staircase(table: Mapping[str, Any]) -> Iterator[str]:
    start, stop, step = (_shown(table.get(f"input_{name}_ua")) for name in ("start", "stop", "step"))
    yield f"{start} to {stop} by {step} uA"
    repetitions = table.get("repetitions")
    if isinstance(repetitions, int) and repetitions > 1:
        yield counted(repetitions, "repetition")


def _shown(value: Any) -> str:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return (" / " if value and isinstance(value[0], list) else ", ").join(map(_shown, value))
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _words(key: str) -> str:
    return key.replace("_", " ")
