"""What a switching map is drawn from: boundaries computed while a network learns, measured where a map was measured."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from mtjlab.analysis.critical import CriticalEstimate
from mtjlab.analysis.regions import boundaries_ua
from mtjlab.domain import PerJunction, SwitchingConfiguration
from mtjlab.events import JunctionsRead, Presented, SeriesMeasured
from mtjlab.gui.moment import Moment
from mtjlab.palette import class_styles

COMPUTED = "boundaries computed from measured thresholds"
MEASURED = "boundaries measured"
TOKENS = "filled: train · open: test · ringed: last taken for another class"
BY_HAND = "ring: the input that is held; for both inputs, the control currents that are held"
CELLS = "dots: what was presented, coloured by its configuration"


def boundaries_of(moment: Moment) -> tuple[PerJunction, ...] | None:
    """Inputs at which junctions switch, ``[input][junction]``; None unless they are known for two inputs.

    A junction that was never seen to switch has no boundary.
    """
    state = moment.state
    if state.switching is not None and len(state.switching.series) == 2:
        return tuple(map(_measured_ua, state.switching.series))
    if state.measured is not None and is_by_hand(moment):
        return (state.measured.critical.inputs_ua(moment.sweep.controls_ua),) * 2
    if state.measured is None or state.controls is None or len(state.controls.by_input_ua) != 2:
        return None
    return boundaries_ua(state.measured.critical, state.controls)


def cells_by_configuration(mapped: Sequence[Presented]) -> Mapping[str, list[tuple[float, float]]]:
    """Places of what a map presented, by a colour for each configuration that came."""
    places: defaultdict[SwitchingConfiguration | None, list[tuple[float, float]]] = defaultdict(list)
    for one in mapped:
        places[one.configuration].append((one.token.inputs_ua[0], one.token.inputs_ua[1]))
    styles = class_styles(sorted(map(str, places)))
    return {styles[str(configuration)].colour: at for configuration, at in places.items()}


def is_by_hand(moment: Moment) -> bool:
    """Whether somebody turns the currents."""
    return isinstance(moment.latest, JunctionsRead)


def caption(moment: Moment) -> str:
    """What symbols and lines mean."""
    symbols = BY_HAND if is_by_hand(moment) else CELLS if moment.state.mapped else TOKENS
    return f"{symbols} · {MEASURED if moment.state.switching else COMPUTED}"


def _measured_ua(series: SeriesMeasured) -> PerJunction:
    return tuple(
        estimate.law.mean_ua - control_ua
        for estimate, control_ua in zip(series.up, series.controls_ua, strict=True)
        if isinstance(estimate, CriticalEstimate)
    )
