"""The simulated magnet and the gaussmeter in it: remanence, noise and offset."""

from dataclasses import dataclass
from math import inf, isfinite
from random import Random


@dataclass(frozen=True, slots=True)
class MagnetModel:
    """A magnet whose field lags behind that of its current by ``remanence_t``, and the errors of a gaussmeter in it.

    Raises ValueError for values that no magnet has.
    """

    remanence_t: float = 0.0
    gaussmeter_noise_t: float = 0.0
    gaussmeter_offset_t: float = 0.0

    def __post_init__(self) -> None:
        if not (0.0 <= self.remanence_t < inf and 0.0 <= self.gaussmeter_noise_t < inf):
            raise ValueError("remanence and noise of a field must not be negative")
        if not isfinite(self.gaussmeter_offset_t):
            raise ValueError("the offset of a gaussmeter must be finite")


class Magnet:
    """Field of a magnet that was demagnetised at the start.

    It follows the current with play: turned back, the current has to go twice the remanence before the field moves.
    """

    def __init__(self, model: MagnetModel, seed: int) -> None:
        self._model = model
        self._rng = Random(f"gaussmeter of seed {seed}")
        self.field_t = 0.0

    def follow(self, driven_t: float) -> float:
        """Field (T) at a current that would make ``driven_t`` without remanence."""
        lag_t = self._model.remanence_t
        self.field_t = max(driven_t - lag_t, min(driven_t + lag_t, self.field_t))
        return self.field_t

    def shown_t(self) -> float:
        """What the gaussmeter shows now (T)."""
        return self.field_t + self._model.gaussmeter_offset_t + self._rng.gauss(0.0, self._model.gaussmeter_noise_t)
