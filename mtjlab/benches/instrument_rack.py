"""Real instruments, or simulated ones behind real VISA: the rack that drivers make."""

import logging
import math
import time
from collections import deque
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from statistics import median
from typing import Protocol

from instruments.interfaces import (
    ZEROING,
    ComplianceReachedError,
    CurrentSource,
    HeldError,
    Identity,
    Instrument,
    InstrumentError,
    LevelRefusedError,
    NoReplyError,
    ReplyError,
    SettingRefusedError,
    Voltmeter,
)
from mtjlab.bench import MV_PER_V
from mtjlab.benches.parts import Part, Parts, settings_text
from mtjlab.benches.plausible import Readings, demand_no_compliance, demand_whole_reading
from mtjlab.benches.sessions import bench_faults
from mtjlab.domain import GivenPulse, InstrumentReport, Survey
from mtjlab.errors import BenchFaultError, RefusedError, SilentSourceError, joined_messages, without_name
from mtjlab.stopping import LookAround, wait

SLOW_SHARE = 0.25
"""Of the timeout of the link: what takes so much longer than it should was not prompt."""
SHORTEST_DELAY_S = 0.02
"""Shorter ones are not noted: a wait may be as coarse."""
MOST_DELAYS = 20
WRITES_TIMED = 20
"""Settings of sources that tell how long one takes."""
TIMED_ROUNDS = 3
SOMEBODY = "Somebody switched it off: another program, a person at the front panel, or an interlock."

log = logging.getLogger(__name__)


class Opens(Protocol):
    """Opens instruments."""

    def open(self, part: Part) -> Instrument:
        """The instrument that plays ``part``. Raises InstrumentError."""

    def close(self) -> None:
        """Give back what was held against other programs for this."""


