"""Measurements against the field beside each other: mean loops as rectangles of each junction's resistance."""

from collections.abc import Iterable, Sequence

from mtjlab.analysis.field_loops import LoopEstimate
from mtjlab.comparison import Curve, Panel
from mtjlab.domain import junction_label
from mtjlab.procedures.field.plan import FieldPlan
from mtjlab.procedures.field.state import FieldState
from mtjlab.procedures.kind import Run

_BEYOND = 0.5
"""How far a loop is drawn beyond its switching fields, in coercive fields."""


def field_panels(runs: Sequence[Run[FieldPlan]]) -> Iterable[Panel]:
    """A panel for each junction: resistance against the field, as far as its loop is determined."""
    loops = [state.loops() if isinstance(state := run.kind_state, FieldState) else () for run in runs]
    for k in range(max(map(len, loops), default=0)):
        curves = [_curve(of, found[k]) for of, found in enumerate(loops) if k < len(found) and found[k].up_mt]
        yield Panel(junction_label(k), "field (mT)", "R (kΩ)", tuple(curve for curve in curves if curve))


def _curve(of: int, one: LoopEstimate) -> Curve | None:
    if not (one.up_mt and one.down_mt and one.coercive_mt and one.r_p_kohm and one.r_ap_kohm):
        return None
    up_mt, down_mt = one.up_mt.value, one.down_mt.value
    room_mt = _BEYOND * one.coercive_mt.value
    high, low = one.r_p_kohm.value, one.r_ap_kohm.value
    if not one.prefers_parallel:
        high, low = low, high
    ends_mt = down_mt - room_mt, up_mt + room_mt
    fields_mt = (ends_mt[0], up_mt, up_mt, ends_mt[1], down_mt, down_mt, ends_mt[0])
    return Curve(of, fields_mt, (low, low, high, high, high, low, low))
