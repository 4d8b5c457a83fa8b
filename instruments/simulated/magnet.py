"""The simulated magnet and the gaussmeter in it: lag, remanence, noise and offset."""

from dataclasses import dataclass
from math import exp, inf, isfinite, log
from random import Random

SETTLED_T = 1e-9


@dataclass(frozen=True, slots=True)
class MagnetModel:
    """A magnet whose field lags behind that of its current by ``remanence_t``, and the errors of a gaussmeter in it.

    Over TCP its current follows the supply with the time constant ``lag_s``, and makes ``t_per_a``.

    Raises ValueError for values that no magnet has.
    """

    remanence_t: float = 0.0
    gaussmeter_noise_t: float = 0.0
    gaussmeter_offset_t: float = 0.0
    t_per_a: float = 0.0
    lag_s: float = 0.0

    def __post_init__(self) -> None:
        if not all(0.0 <= value < inf for value in (self.remanence_t, self.gaussmeter_noise_t, self.lag_s)):
            raise ValueError("remanence, noise and lag of a field must not be negative")
        if not (isfinite(self.gaussmeter_offset_t) and isfinite(self.t_per_a)):
            raise ValueError("the offset of a gaussmeter and the field of a current must be finite")


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

    def shown_t(self, ambient_t: float = 0.0) -> float:
        """What the gaussmeter shows now (T), with a field of another origin."""
        offset_t, noise_t = self._model.gaussmeter_offset_t, self._model.gaussmeter_noise_t
        return self.field_t + ambient_t + offset_t + self._rng.gauss(0.0, noise_t)


class DrivenMagnet:
    """A magnet in bench time: its current follows a supply. Without one the field is constant.

    ``ambient_t`` is a field of another origin.
    """

    def __init__(self, model: MagnetModel, seed: int, constant_t: float = 0.0) -> None:
        self._model, self._magnet = model, Magnet(model, seed)
        self.ambient_t = constant_t
        self._begun_s = self._begun_a = self._target_a = 0.0

    def drive(self, current_a: float, now_s: float) -> None:
        """Take this current from now on."""
        self._begun_a = self.current_a(now_s)
        self._begun_s, self._target_a = now_s, current_a

    def current_a(self, now_s: float) -> float:
        """Current through the magnet at a time since it was set."""
        left_a = self._begun_a - self._target_a
        if left_a == 0.0 or self._model.lag_s == 0.0:
            return self._target_a
        left_a *= exp(-(now_s - self._begun_s) / self._model.lag_s)
        return self._target_a + left_a if abs(left_a * self._model.t_per_a) > SETTLED_T else self._target_a

    def is_moving(self, now_s: float) -> bool:
        """Whether the current is not yet that of the supply."""
        return self._begun_a != self._target_a and self.current_a(now_s) != self._target_a

    def step_s(self, now_s: float, step_t: float) -> float:
        """For how long the field changes by no more than ``step_t``."""
        left_t = abs(self.current_a(now_s) - self._target_a) * self._model.t_per_a
        return -self._model.lag_s * log(1.0 - step_t / left_t) if left_t > 2.0 * step_t else self._model.lag_s

    def field_t(self, now_s: float) -> float:
        """The field (T) at a time that is not before that of the last call."""
        return self._magnet.follow(self.current_a(now_s) * self._model.t_per_a) + self.ambient_t

    def shown_t(self, now_s: float) -> float:
        """What the gaussmeter shows now (T)."""
        self.field_t(now_s)
        return self._magnet.shown_t(self.ambient_t)
