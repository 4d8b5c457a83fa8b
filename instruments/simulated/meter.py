"""Errors of a simulated voltmeter: offset, noise, resolution."""

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class VoltmeterModel:
    """Errors of a voltmeter: rms noise of one reading, constant offset, and the step of its display (a part of 1 V).

    Raises ValueError for a negative noise or a step outside 0 to 1 V.
    """

    noise_v: float = 50e-6
    offset_v: float = 0.0
    resolution_v: float = 1e-8

    def __post_init__(self) -> None:
        if not self.noise_v >= 0.0:
            raise ValueError(f"noise_v must not be negative, but is {self.noise_v}")
        if not 0.0 < self.resolution_v <= 1.0:
            raise ValueError(f"resolution_v must be above 0 and at most 1 V, not {self.resolution_v}")


class NoisyVoltmeter:
    """Reads true voltages with the errors of its model; each ``index`` has a noise stream of its own."""

    def __init__(self, model: VoltmeterModel, seed: int, index: int) -> None:
        self._model = model
        self._counts_per_v = round(1.0 / model.resolution_v)
        self._rng = Random(f"voltmeter {index} of seed {seed}")

    def reading_v(self, true_v: float) -> float:
        """One reading of ``true_v``, in V."""
        analog_v = self._rng.gauss(true_v + self._model.offset_v, self._model.noise_v)
        # A whole number over a whole number is the float nearest to the short decimal that an instrument would send.
        return round(analog_v * self._counts_per_v) / self._counts_per_v
