"""Whether a chip is as it was: quantities of each junction now and before, in standard deviations.

Each quantity is compared by itself; a shift of all thresholds at once, as a field makes it, is taken out first and told
apart. The limit of a deviation is that which one of all comparisons exceeds by chance in 5 of 100 chips that have not
changed (Bonferroni).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import hypot, inf, log, sqrt
from statistics import median, stdev

import scipy

from mtjlab.domain import junction_label

FALSE_ALARMS = 0.05
THRESHOLDS = ("critical_up_ua", "critical_down_ua")
RELATIVE = ("spread_up_ua", "spread_down_ua", "resistance_parallel_ohm", "tmr")
"""Quantities that are compared by their ratio."""
QUANTITIES: Mapping[str, str] = {
    "critical_up_ua": "AP -> P (uA)",
    "critical_down_ua": "P -> AP (uA)",
    "spread_up_ua": "spread AP -> P (uA)",
    "spread_down_ua": "spread P -> AP (uA)",
    "resistance_parallel_ohm": "R_P (ohm)",
    "tmr": "TMR",
    "offset_mv": "offset (mV)",
}
"""Names of the quantities, and how they are shown."""
_FEWEST_EARLIER = 3
"""Earlier measurements from which the scatter from day to day is estimated."""
_MEDIAN_IS_WORSE = 1.25
"""Standard deviation of a median over that of a mean, of many normal values."""

Values = Mapping[str, tuple[float | None, ...]]
"""By quantity, the value of each junction; None where it was not determined."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Quantities of a chip with their standard deviations."""

    values: Values
    errors: Values


@dataclass(frozen=True, slots=True)
class Compared:
    """One quantity of one junction; ``deviations`` is None where it could not be determined now."""

    junction: str
    quantity: str
    before: float
    now: float | None
    deviations: float | None
    changed: bool


@dataclass(frozen=True, slots=True)
class ChipComparison:
    """All comparisons; a common shift of the thresholds (uA), and the limit of a deviation."""

    compared: tuple[Compared, ...]
    common_shift_ua: float
    common_deviations: float
    common_changed: bool
    limit: float

    @property
    def changes(self) -> tuple[Compared, ...]:
        """What has changed, the largest deviation first."""
        found = [one for one in self.compared if one.changed]
        return tuple(sorted(found, key=lambda one: -abs(inf if one.deviations is None else one.deviations)))

    @property
    def is_unchanged(self) -> bool:
        """Whether the chip is as it was."""
        return not self.common_changed and not self.changes

    @property
    def sentence(self) -> str:
        """What has changed, as a sentence."""
        if self.is_unchanged:
            return f"the chip is as before: no deviation beyond {self.limit:.1f} standard deviations"
        parts = []
        if self.common_changed:
            parts.append(
                f"all thresholds moved by {self.common_shift_ua:+.1f} uA ({self.common_deviations:+.1f} s.d.), as a "
                "field does"
            )
        parts += [_sentence(one) for one in self.changes]
        return "changed: " + "; ".join(parts)


def _sentence(one: Compared) -> str:
    what = f"{one.junction} {QUANTITIES[one.quantity]}"
    if one.now is None or one.deviations is None:
        return f"{what} was {one.before:.5g}, and could not be determined"
    return f"{what} {one.before:.5g} -> {one.now:.5g} ({one.deviations:+.1f} s.d.)"


def compare(
    now: Measured, before: Measured, earlier: Sequence[Values], tolerances: Mapping[str, float]
) -> ChipComparison:
    """Compare a chip with what it was.

    ``earlier``: values of measurements in between, whose scatter from day to day counts as normal if there are three
    or more. ``tolerances``: what counts as normal of each quantity in any case, in its unit, or as a ratio.
    """
    junctions = range(len(before.values[THRESHOLDS[0]]))
    pairs = [(name, k) for name in QUANTITIES for k in junctions if before.values[name][k] is not None]
    limit = float(scipy.stats.norm.isf(FALSE_ALARMS / 2 / (len(pairs) + 1)))
    shifts = {pair: _shift(now, before, *pair) for pair in pairs}
    errors = {pair: _error(now, before, earlier, tolerances, *pair) for pair in pairs}
    of_thresholds = [pair for pair in pairs if pair[0] in THRESHOLDS and shifts[pair] is not None]
    common_ua = median([shifts[pair] or 0.0 for pair in of_thresholds]) if of_thresholds else 0.0
    common_error = sqrt(sum(errors[pair] ** 2 for pair in of_thresholds)) / max(1, len(of_thresholds))
    common = common_ua / (_MEDIAN_IS_WORSE * common_error) if of_thresholds else 0.0
    moved_ua = common_ua if abs(common) > limit else 0.0
    rows = []
    for pair in pairs:
        shift = shifts[pair]
        own = None if shift is None else shift - (moved_ua if pair in of_thresholds else 0.0)
        deviations = None if own is None else own / errors[pair]
        name, k = pair
        was = before.values[name][k]
        assert was is not None
        changed = deviations is None or abs(deviations) > limit
        rows.append(Compared(junction_label(k), name, was, now.values[name][k], deviations, changed))
    return ChipComparison(tuple(rows), common_ua, common, abs(common) > limit, limit)


def _shift(now: Measured, before: Measured, name: str, k: int) -> float | None:
    value, was = now.values[name][k], before.values[name][k]
    if value is None or was is None:
        return None
    return log(value / was) if name in RELATIVE else value - was


def _error(
    now: Measured, before: Measured, earlier: Sequence[Values], tolerances: Mapping[str, float], name: str, k: int
) -> float:
    """Standard deviation of a shift: of both measurements, from day to day, and what counts as normal in any case."""
    own = [_relative(one, name, k) for one in (now, before)]
    seen = [value for one in earlier if (value := one[name][k]) is not None]
    if name in RELATIVE:
        seen = [log(value) for value in seen]
    scatter = stdev(seen) if len(seen) >= _FEWEST_EARLIER else 0.0
    return hypot(*own, scatter, tolerances[name])


def _relative(measured: Measured, name: str, k: int) -> float:
    value, error = measured.values[name][k], measured.errors[name][k]
    if value is None or error is None:
        return 0.0
    return error / value if name in RELATIVE else error
