"""Readings that cannot be: of a frozen meter, of one that averaged too briefly, of a chain that no source can drive."""

from collections.abc import Sequence

from mtjlab.bench import MV_PER_V, UA_PER_A
from mtjlab.benches.parts import MeterPart, SourcePart
from mtjlab.counted import counted
from mtjlab.errors import BenchFaultError, ComplianceFaultError

NEAR_COMPLIANCE = 0.98
"""A source whose node stands this close to its compliance drives less than was asked for."""
WHOLE_SHARE = 0.8
"""A reading that took less than this share of its time is another than the bench file says; more is overhead."""
OTHER_A = 1e-6
"""Currents that differ by more give voltages that differ."""


class Readings:
    """Remembers the last sample of each meter, and the current at which it was taken."""

    def __init__(self, meters: Sequence[MeterPart]) -> None:
        self._meters = meters
        self._last: dict[int, tuple[float, float]] = {}

    def demand_alive(self, by_meter: Sequence[Sequence[float]], sources_a: Sequence[float]) -> None:
        """No sample of a live voltage has every digit of one at another current, and a whole reading never.

        Raises:
            BenchFaultError: a reading ``by_meter[meter][sample]`` repeats what its meter showed at another current.
        """
        for k, part in enumerate(self._meters):
            flowing_a, now = sum(sources_a[: k + 1]), by_meter[k]
            before_a, before_v = self._last.get(k, (flowing_a, 0.0))
            self._last[k] = flowing_a, now[-1]
            if set(now) == {before_v} and abs(before_a - flowing_a) > OTHER_A:
                raise BenchFaultError(
                    f"{part.role} ({part.model}, {part.address}): reads {before_v * MV_PER_V:.7g} mV at "
                    f"{flowing_a * UA_PER_A:.6g} uA, to the last digit as at {before_a * UA_PER_A:.6g} uA: its display "
                    "is frozen. What it read since then is worth nothing. Take it out of hold, or switch it off and on."
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


def demand_no_compliance(sources: Sequence[SourcePart], taken: Sequence[Sequence[float]]) -> None:
    """Voltages of all junctions are voltages of all nodes, so no source has to be asked.

    Raises:
        ComplianceFaultError: in a sample ``taken[sample][junction]`` (V) a node stands at the compliance of its source.
    """
    for junctions_v in taken:
        for k, part in enumerate(sources):
            node_v, compliance_v = abs(sum(junctions_v[k:])), part.settings.compliance_v
            if node_v >= NEAR_COMPLIANCE * compliance_v:
                raise ComplianceFaultError(
                    f"{part.role} ({part.model}, {part.address}): its node stands at {node_v * MV_PER_V:.4g} mV, its "
                    f"compliance is {compliance_v * MV_PER_V:.4g} mV. Junctions carry less than was asked for, so the "
                    "reading is invalid. Look for an open contact, or raise compliance_mv in the bench file."
                )
