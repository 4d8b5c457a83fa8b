"""Voltmeters of replicas: the errors of ``instruments.simulated.meter``, for the readings whose values matter."""

from collections.abc import Sequence

import numpy as np

from instruments.simulated.meter import VoltmeterModel, hum_phase, stream_of_voltmeter
from mtjlab.arrays import BoolArray, FloatArray, IntArray
from mtjlab.bench import MV_DECIMALS, MV_PER_V
from mtjlab.replicas.streams import Streams


class ReplicaMeters:
    """Voltmeters [R, N] of apertures of ``aperture_s``; flat indices choose some of them."""

    def __init__(self, models: Sequence[Sequence[VoltmeterModel]], seeds: Sequence[int], aperture_s: float) -> None:
        meters = [(model, seed, k) for chain, seed in zip(models, seeds, strict=True) for k, model in enumerate(chain)]
        self._noise_v = np.array([model.noise_in_v(aperture_s) for model, _, _ in meters])
        self._offset_v = np.array([model.offset_v for model, _, _ in meters])
        self._counts_per_v = np.array([round(1.0 / model.resolution_v) for model, _, _ in meters])
        self._hum_v = np.array([model.hum_v for model, _, _ in meters])
        self._half = np.pi * np.array([model.hum_hz for model, _, _ in meters]) * aperture_s
        self._hum_phase = np.array([hum_phase(k, seed) for _, seed, k in meters])
        self._aperture_s = aperture_s
        self._junctions = len(models[0])
        self._streams = Streams([stream_of_voltmeter(k, seed) for _, seed, k in meters])

    @property
    def places(self) -> IntArray:
        """How many samples each meter has taken; [R N]."""
        return self._streams.places.copy()

    def skip(self, samples: int, where: BoolArray) -> None:
        """Take samples whose values do not matter, of all meters of the replicas ``where`` [R]."""
        self._streams.places += samples * np.repeat(where, self._junctions)

    def shown_mv(self, at: IntArray, places: IntArray, true_v: FloatArray, begun_s: FloatArray) -> FloatArray:
        """What the meters ``at`` show of true voltages in the samples at their ``places``, begun at bench times."""
        return self._shown_mv(at, self._streams.normals(at, places), true_v, begun_s)

    def first_mv(self, true_v: FloatArray, begun_s: FloatArray) -> FloatArray:
        """The first samples of all meters: true voltages [T, R N] that begin at [T, R N]; T is even."""
        noise = self._streams.first_normals(len(true_v)).T
        return self._shown_mv(np.arange(true_v.shape[1]), noise, true_v, begun_s)

    def _shown_mv(self, at: IntArray, noise: FloatArray, true_v: FloatArray, begun_s: FloatArray) -> FloatArray:
        shown_v = true_v + self._offset_v[at] + self._hum_in_v(at, begun_s)
        analog_v = shown_v + noise * self._noise_v[at]
        counts_per_v = self._counts_per_v[at]
        shown_mv: FloatArray = np.round(np.rint(analog_v * counts_per_v) / counts_per_v * MV_PER_V, MV_DECIMALS)
        return shown_mv

    def _hum_in_v(self, at: IntArray, begun_s: FloatArray) -> FloatArray:
        if not self._hum_v.any():
            return np.zeros(len(at))
        half = self._half[at]
        middle = 2.0 * half / self._aperture_s * (begun_s + self._aperture_s / 2) + self._hum_phase[at]
        hum_v: FloatArray = self._hum_v[at] * np.sin(half) / half * np.sin(middle)
        return hum_v

    def largest_error_mv(self, deviations: float) -> FloatArray:
        """Error [R N] that no sample exceeds but by noise of more than so many standard deviations, offsets apart."""
        largest_mv: FloatArray = MV_PER_V * (deviations * self._noise_v + self._hum_v)
        return largest_mv

    @property
    def offsets_mv(self) -> FloatArray:
        """Offset [R N] of each meter."""
        offsets_mv: FloatArray = MV_PER_V * self._offset_v
        return offsets_mv
