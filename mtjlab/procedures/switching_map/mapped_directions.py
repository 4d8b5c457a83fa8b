"""Measurements of a map for each input, from curves, presentations or probes."""

from collections.abc import Sequence
from dataclasses import replace

from mtjlab.analysis.legs import held_passages
from mtjlab.analysis.passage import Passage
from mtjlab.domain import PerJunction, input_label
from mtjlab.events import Presented
from mtjlab.figures.directions import Direction, recorded, swept_directions, told_of
from mtjlab.procedures.switching_map.events import Probed
from mtjlab.record import Record


def mapped_directions(
    state: Record, controls_ua: Sequence[PerJunction], aperture_s: float
) -> tuple[Direction | None, ...]:
    """Measurements for each input of a map; None if there are none yet."""
    return tuple(_mapped(state, j, row_ua, aperture_s) for j, row_ua in enumerate(controls_ua))


def _mapped(state: Record, j: int, controls_ua: PerJunction, aperture_s: float) -> Direction | None:
    name = f"input {input_label(j)}"
    for direction in swept_directions(state, j, aperture_s):
        return replace(direction, name=name)
    probes = state.each(Probed)
    passages = _probed(probes, j, controls_ua) if probes else _presented(state.each(Presented), j, controls_ua)
    return told_of(name, controls_ua, passages, recorded(state, j, rising=True), None) if all(passages) else None


def _presented(mapped: Sequence[Presented], j: int, controls_ua: PerJunction) -> tuple[tuple[Passage, ...], ...]:
    outcomes = [presented.outcomes[j] for presented in mapped if len(presented.outcomes) > j]
    return held_passages(controls_ua, [(outcome.input_ua, outcome.held_s, outcome.verdicts) for outcome in outcomes])


def _probed(probes: Sequence[Probed], j: int, controls_ua: PerJunction) -> tuple[tuple[Passage, ...], ...]:
    by_probe = [probe.passages for probe in probes if probe.series == j]
    return tuple(
        tuple(passages[k].shifted(control_ua) for passages in by_probe) for k, control_ua in enumerate(controls_ua)
    )
