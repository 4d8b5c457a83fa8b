"""Parts of a switching map: boundaries computed from thresholds, or measured as a map, and tokens."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from math import isnan

from mtjlab.analysis.estimates import CriticalEstimate
from mtjlab.analysis.regions import boundaries_ua
from mtjlab.analysis.rest import critical_when_presented
from mtjlab.analysis.switching_law import SwitchingLaw
from mtjlab.domain import ClassTable, ControlCurrents, Interval, PerJunction, SwitchingConfiguration
from mtjlab.events import EncodedToken, SeriesMeasured
from mtjlab.gui.look.theme import Theme
from mtjlab.gui.run.snapshot import Snapshot, TokenResult
from mtjlab.palette import tint
from mtjlab.procedures.manual.events import JunctionsRead
from mtjlab.procedures.switching_map.plan import MapPlan

COMPUTED = "boundaries computed from thresholds"
MEASURED = "bands: switch in 5 to 95 % of presentations"
TOKENS = "filled: train, open: test, ringed: not recognised · hatched: no class"
BY_HAND = "ring: present input; for both inputs, the present control currents"
CELLS = "dots: presentations, in the colour of their configuration"
COLOURS = "blue: switched by A, orange: by B"
TICKS = "ticks at the axes: switching observed"
LIKELY = (0.05, 0.95)
BY_A, BY_B = "#4a90c2", "#f0883e"
STEPS = 0.4
"""Share of the strength by which a colour moves from the ground when all junctions are switched."""
STRONG, FAINT = 0.75, 0.4
"""Strength of the colour of a configuration with all junctions switched: for a dot, and for a region."""


def boundaries_of(snapshot: Snapshot) -> tuple[PerJunction, ...] | None:
    """Inputs at which junctions switch, ``[input][junction]``; None unless they are known for two inputs.

    A junction that never switched has no boundary. Measured boundaries hold for the presentations of the plan.
    """
    state = snapshot.state
    if len(snapshot.series) == 2:
        held_s = _presentation_s(snapshot)
        return tuple(tuple(_held_ua(law, held_s) for law in _laws(series)) for series in snapshot.series)
    if state.measured is not None and is_by_hand(snapshot):
        return tuple(state.measured.of_input(j).inputs_ua(snapshot.sweep.controls_ua) for j in range(2))
    controls = controls_of(snapshot)
    if state.measured is None or controls is None or len(controls.by_input_ua) != 2:
        return None
    plan, critical = snapshot.info.plan, state.measured.critical
    presented = critical_when_presented(critical, plan.presentation.pulse_width_s) if plan else critical
    return boundaries_ua(lambda _: presented, controls)


def switching_bands(snapshot: Snapshot) -> tuple[list[Interval], list[Interval]]:
    """Ranges of two inputs where junctions switch with 5 to 95 % probability; empty without a measured map."""
    if len(snapshot.series) != 2:
        return [], []
    held_s = _presentation_s(snapshot)
    a, b = (
        [Interval(*sorted(_held_ua(law, held_s, share) for share in LIKELY)) for law in _laws(one)]
        for one in snapshot.series
    )
    return a, b


def controls_of(snapshot: Snapshot) -> ControlCurrents | None:
    """Control currents of each input: of a network that learns or classifies, or of a map."""
    if isinstance(snapshot.info.kind_plan, MapPlan):
        return ControlCurrents(snapshot.info.kind_plan.controls_ua)
    return snapshot.info.network.controls if snapshot.info.network else snapshot.learnt.controls


def class_of(configuration: SwitchingConfiguration | None, snapshot: Snapshot) -> str | None:
    """Class of a configuration; None for no class."""
    table = table_of(snapshot)
    return table.class_of(configuration) if table else None


def table_of(snapshot: Snapshot) -> ClassTable | None:
    """Classes of the configurations, by the network or by the encoding; None without either."""
    if snapshot.info.network:
        return snapshot.info.network.table
    return snapshot.learnt.encoded.encoding.table if snapshot.learnt.encoded else None


def tokens_of(snapshot: Snapshot) -> tuple[EncodedToken, ...]:
    """All tokens of a training; in a classification the tokens presented so far."""
    if snapshot.learnt.encoded:
        return snapshot.learnt.encoded.tokens
    return tuple(dict.fromkeys(one.token for one in snapshot.token_results)) if snapshot.info.network else ()


def recognised_classes(snapshot: Snapshot) -> Mapping[str, str | None]:
    """Class that each token was last recognised as, by its name; None for no class."""
    if snapshot.token_results and snapshot.info.network:
        return {one.token.name: class_of(one.configuration, snapshot) for one in snapshot.token_results}
    return snapshot.answers or {}


def map_range(snapshot: Snapshot) -> tuple[Interval, ...]:
    """Range of each input that a map covers; empty in other runs."""
    plan = snapshot.info.kind_plan
    if not isinstance(plan, MapPlan):
        return ()
    return (plan.inputs,) * 2


def observed_inputs(snapshot: Snapshot) -> tuple[list[float], list[float]]:
    """Inputs at which any junction switched, for each of two inputs."""
    a, b = ([ua for one in snapshot.switching.of(j) for ua in one.inputs_ua if not isnan(ua)] for j in range(2))
    return a, b


def map_results(snapshot: Snapshot) -> Sequence[TokenResult]:
    """Presentations of a map with their configurations; empty in a classification."""
    return () if snapshot.info.network else snapshot.token_results


def cells_by_configuration(snapshot: Snapshot, theme: Theme) -> Mapping[str, list[tuple[float, float]]]:
    """Inputs presented by a map, by the colour of the configuration reached."""
    places: defaultdict[str, list[tuple[float, float]]] = defaultdict(list)
    for one in map_results(snapshot):
        colour = theme.bad
        if one.configuration is not None:
            colour = theme.readable(colour_of(one.configuration, snapshot.junctions, theme, STRONG))
        places[colour].append((one.token.inputs_ua[0], one.token.inputs_ua[1]))
    return places


def colour_of(configuration: SwitchingConfiguration, junctions: int, theme: Theme, strength: float = FAINT) -> str:
    """Mix blue for the junctions that A switches with orange for those that B switches.

    With every junction that is switched the colour is further from the ground, so that neighbours differ in lightness
    too.
    """
    a, b = (strength * count / max(1, junctions) for count in configuration.counts)
    mixed = tint(BY_B, b, theme.background(BY_A, a))
    share = sum(configuration.counts) / max(1, junctions * len(configuration.counts))
    return tint(theme.ink, STEPS * strength * share, mixed)


def is_by_hand(snapshot: Snapshot) -> bool:
    """Whether the currents are set by hand."""
    return isinstance(snapshot.latest, JunctionsRead)


def caption(snapshot: Snapshot) -> str:
    """Explain symbols and lines."""
    symbols = [BY_HAND] if is_by_hand(snapshot) else []
    symbols += [CELLS] if map_results(snapshot) else [TICKS] if snapshot.switching.entries else []
    symbols += [TOKENS if tokens_of(snapshot) else COLOURS]
    return " · ".join([*symbols, MEASURED if snapshot.series else COMPUTED])


def _presentation_s(snapshot: Snapshot) -> float | None:
    """Time (s) that a presentation of the plan holds an input; None where the plan is not known."""
    plan, started = snapshot.info.plan, snapshot.state.started
    return plan.presentation_dwell_s(started.bench.aperture_s) if plan and started else None


def _held_ua(law: SwitchingLaw, held_s: float | None, share: float = 0.5) -> float:
    """Input that switches in a ``share`` of presentations; the mean on a ramp where their duration is not known."""
    return law.mean_ua if held_s is None else law.held_ua(held_s, share)


def _laws(series: SeriesMeasured) -> list[SwitchingLaw]:
    return [
        estimate.law.shifted(-control_ua)
        for estimate, control_ua in zip(series.up, series.controls_ua, strict=True)
        if isinstance(estimate, CriticalEstimate)
    ]
