"""Readings of a simulated voltmeter: exact averages of the true voltage over the aperture."""

from collections.abc import Callable, Iterator

from instruments.simulated.terminals import MeterTerminals, Time
from instruments.simulated.vocabulary.scpi import data_stale, init_ignored


class Acquisition:
    """Takes readings one after another in bench time, in the background."""

    def __init__(self, time: Time, meter: MeterTerminals, taken: Callable[[], None] = lambda: None) -> None:
        """Call ``taken`` after each reading."""
        self._taken = taken
        self._time = time
        self._meter = meter
        self._run = 0
        self._wanted = 0
        self._next_s = 0.0
        self.readings_v: list[float] = []
        self.aperture_share = 1.0
        """True integration time over the aperture that is set."""

    @property
    def busy(self) -> bool:
        """Whether readings are still to come."""
        return len(self.readings_v) < self._wanted

    def start(self, count: int, delay_s: float, aperture_s: float) -> None:
        """Take ``count`` readings, each ``delay_s`` after the one before.

        Raises:
            ScpiError: readings are under way.
        """
        if self.busy:
            raise init_ignored()
        self._run += 1
        self._wanted, self.readings_v = count, []
        self._wait_for_next(self._run, delay_s, aperture_s * self.aperture_share)

    def abort(self) -> None:
        """Stop, and keep the readings taken."""
        self._run += 1
        self._wanted = len(self.readings_v)

    def forget(self) -> None:
        """Stop, and delete the readings."""
        self._run += 1
        self._wanted, self.readings_v = 0, []

    def wait(self) -> Iterator[float]:
        """Bench times to wait for until all readings are taken."""
        while self.busy:
            yield self._next_s

    def fetched_v(self) -> list[float]:
        """The readings of the last run.

        Raises:
            ScpiError: there are none.
        """
        if not self.readings_v:
            raise data_stale()
        return self.readings_v

    def _wait_for_next(self, run: int, delay_s: float, aperture_s: float) -> None:
        start_s = self._time.now_s + delay_s
        self._next_s = start_s + aperture_s
        if delay_s > 0.0:
            self._time.at(start_s, lambda: self._begin(run, delay_s, aperture_s))
        else:
            self._begin(run, delay_s, aperture_s)

    def _begin(self, run: int, delay_s: float, aperture_s: float) -> None:
        begun_s, begun_vs = self._time.now_s, self._meter.volt_seconds()

        def take() -> None:
            if run != self._run:
                return
            average_v = (self._meter.volt_seconds() - begun_vs) / (self._time.now_s - begun_s)
            self.readings_v.append(self._meter.reading_v(average_v, begun_s, aperture_s))
            self._taken()
            if self.busy:
                self._wait_for_next(run, delay_s, aperture_s)

        self._time.at(begun_s + aperture_s, take)
