"""The one list of kinds of runs. A kind is loaded when it is asked for."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from mtjlab.procedures.kind import Kind


class _Place(NamedTuple):
    """Module and class of a kind; in one line what it does, as its docstring says it; events that it alone makes."""

    made: str
    summary: str
    events: tuple[str, ...] = ()


_PLACES: Mapping[str, _Place] = {
    "train": _Place(
        "training.kind:Training",
        "Train the chain on a bench, from the reference sweep to figures.",
        ("warm-started", "step-trained", "recognition-measured"),
    ),
    "classify": _Place(
        "classify.kind:Classify",
        "Classify tokens: those of a table, typed ones, or without either the test subset of the training.",
        ("tokens-classified",),
    ),
    "check": _Place(
        "check.kind:Check",
        "Look for wiring mistakes: with 10 uA, move one source at a time and see which voltmeters answer.",
    ),
    "sweep": _Place(
        "sweep.kind:Sweep",
        "Measure resistance curves, and where each junction switches; saved as a calibration.",
    ),
    "shift": _Place(
        "shift.kind:Shift",
        "Measure how each control current shifts the critical inputs: slope, cross-talk, linearity.",
    ),
    "map": _Place(
        "switching_map.kind:SwitchingMap",
        "Measure the switching map of the two inputs under given control currents.",
        ("probed",),
    ),
    "dwell": _Place(
        "dwell.kind:Dwell",
        "Hold junctions at given currents, and measure for how long each stays in each state (telegraph noise).",
        ("holds-planned", "junctions-held", "dwells-measured"),
    ),
    "pulse": _Place(
        "pulse.kind:Pulse",
        "Measure how often each junction switches by a pulse, against its amplitude and width.",
        ("pulses-measured",),
    ),
    "live": _Place(
        "manual.kind:Manual",
        "Hold a bench by hand: read its junctions again and again, and obey `mtjlab ask` within the limits.",
        ("wish-planned", "wish-refused", "junctions-read"),
    ),
}

SUMMARIES: Mapping[str, str] = {name: place.summary for name, place in _PLACES.items()}
MADE_BY: Mapping[str, str] = {event: name for name, place in _PLACES.items() for event in place.events}
"""By a type of event: the kind that alone makes it, so that no other is loaded to read it."""


class Kinds(Mapping[str, "Kind[Any]"]):
    """Kinds by their names, in the order in which they are listed."""

    def __init__(self, places: Mapping[str, _Place]) -> None:
        self._places = places
        self._loaded: dict[str, Kind[Any]] = {}

    def __getitem__(self, name: str) -> "Kind[Any]":
        if name not in self._loaded:
            module, _, made = self._places[name].made.partition(":")
            self._loaded[name] = getattr(import_module(f"mtjlab.procedures.{module}"), made)()
        return self._loaded[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def __contains__(self, name: object) -> bool:
        return name in self._places


KINDS: Mapping[str, "Kind[Any]"] = Kinds(_PLACES)
