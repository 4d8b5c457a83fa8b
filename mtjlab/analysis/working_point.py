"""Choice of a field: every junction resets at its control current, and critical inputs lie where they are asked.

Each demand leaves a margin that is linear in the field, so the field whose smallest margin is largest lies where two of
them cross, or at an end of the measured fields. Beyond these nothing is extrapolated.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from mtjlab.analysis.field_slopes import FieldSlope
from mtjlab.domain import PerJunction, junction_label

_DECIMALS = 2
"""Of a field in mT: 0.01 mT moves critical currents by some 0.2 uA."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Control currents (uA), the margin of resets, and the range in which critical inputs are to lie."""

    controls_ua: PerJunction
    reset_margin_ua: float
    lowest_input_ua: float
    highest_input_ua: float


@dataclass(frozen=True, slots=True)
class WorkingPoint:
    """A chosen field; ``margin_ua`` is how far it keeps from the nearest violation of what is asked.

    Below zero, something that is asked is violated by as much at the best field. ``reason`` says what binds.
    """

    field_mt: float
    margin_ua: float
    critical_inputs_ua: PerJunction
    reset_currents_ua: PerJunction
    reason: str

    @property
    def is_possible(self) -> bool:
        """Whether all that is asked is met."""
        return self.margin_ua >= 0.0


@dataclass(frozen=True, slots=True)
class _Demand:
    """A margin (uA) at the lowest field, how it changes with the field, and its words."""

    at_lowest_ua: float
    per_mt_ua: float
    words: str

    def margin_ua(self, beyond_mt: float) -> float:
        return self.at_lowest_ua + self.per_mt_ua * beyond_mt


def choose_field(slopes: Sequence[FieldSlope], fields_mt: Sequence[float], asked: Asked) -> WorkingPoint:
    """The field between the lowest and the highest of ``fields_mt`` that keeps farthest from every violation.

    Raises ValueError if critical currents of a junction are not determined.
    """
    low_mt, high_mt = min(fields_mt), max(fields_mt)
    demands = [demand for slope in slopes for demand in _demands(slope, low_mt, asked)]
    candidates = {0.0, high_mt - low_mt, *_crossings(demands, high_mt - low_mt)}
    chosen_mt = max(candidates, key=lambda beyond_mt: min(one.margin_ua(beyond_mt) for one in demands))
    field_mt = min(max(round(low_mt + chosen_mt, _DECIMALS), low_mt), high_mt)
    margin_ua, nearest = min((one.margin_ua(field_mt - low_mt), one.words) for one in demands)
    return WorkingPoint(
        field_mt,
        round(margin_ua, 3),
        tuple(
            round(slope.up_at(field_mt) - control, 3) for slope, control in zip(slopes, asked.controls_ua, strict=True)
        ),
        tuple(round(slope.down_at(field_mt), 3) for slope in slopes),
        _reason(field_mt, margin_ua, nearest, demands, (low_mt, high_mt)),
    )


def _demands(slope: FieldSlope, low_mt: float, asked: Asked) -> Iterator[_Demand]:
    label, control_ua = junction_label(slope.junction), asked.controls_ua[slope.junction]
    shift = 0.0 if slope.shift_ua_per_mt is None else slope.shift_ua_per_mt.value
    up_ua, down_ua = slope.up_at(low_mt), slope.down_at(low_mt)
    reset_ua = down_ua - control_ua - asked.reset_margin_ua
    yield _Demand(reset_ua, -shift, f"the reset of {label} at {control_ua:.6g} uA")
    input_ua, low_ua, high_ua = up_ua - control_ua, asked.lowest_input_ua, asked.highest_input_ua
    yield _Demand(input_ua - low_ua, -shift, f"the critical input of {label}, not below {low_ua:.6g} uA")
    yield _Demand(high_ua - input_ua, shift, f"the critical input of {label}, not above {high_ua:.6g} uA")


def _crossings(demands: Sequence[_Demand], length_mt: float) -> Iterator[float]:
    for one, other in combinations(demands, 2):
        if one.per_mt_ua != other.per_mt_ua:
            beyond_mt = (other.at_lowest_ua - one.at_lowest_ua) / (one.per_mt_ua - other.per_mt_ua)
            if 0.0 < beyond_mt < length_mt:
                yield beyond_mt


def _reason(
    field_mt: float, margin_ua: float, nearest: str, demands: Sequence[_Demand], ends_mt: tuple[float, float]
) -> str:
    """What binds at the chosen field: the nearest demand, and the one against it, or the end of the fields."""
    per_mt_ua = next(one.per_mt_ua for one in demands if one.words == nearest)
    opposed = [one for one in demands if one.per_mt_ua * per_mt_ua < 0]
    against = min(opposed, key=lambda one: one.margin_ua(field_mt - ends_mt[0]), default=None)
    is_at_end = field_mt in ends_mt or against is None
    if margin_ua < 0:
        low_mt, high_mt = ends_mt
        remedy = "Measure in fields beyond" if is_at_end else "Ask for other control currents or critical inputs"
        beside = "" if is_at_end or against is None else f", against {against.words}"
        return (
            f"no field from {low_mt:.6g} to {high_mt:.6g} mT meets all that is asked. At {field_mt:.6g} mT, {nearest} "
            f"is missed by {-margin_ua:.3g} uA{beside}. {remedy}."
        )
    if is_at_end or against is None:
        return f"the end of the measured fields; nearest is {nearest}, with {margin_ua:.3g} uA to spare"
    return f"midway between {nearest}, and {against.words}; {margin_ua:.3g} uA to spare beyond what is asked"
