"""The one list of kinds of runs. A kind is loaded when it is asked for."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mtjlab.procedures.kind import Kind

_PLACES: Mapping[str, tuple[str, str]] = {
    "train": ("training.kind:Training", "Train the chain on a bench, from the reference sweep to figures."),
    "classify": (
        "classify.kind:Classify",
        "Classify tokens: those of a table, typed ones, or without either the test subset of the training.",
    ),
    "check": (
        "check.kind:Check",
        "Look for wiring mistakes: with 10 uA, move one source at a time and see which voltmeters answer.",
    ),
    "sweep": (
        "sweep.kind:Sweep",
        "Measure resistance curves, and where each junction switches; saved as a calibration.",
    ),
    "shift": (
        "shift.kind:Shift",
        "Measure how each control current shifts the critical inputs: slope, cross-talk, linearity.",
    ),
    "map": (
        "switching_map.kind:SwitchingMap",
        "Measure the switching map of the two inputs under given control currents.",
    ),
    "dwell": (
        "dwell.kind:Dwell",
        "Hold junctions at given currents, and measure for how long each stays in each state (telegraph noise).",
    ),
    "live": (
        "manual.kind:Manual",
        "Hold a bench by hand: read its junctions again and again, and obey `mtjlab ask` within the limits.",
    ),
}
"""By name: module and class, and in one line what it does, as the docstring of the class says it."""

SUMMARIES: Mapping[str, str] = {name: summary for name, (_, summary) in _PLACES.items()}


class Kinds(Mapping[str, "Kind[Any]"]):
    """Kinds by their names, in the order in which they are listed."""

    def __init__(self, places: Mapping[str, str]) -> None:
        self._places = places
        self._loaded: dict[str, Kind[Any]] = {}

    def __getitem__(self, name: str) -> "Kind[Any]":
        if name not in self._loaded:
            module, _, made = self._places[name].partition(":")
            self._loaded[name] = getattr(import_module(f"mtjlab.procedures.{module}"), made)()
        return self._loaded[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def __contains__(self, name: object) -> bool:
        return name in self._places


KINDS: Mapping[str, "Kind[Any]"] = Kinds({name: place for name, (place, _) in _PLACES.items()})
