"""Registry of the kinds of runs. A kind is imported on first access."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from mtjlab.procedures.kind import Kind


class _Entry(NamedTuple):
    """Module and class of a kind, its one-line docstring, and the types of events that only this kind makes."""

    target: str
    summary: str
    events: tuple[str, ...] = ()


_ENTRIES: Mapping[str, _Entry] = {
    "train": _Entry(
        "training.kind:Training",
        "Train the chain on a bench, from the reference sweep to figures.",
        (
            "warm-started",
            "step-trained",
            "recognition-measured",
            "thresholds-probed",
            "refreshed",
            "controls-averaged",
        ),
    ),
    "classify": _Entry(
        "classify.kind:Classify",
        "Classify tokens: from a table, typed in, or by default the test subset of the training.",
        ("tokens-classified",),
    ),
    "check": _Entry(
        "check.kind:Check",
        "Check the wiring: move one source at a time by 10 uA, and see which voltmeters respond.",
    ),
    "sweep": _Entry(
        "sweep.kind:Sweep",
        "Measure resistance curves and critical currents; saved as a calibration.",
    ),
    "shift": _Entry(
        "shift.kind:Shift",
        "Measure how each control current shifts the critical inputs: slope, cross-talk, linearity.",
    ),
    "map": _Entry(
        "switching_map.kind:SwitchingMap",
        "Measure the switching map of the two inputs at given control currents.",
        ("probed",),
    ),
    "compare-chip": _Entry(
        "chip_comparison.kind:ChipComparison",
        "Compare a chip with its calibration and its history: thresholds, spreads, resistances, offsets.",
        ("chip-compared",),
    ),
    "dwell": _Entry(
        "dwell.kind:Dwell",
        "Hold junctions at given currents, and measure the dwell times in each state (telegraph noise).",
        ("holds-planned", "junctions-held", "dwells-measured"),
    ),
    "pulse": _Entry(
        "pulse.kind:Pulse",
        "Measure the switching probability of each junction against amplitude and width of pulses.",
        ("pulses-measured",),
    ),
    "field": _Entry(
        "field.kind:FieldKind",
        "Measure resistance loops and critical inputs against the magnetic field, and choose a field to work in.",
        ("loop-point", "loops-measured", "series-in-field", "working-point-chosen"),
    ),
    "commission": _Entry(
        "commission.kind:Commission",
        "Try every instrument on its first day: link, noise, settling; write a bench file with what was measured.",
        ("meters-sampled", "source-stepped", "commissioned"),
    ),
    "live": _Entry(
        "manual.kind:Manual",
        "Operate a bench by hand: read its junctions continuously, and carry out `mtjlab ask` within the limits.",
        ("wish-planned", "wish-refused", "junctions-read"),
    ),
}

SUMMARIES: Mapping[str, str] = {name: entry.summary for name, entry in _ENTRIES.items()}
MADE_BY: Mapping[str, str] = {event: name for name, entry in _ENTRIES.items() for event in entry.events}
"""Kind that makes an event type, so that reading an event loads only that kind."""


class Kinds(Mapping[str, "Kind[Any]"]):
    """Kinds by name, in the order in which they are listed."""

    def __init__(self, entries: Mapping[str, _Entry]) -> None:
        self._entries = entries
        self._loaded: dict[str, Kind[Any]] = {}

    def __getitem__(self, name: str) -> "Kind[Any]":
        if name not in self._loaded:
            module, _, class_name = self._entries[name].target.partition(":")
            self._loaded[name] = getattr(import_module(f"mtjlab.procedures.{module}"), class_name)()
        return self._loaded[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, name: object) -> bool:
        return name in self._entries


KINDS: Mapping[str, "Kind[Any]"] = Kinds(_ENTRIES)
