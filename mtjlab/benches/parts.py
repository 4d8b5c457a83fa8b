"""What a rack is made of: the parts that instruments play, their settings, and how they are wired and timed."""

from dataclasses import dataclass, field

from instruments.interfaces import GaussmeterSettings, MagnetSettings, MeterSettings, SerialSettings, SourceSettings
from mtjlab.bench import UA_PER_A
from mtjlab.config import SerialKeys
from mtjlab.domain import ONE_CHAIN

TERMINATORS = {"CR": "\r", "LF": "\n", "CRLF": "\r\n"}


@dataclass(frozen=True, slots=True)
class Part:
    """The source that feeds a junction, or the voltmeter on it: how to open it, and its settings."""

    role: str
    model: str
    address: str
    serial: SerialSettings = field(default=SerialSettings(), kw_only=True)


@dataclass(frozen=True, slots=True)
class SourcePart(Part):
    """A current source."""

    settings: SourceSettings


@dataclass(frozen=True, slots=True)
class MeterPart(Part):
    """A voltmeter; the same address as a source means that one instrument plays both parts."""

    settings: MeterSettings

    def reading_s(self, samples: int) -> float:
        """For how long it averages in a reading, at least."""
        return samples * self.settings.nplc / self.settings.line_frequency_hz


@dataclass(frozen=True, slots=True)
class MagnetPart(Part):
    """The supply of the magnet, the current that it is to drive, the field of a current, and the rate of a ramp.

    ``speed``: bench seconds in a second of the clock.
    """

    settings: MagnetSettings
    current_a: float
    a_per_mt: float
    ramp_a_per_s: float
    speed: float = 1.0


@dataclass(frozen=True, slots=True)
class GaussmeterPart(Part):
    """A gaussmeter in the field."""

    settings: GaussmeterSettings


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything on the bench, from the top of the chain, and how it is wired and timed.

    ``speed``: bench seconds in a second of the clock; 1 for real instruments. ``timeout_s``: of the link, by the clock.
    ``tops``: the first source of each of parallel chains.
    """

    sources: tuple[SourcePart, ...]
    meters: tuple[MeterPart, ...]
    to_ground: bool
    settle_s: float
    speed: float = 1.0
    timeout_s: float = 2.0
    tops: tuple[int, ...] = ONE_CHAIN


def serial_settings(keys: SerialKeys) -> SerialSettings:
    """How an instrument speaks at a serial port, with what its table in the bench file leaves out."""
    usual = SerialSettings()
    return SerialSettings(
        keys.baud_rate or usual.baud_rate,
        keys.parity or usual.parity,
        TERMINATORS[keys.terminator] if keys.terminator else usual.terminator,
        keys.data_bits or usual.data_bits,
    )


def settings_text(part: Part) -> str:
    """The settings of a part as a run records them."""
    if isinstance(part, SourcePart):
        return f"range {part.settings.range_a * UA_PER_A:.6g} uA, compliance {part.settings.compliance_v:.6g} V"
    if isinstance(part, MeterPart):
        return f"range {part.settings.range_v:.6g} V, integration {part.settings.nplc:.6g} power line cycles"
    return ""