class InstrumentRack:
    """N sources and N voltmeters behind their drivers; used only from the thread that made it.

    ``look_around`` is called in every wait, never inside an exchange with an instrument, and may raise to end the wait.
    """

    def __init__(self, parts: Parts, opener: Opens, look_around: LookAround) -> None:
        self._parts = parts
        self._opener = opener
        self._look_around = look_around
        self._by_address: dict[str, Instrument] = {}
        self._sources: dict[int, CurrentSource] = {}
        self._meters: dict[int, Voltmeter] = {}
        self._lost: set[int] = set()
        self._seen_off: set[int] = set()
        self._readings = Readings(parts.meters, parts.tops)
        self._levels_a = [0.0] * len(parts.sources)
        self._first_read = 0
        self._reading_s = 0.0
        self._nplcs: dict[int, float] = {}
        self._may_take_any_time = False
        self._delays: deque[tuple[float, str]] = deque(maxlen=MOST_DELAYS)
        self._writes_s: deque[float] = deque(maxlen=WRITES_TIMED)
        self._began_s = time.perf_counter()

    @property
    def time_s(self) -> float:
        """Bench seconds since the rack was made, to the microsecond."""
        return round((time.perf_counter() - self._began_s) * self._parts.speed, 6)

    @property
    def reading_s(self) -> float:
        """Seconds of the clock that readings were to take so far: nobody can look around meanwhile."""
        return self._reading_s

    def connect(self) -> Sequence[float]:
        """Open every instrument; returns what sources whose outputs are on deliver (A)."""
        failures = list(self._open_all())
        message = f"{joined_messages(map(str, failures))} No setting was written."
        if any(isinstance(failure, HeldError) for failure in failures):
            self.close()
            raise RefusedError(message)
        if failures:
            raise BenchFaultError(message)
        with bench_faults():
            return tuple(self._delivered_a(k) for k in sorted(self._sources))

    @property
    def seen_off(self) -> Collection[int]:
        """Sources whose outputs were off when it was asked last what they deliver."""
        return self._seen_off

    def delivered_a(self) -> Sequence[float]:
        """What each source delivers by its own word; NaN for one that could not be opened or does not say it."""
        return tuple(self._level_or_nan(k) for k in range(len(self._parts.sources)))

    def switch_on(self) -> tuple[InstrumentReport, ...]:
        """Prepare every source and meter, then outputs on at level 0, from ground up."""
        parts = self._parts
        with bench_faults():
            for k, source in self._sources.items():
                source.prepare_source(parts.sources[k].settings)
            for k, meter in self._meters.items():
                meter.prepare_meter(parts.meters[k].settings)
            for k in sorted(self._sources, reverse=True):
                self._sources[k].switch_on()
            return tuple(self._report(part) for part in (*parts.sources, *parts.meters))

    def write_source(self, source: int, current_a: float) -> None:
        """Set one source, and see that it says so; also tells whether it was in compliance until now.

        A source that once did not answer is never trusted again: all that it is still told is to go to zero.
        """
        if source not in self._sources:
            raise SilentSourceError(f"{self._named(source)} does not answer")
        if source in self._lost:
            raise BenchFaultError(self._cut(source))
        self._levels_a[source] = current_a
        began_s = self.time_s
        with self._answering(source), self._in_time(f"setting {self._named(source)}"):
            self._sources[source].write_level(current_a)
        self._writes_s.append(self.time_s - began_s)

    @property
    def settle_s(self) -> float:
        """As the bench file says."""
        return self._parts.settle_s

    @property
    def shortest_pulse_s(self) -> float:
        """The usual time of the last settings of sources: a pulse begins with one of them and ends with another."""
        return median(self._writes_s) if self._writes_s else 0.0

    def time_settings(self) -> None:
        """Set every source to its present level, several times: a first message may take longer."""
        if not self._writes_s:
            for _ in range(TIMED_ROUNDS):
                for k, level_a in enumerate(self._levels_a):
                    self.write_source(k, level_a)

    def pulse(self, source: int, base_a: float, current_a: float, width_s: float) -> GivenPulse:
        """A pulse timed by this computer.

        A level changes at some moment while it is set, so the duration is known to within half of both settings.
        """
        began_s = self.time_s
        self.write_source(source, current_a)
        up_s = self.time_s
        self.wait(max(0.0, width_s - (up_s - began_s)))
        ending_s = self.time_s
        self.write_source(source, base_a)
        down_s = self.time_s
        width = (ending_s + down_s) / 2 - (began_s + up_s) / 2
        return GivenPulse(round(width, 6), round((up_s - began_s + down_s - ending_s) / 2, 6))

    def zero_with_recovery(self, source: int) -> None:
        """Set one source to zero in other words; nothing more is said to one that does not answer."""
        if self._is_silent(source):
            raise SilentSourceError(f"{self._named(source)} does not answer")
        self._levels_a[source] = 0.0
        with self._answering(source):
            self._sources[source].zero_with_recovery()

    def settle(self) -> None:
        """Wait for the settling time of the sources."""
        self.wait(self.settle_s)

    def wait(self, duration_s: float, may_stop: bool = False) -> None:
        """Let bench time pass, looking around every 50 ms."""
        clock_s = duration_s / self._parts.speed
        with self._in_time("a wait", clock_s):
            wait(clock_s, may_stop, self._look_around)

    def read_voltages_v(self, samples: int) -> Sequence[Sequence[float]]:
        """Samples of every junction; each meter is triggered before any is listened to.

        Raises:
            BenchFaultError: a meter fails, twice if its reply is lost or garbled; or a source stands at its compliance.
        """
        try:
            by_meter = [_demanded(replies) for replies in self._read_together(samples)]
        except InstrumentError as error:
            raise BenchFaultError(f"{error}{self._source_diagnosis()}") from error
        self._readings.demand_alive(by_meter, self._levels_a)
        taken = [self._junctions_v(sample) for sample in zip(*by_meter, strict=True)]
        demand_no_compliance(self._parts.sources, taken, self._parts.tops)
        return taken

    def integrate(self, nplc: float | None) -> Sequence[float]:
        """Prepare the voltmeters again, but for those that source: these are not set up while their outputs are on."""
        self._may_take_any_time = True
        sources = {part.address for part in self._parts.sources}
        with bench_faults():
            for k, meter in self._meters.items():
                part = self._parts.meters[k]
                if part.address not in sources:
                    wanted = part.settings.nplc if nplc is None else nplc
                    self._nplcs[k] = min(max(wanted, meter.smallest_nplc), meter.largest_nplc)
                    meter.prepare_meter(replace(part.settings, nplc=self._nplcs[k]))
        return tuple([self._aperture_s(k) for k in range(len(self._parts.meters))])

    def _aperture_s(self, meter: int) -> float:
        settings = self._parts.meters[meter].settings
        return self._nplcs.get(meter, settings.nplc) / settings.line_frequency_hz

    def delays(self, longest_s: float = math.inf) -> Sequence[str]:
        """Delays since the last call, above a share of the timeout or ``longest_s``; see ``Rack``."""
        allowed_s = min(longest_s, SLOW_SHARE * self._parts.timeout_s)
        delays = tuple(told for late_s, told in self._delays if late_s > allowed_s)
        self._delays.clear()
        return delays

    def survey(self, samples: int) -> Survey:
        """What each meter reads and each source says; a meter that is over range complains, and is no fault here.

        Raises:
            BenchFaultError: an instrument is lost.
        """
        with bench_faults():
            began_s = self.time_s
            readings = [_in_mv(replies) for replies in self._read_together(samples)]
            t_s = self.time_s
            limited = tuple(self._sources[k].in_compliance() for k in sorted(self._sources))
            outputs_on = tuple(self._sources[k].output_is_on() for k in sorted(self._sources))
        taken, complaints = zip(*readings, strict=True)
        return Survey(began_s, t_s, taken, complaints, limited, outputs_on)

    def switch_off(self) -> None:
        """Every output off, confirmed, whatever fails on the way."""
        silent = [k for k in range(len(self._parts.sources)) if self._is_silent(k)]
        failures = [self._silence_of(silent)] if silent else []
        for k in sorted({*range(len(self._parts.sources))} - {*silent}):
            try:
                self._sources[k].switch_off()
            except InstrumentError as error:
                self._lost.add(k)
                failures.append(f"{error} {self._cut(k)}")
        if failures:
            raise BenchFaultError(joined_messages(failures))

    def close(self) -> None:
        """Close every connection."""
        for instrument in self._by_address.values():
            with suppress(InstrumentError, OSError):
                instrument.close()
        for opened in (self._by_address, self._sources, self._meters):
            opened.clear()
        self._opener.close()

    @contextmanager
    def _answering(self, source: int) -> Iterator[None]:
        """A source that refuses something answers; one that fails otherwise is lost."""
        with bench_faults():
            try:
                yield
            except (ComplianceReachedError, SettingRefusedError):
                raise
            except LevelRefusedError as refused:
                self._levels_a[source] = refused.level_a
                raise
            except InstrumentError:
                self._lost.add(source)
                raise

    def _delivered_a(self, source: int) -> float:
        is_on = self._sources[source].output_is_on()
        (self._seen_off.discard if is_on else self._seen_off.add)(source)
        return self._sources[source].level_a() if is_on else 0.0

    def _level_or_nan(self, source: int) -> float:
        if self._is_silent(source):
            return math.nan
        try:
            return self._delivered_a(source)
        except InstrumentError as error:
            log.warning("%s", error)
            return math.nan

    def _is_silent(self, source: int) -> bool:
        return source in self._lost or source not in self._sources

    def _named(self, source: int) -> str:
        part = self._parts.sources[source]
        return f"{part.role} ({part.model}, {part.address})"

    def _silence_of(self, sources: Sequence[int]) -> str:
        if len(sources) == 1:
            return f"{self._named(sources[0])} does not answer, so its output may be on."
        roles = ", ".join(self._parts.sources[k].role for k in sources)
        return f"{roles} do not answer, so their outputs may be on."

    def _open_all(self) -> Iterator[InstrumentError]:
        for place, parts in ((self._sources, self._parts.sources), (self._meters, self._parts.meters)):
            for k, part in enumerate(parts):
                try:
                    place[k] = self._opened(part)  # type: ignore[assignment]  # its model plays this part
                except InstrumentError as error:
                    yield error

    def _opened(self, part: Part) -> Instrument:
        if part.address not in self._by_address:
            self._by_address[part.address] = self._opener.open(part)
        return self._by_address[part.address]

    def _report(self, part: Part) -> InstrumentReport:
        identity: Identity = self._by_address[part.address].identity()
        return InstrumentReport(part.role, part.model, part.address, str(identity), settings_text(part))

    def _read_together(self, samples: int) -> list[Sequence[float] | InstrumentError]:
        """What each meter reads, or its complaint.

        Where a reply is lost or garbled all are asked once more; drivers make sure that the same meters answer.
        """
        with self._in_time("a reading", ZEROING * self._longest_reading_s(samples)):
            replies = self._asked_once(samples)
        lost = " ".join([str(one) for one in replies if isinstance(one, ReplyError)])
        if not lost:
            return replies
        log.warning("%s All voltmeters are asked once more.", lost)
        self._delays.append((math.inf, f"{lost} All voltmeters were asked once more"))
        try:
            again = self._asked_once(samples)
        except InstrumentError as error:
            raise type(error)(f"{lost} Asked once more: {error}") from error
        return [type(one)(f"{lost} Asked once more: {one}") if isinstance(one, ReplyError) else one for one in again]

    def _asked_once(self, samples: int) -> list[Sequence[float] | InstrumentError]:
        """All meters, from the top of the chain, every one of them triggered before any is listened to.

        Every reading listens to another meter first: only of that one it is seen how long it took.

        Raises:
            BenchFaultError: it took less time than the bench file says.
        """
        began_s = self.time_s
        meters = [meter for _, meter in sorted(self._meters.items())]
        self._reading_s += self._longest_reading_s(samples) / self._parts.speed
        replies: dict[int, Sequence[float] | InstrumentError] = {
            k: error for k, meter in enumerate(meters) if (error := _error_of(meter.request, samples))
        }
        first = self._first_read = self._first_read % len(meters)
        self._first_read += 1
        for k in (first, *[k for k in range(len(meters)) if k != first]):
            if k not in replies:
                replies[k] = _reply_of(meters[k])
            if k == first and not self._may_take_any_time and not isinstance(replies[k], InstrumentError):
                demand_whole_reading(self._parts.meters[k], samples, self.time_s - began_s)
        return [replies[k] for k in range(len(meters))]

    def _longest_reading_s(self, samples: int) -> float:
        return max((samples * self._aperture_s(k) for k in range(len(self._parts.meters))), default=0.0)

    @contextmanager
    def _in_time(self, what: str, allowed_s: float = 0.0) -> Iterator[None]:
        """Note by how much something takes longer, by the clock, than ``allowed_s``."""
        began_s = time.perf_counter()
        yield
        late_s = time.perf_counter() - began_s - allowed_s
        if late_s > SHORTEST_DELAY_S:
            self._delays.append((late_s, f"{what} took {late_s:.3g} s longer than it should"))

    def _source_diagnosis(self) -> str:
        """State of the sources that answer, for the error of a meter that a source may have caused."""
        off, limited = [], []
        for k in range(len(self._parts.sources)):
            if self._is_silent(k):
                continue
            with suppress(InstrumentError):
                if not self._sources[k].output_is_on():
                    off.append(self._named(k))
                elif self._sources[k].in_compliance():
                    limited.append(self._named(k))
        if off:  # which may bring others to their compliance
            return f" Output off: {', '.join(off)}. {SOMEBODY}"
        return f" At its compliance: {', '.join(limited)}. Look for an open contact first." if limited else ""

    def _cut(self, k: int) -> str:
        told = f"{self._named(k)} does not answer; "
        try:
            self._sources[k].cut()
        except InstrumentError as error:
            return f"{told}zero could not be sent to it: {without_name(str(error))}"
        return f"{told}zero and output off were sent to it, without confirmation."

    def _junctions_v(self, sample: Sequence[float]) -> Sequence[float]:
        if not self._parts.to_ground:
            return sample
        below = [0.0 if k in self._parts.tops else node_v for k, node_v in enumerate((*sample, 0.0))][1:]
        return [here - under for here, under in zip(sample, below, strict=True)]


def _error_of(request: Callable[[int], None], samples: int) -> ReplyError | None:
    """Why meters could not even be asked, if it was the link."""
    try:
        request(samples)
    except ReplyError as error:
        return error
    return None


def _reply_of(meter: Voltmeter) -> Sequence[float] | InstrumentError:
    try:
        return meter.voltages_v()
    except InstrumentError as error:
        return error


def _demanded(replies: Sequence[float] | InstrumentError) -> Sequence[float]:
    if isinstance(replies, InstrumentError):
        raise replies
    return replies


def _in_mv(replies: Sequence[float] | InstrumentError) -> tuple[tuple[float, ...], str]:
    """Readings in mV, or why there are none. Raises NoReplyError where a meter is lost."""
    if isinstance(replies, NoReplyError):
        raise replies
    if isinstance(replies, InstrumentError):
        return (), str(replies)
    return tuple([volts * MV_PER_V for volts in replies]), ""
