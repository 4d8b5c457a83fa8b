"""Readings that cannot be: of a frozen meter, of one that averaged too briefly, of a chain that no source can drive."""

from collections.abc import Sequence
from math import ceil, inf, log, nan, sqrt

from mtjlab.bench import MV_PER_V, UA_PER_A
from mtjlab.benches.parts import MeterPart, SourcePart
from mtjlab.counted import counted
from mtjlab.domain import ONE_CHAIN
from mtjlab.errors import BenchFaultError, ComplianceFaultError

NEAR_COMPLIANCE = 0.98
"""A source whose node stands this close to its compliance drives less than was asked for."""
WHOLE_SHARE = 0.8
"""A reading that took less than this share of its time is another than the bench file says; more is overhead."""
FEWEST_SAMPLES, MOST_REPEATS, FROZEN_SAMPLES = 200, 0.5, 100
"""What tells that a display moves by itself, and after how many samples alike it is frozen."""
BY_CHANCE, UNSEEN_REPEATS = 1e-12, 5
"""Samples alike are no chance below this probability, with so many more repeats than were seen."""
REMEDY = "is frozen. What it read since then is worth nothing. Take it out of hold, or switch it off and on."
OTHER_A = 1e-6
"""Currents that differ by more give voltages that differ."""


class Repeats:
    """How many samples there were, and how many of them repeated the one before to the last digit."""

    def __init__(self) -> None:
        self.samples = self.repeats = 0

    def take(self, alike: int) -> None:
        """Count samples that were all alike."""
        self.samples += alike
        self.repeats += alike - 1

    @property
    def most_alike(self) -> float:
        """Samples alike that do not come by chance, from how often two are: infinite if that is not known.

        With noise of s digits, two samples are alike with 0.28 / s; where the voltage is in the middle of a digit, a
        sample is that digit with 0.40 / s, which is larger by the square root of 2.
        """
        often = sqrt(2.0) * (self.repeats + UNSEEN_REPEATS) / max(1, self.samples)
        return ceil(log(BY_CHANCE) / log(often)) if often < 1.0 else inf


class Display:
    """How often a meter repeats itself to the last digit, and for how many samples it does so now."""

    def __init__(self) -> None:
        self._last = nan
        self._in_a_row = 0
        self._ever, self._here = Repeats(), Repeats()

    def take(self, samples: Sequence[float], at_another_current: bool) -> None:
        """See samples one after another, at the current of those before or ``at_another_current``."""
        if at_another_current:
            self._here = Repeats()  # its noise may be another
        for value in samples:
            if value == self._last:
                self._in_a_row += 1
            else:
                for seen in (self._ever, self._here):
                    seen.take(self._in_a_row + 1)
                self._last, self._in_a_row = value, 0

    @property
    def is_frozen(self) -> bool:
        """Whether it stands still, where noise let its last digits move before; a coarse one may stand still for long.

        With half of repeats at most the noise is more than half a digit: wherever it is between two digits, a hundred
        alike do not come by chance. Where all samples are taken at one current, as by pulses, fewer tell it.
        """
        ever = self._ever
        moves = ever.samples >= FEWEST_SAMPLES and ever.repeats <= MOST_REPEATS * ever.samples
        return self.alike > self._here.most_alike or (moves and self._in_a_row >= FROZEN_SAMPLES)

    @property
    def alike(self) -> int:
        """Number of last samples that are alike."""
        return self._in_a_row + 1


class Readings:
    """Remembers the last sample of each meter, the current at which it was taken, and how its display moves."""

    def __init__(self, meters: Sequence[MeterPart], tops: Sequence[int] = ONE_CHAIN) -> None:
        self._meters = meters
        self._top_of = [max(top for top in tops if top <= k) for k in range(len(meters))]
        self._last: dict[int, tuple[float, float]] = {}
        self._displays = [Display() for _ in meters]

    def demand_alive(self, by_meter: Sequence[Sequence[float]], sources_a: Sequence[float]) -> None:
        """No sample of a live voltage has every digit of one at another current, and a whole reading never.

        Raises:
            BenchFaultError: a reading ``by_meter[meter][sample]`` repeats what its meter showed at another current, or
                what it shows again and again, though its last digits moved before.
        """
        for k, part in enumerate(self._meters):
            flowing_a, now = sum(sources_a[self._top_of[k] : k + 1]), by_meter[k]
            before_a, before_v = self._last.get(k, (flowing_a, 0.0))
            self._last[k] = flowing_a, now[-1]
            if set(now) == {before_v} and abs(before_a - flowing_a) > OTHER_A:
                raise BenchFaultError(
                    f"{part.role} ({part.model}, {part.address}): reads {before_v * MV_PER_V:.7g} mV at "
                    f"{flowing_a * UA_PER_A:.6g} uA, to the last digit as at {before_a * UA_PER_A:.6g} uA: its display "
                    f"{REMEDY}"
                )
            display = self._displays[k]
            display.take(now, abs(before_a - flowing_a) > OTHER_A)
            if display.is_frozen:
                alike = counted(display.alike, "sample")
                raise BenchFaultError(
                    f"{part.role} ({part.model}, {part.address}): reads {now[-1] * MV_PER_V:.7g} mV for {alike}, "
                    f"where its last digits moved before: its display {REMEDY}"
                )


def demand_whole_reading(meter: MeterPart, samples: int, took_s: float) -> None:
    """Times of switching are counted from the apertures that the bench file says.

    Raises:
        BenchFaultError: the meter gave ``samples`` in less time than they take.
    """
    needed_s, settings = meter.reading_s(samples), meter.settings
    if took_s < WHOLE_SHARE * needed_s:
        label = meter.role.rpartition(" ")[-1]
        raise BenchFaultError(
            f"{meter.role} ({meter.model}, {meter.address}): gave {counted(samples, 'sample')} in "
            f"{1e3 * took_s:.3g} ms; voltmeters.{label}.nplc = {settings.nplc:.6g} and link.line_frequency_hz = "
            f"{settings.line_frequency_hz:.6g} of the bench file say {1e3 * needed_s:.3g} ms. Durations would be "
            f"wrong, so nothing is measured with it. Correct these keys, or what shortens its integration: aperture, "
            "trigger or buffer settings at its front panel."
        )


def demand_no_compliance(
    sources: Sequence[SourcePart], taken: Sequence[Sequence[float]], tops: Sequence[int] = ONE_CHAIN
) -> None:
    """Voltages of all junctions are voltages of all nodes, so no source has to be asked.

    Raises:
        ComplianceFaultError: in a sample ``taken[sample][junction]`` (V) a node stands at the compliance of its source.
    """
    ends = [min((top for top in tops if top > k), default=len(sources)) for k in range(len(sources))]
    for junctions_v in taken:
        for k, part in enumerate(sources):
            node_v, compliance_v = abs(sum(junctions_v[k : ends[k]])), part.settings.compliance_v
            if node_v >= NEAR_COMPLIANCE * compliance_v:
                raise ComplianceFaultError(
                    f"{part.role} ({part.model}, {part.address}): its node is at {node_v * MV_PER_V:.4g} mV, its "
                    f"compliance is {compliance_v * MV_PER_V:.4g} mV. Junctions carry less than was asked for, so the "
                    "reading is invalid. Look for an open contact, or raise compliance_mv in the bench file."
                )
