"""Presentations that failed: so many of them suspend a training, which is left to the event engine then."""

from math import ceil

import numpy as np

from mtjlab.arrays import BoolArray
from mtjlab.config import SuspendSettings
from mtjlab.replicas.presenting import Going


class Failures:
    """Counts presentations without a configuration, as ``procedures.training.suspender`` does for one training."""

    def __init__(self, settings: SuspendSettings, going: Going) -> None:
        self._settings, self._going = settings, going
        self._in_a_row = np.zeros(len(going.now), dtype=np.int64)
        self._last = np.zeros((settings.failures_over_presentations, len(going.now)), dtype=bool)
        self._next = np.zeros(len(going.now), dtype=np.int64)
        self._failed = np.zeros(len(going.now), dtype=np.int64)
        self._many = ceil(settings.failures_percent / 100 * settings.failures_over_presentations)

    def take(self, silent: BoolArray, where: BoolArray) -> None:
        """Take a presentation in each of the replicas ``where`` [R]."""
        self._in_a_row = np.where(where, np.where(silent, self._in_a_row + 1, 0), self._in_a_row)
        rows, columns = self._next % len(self._last), np.arange(len(where))
        was = self._last[rows, columns]
        now = np.where(where, silent, was)
        self._failed += now.astype(np.int64) - was
        self._last[rows, columns] = now
        self._next += where
        if silent.any():
            too_many = (self._in_a_row >= self._settings.without_configuration_in_a_row) | (self._failed >= self._many)
            self._going.leave(where & too_many, "many presentations gave no configuration")
