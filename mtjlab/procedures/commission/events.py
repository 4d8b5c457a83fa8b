"""Events of a commissioning. Times ``t_s`` are bench time."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from mtjlab.counted import counted
from mtjlab.domain import Difference, MessageTime, PerJunction, Survey, junction_label
from mtjlab.events import Event


@dataclass(frozen=True, slots=True)
class MetersSampled(Event):
    """Samples of every voltmeter at zero current, with ``apertures_s`` by the line frequency of the bench file."""

    is_routine: ClassVar[bool] = True

    apertures_s: PerJunction
    survey: Survey
    type: Literal["meters-sampled"] = "meters-sampled"


@dataclass(frozen=True, slots=True)
class SourceStepped(Event):
    """Samples that began right after ``source`` alone was set to ``current_ua``, at some time between two."""

    is_routine: ClassVar[bool] = True

    source: int
    current_ua: float
    began_s: float
    set_s: float
    aperture_s: float
    survey: Survey
    type: Literal["source-stepped"] = "source-stepped"


@dataclass(frozen=True, slots=True)
class SourceMeasured:
    """A source: ``settling_s`` to within 1 % of a step, not known better than ``uncertain_s``; compliance read back.

    ``settling_s`` is None where no step was seen.
    """

    source: int
    settling_s: float | None
    uncertain_s: float
    compliance_mv: float
    limited: bool


@dataclass(frozen=True, slots=True)
class MeterMeasured:
    """A voltmeter at zero current.

    ``noise_mv`` of one sample with the aperture of the bench file. ``white_mv_rt_s``, ``flicker_mv`` and ``hum_mv``
    (amplitude at the input) as ``analysis.apertures.MeterNoise``; None where its integration time was not changed.
    ``line_hz``: from the duration of readings; None if its readings took no time that goes with their number.
    ``nplc``: the shortest integration time that is sure; None if noise hides the levels or is not known.
    """

    meter: int
    aperture_s: float
    offset_mv: float
    noise_mv: float
    line_hz: float | None
    white_mv_rt_s: float | None = None
    flicker_mv: float | None = None
    hum_mv: float | None = None
    nplc: float | None = None
    misjudged: float | None = None
    reading_s: float | None = None


@dataclass(frozen=True, slots=True)
class Commissioned(Event):
    """What was measured of the instruments, and what differs from what was expected.

    ``line_hz``, ``settle_s`` and ``dwell_s`` are what the new bench file and plans may say.
    """

    milestone: ClassVar[bool] = True

    t_s: float
    messages: tuple[MessageTime, ...]
    sources: tuple[SourceMeasured, ...]
    meters: tuple[MeterMeasured, ...]
    line_hz: float
    settle_s: float
    dwell_s: float | None
    differences: tuple[Difference, ...]
    type: Literal["commissioned"] = "commissioned"

    @property
    def is_trouble(self) -> bool:
        """Whether something differs."""
        return bool(self.differences)

    @property
    def sentence(self) -> str:
        """One-line description for the log."""
        parts = [f"{one.role} {one.sent!r}: {one.came!r} instead of {one.expected!r}" for one in self.differences]
        found = "; ".join(parts) or "nothing differs from what was expected"
        settling = [
            f"{junction_label(one.source)} {1e3 * one.settling_s:.3g} ms"
            for one in self.sources
            if one.settling_s is not None
        ]
        return f"{counted(len(parts), 'difference')}: {found}. Settling: {', '.join(settling) or 'not seen'}"
