"""Errors of a simulated voltmeter: offset, noise, hum of the mains, resolution."""

from dataclasses import dataclass
from math import pi, sin, sqrt, tau
from random import Random

USUAL_APERTURE_S = 0.02


@dataclass(frozen=True, slots=True)
class VoltmeterModel:
    """Errors of a voltmeter: rms noise of one reading, constant offset, hum, and the step of its display (part of 1 V).

    With ``noise_aperture_s`` the noise is white: ``noise_v`` at this aperture, as its inverse square root at others;
    without, the same at every aperture. ``hum_v`` is the amplitude of what the leads pick up from the mains. Raises
    ValueError for a negative noise or hum, an aperture or frequency not above zero, or a step outside 0 to 1 V.
    """

    noise_v: float = 50e-6
    offset_v: float = 0.0
    resolution_v: float = 1e-8
    noise_aperture_s: float | None = None
    hum_v: float = 0.0
    hum_hz: float = 50.0

    def __post_init__(self) -> None:
        if not (self.noise_v >= 0.0 and self.hum_v >= 0.0):
            raise ValueError(f"noise_v and hum_v must not be negative, but are {self.noise_v} and {self.hum_v}")
        if not 0.0 < self.resolution_v <= 1.0:
            raise ValueError(f"resolution_v must be above 0 and at most 1 V, not {self.resolution_v}")
        if not (self.hum_hz > 0.0 and (self.noise_aperture_s is None or self.noise_aperture_s > 0.0)):
            raise ValueError(f"hum_hz {self.hum_hz} and noise_aperture_s {self.noise_aperture_s} must be above 0")

    def noise_in_v(self, aperture_s: float) -> float:
        """Rms noise of one reading of this aperture."""
        return self.noise_v * (sqrt(self.noise_aperture_s / aperture_s) if self.noise_aperture_s else 1.0)


class NoisyVoltmeter:
    """Reads true voltages with the errors of its model; each ``index`` has streams of its own for noise and hum."""

    def __init__(self, model: VoltmeterModel, seed: int, index: int) -> None:
        self._model = model
        self._counts_per_v = round(1.0 / model.resolution_v)
        self._rng = Random(stream_of_voltmeter(index, seed))
        self._hum_phase = hum_phase(index, seed)

    def reading_v(self, true_v: float, begun_s: float = 0.0, aperture_s: float = USUAL_APERTURE_S) -> float:
        """One reading of ``true_v``, in V, averaged from bench time ``begun_s`` for ``aperture_s``."""
        model = self._model
        shown_v = true_v + model.offset_v + (self._hum_v(begun_s, aperture_s) if model.hum_v else 0.0)
        analog_v = self._rng.gauss(shown_v, model.noise_in_v(aperture_s))
        # A whole number over a whole number is the float nearest to the short decimal that an instrument would send.
        return round(analog_v * self._counts_per_v) / self._counts_per_v

    def _hum_v(self, begun_s: float, aperture_s: float) -> float:
        """Mean of the hum over an aperture: none over whole periods."""
        half = pi * self._model.hum_hz * aperture_s
        middle = tau * self._model.hum_hz * (begun_s + aperture_s / 2) + self._hum_phase
        return self._model.hum_v * sin(half) / half * sin(middle)


def stream_of_voltmeter(index: int, seed: int) -> str:
    """Name of the stream of random numbers that a voltmeter draws its noise from."""
    return f"voltmeter {index} of seed {seed}"


def hum_phase(index: int, seed: int) -> float:
    """Phase (rad) of the hum in a voltmeter at bench time 0."""
    return tau * Random(f"hum of {stream_of_voltmeter(index, seed)}").random()
