"""Specification of simulated instruments: frozen, to and from JSON, in SI units."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from math import inf
from typing import Any, Literal, TypeAlias, get_args

from instruments.simulated.junction import REFERENCE_FIELD_T, JunctionModel
from instruments.simulated.magnet import MagnetModel
from instruments.simulated.meter import VoltmeterModel
from instruments.simulated.wiring import Measures

Part: TypeAlias = Literal["source", "voltmeter", "field", "gaussmeter"]
NO_MAGNET = MagnetModel()
OF_THE_FIELD = ("field", "gaussmeter")
"""Parts of which a bench has one, for all junctions."""
HOST = "127.0.0.1"
"""Host of simulated instruments: not visible in any network."""
Plays: TypeAlias = Literal["source", "voltmeter", "both", "field", "gaussmeter"]


@dataclass(frozen=True, slots=True, kw_only=True)
class InstrumentSpec:
    """One instrument: its model, its roles, and the junction (0 is the top) to whose top it is connected.

    A voltmeter ``measures`` across its junction or from the top of it to ground. An instrument that sources and
    measures does so at its own terminals, to ground. Raises ValueError for anything else.
    """

    model: str
    plays: Plays
    position: int
    measures: Measures = "across"
    line_frequency_hz: float = 50.0
    noise_v: float = 50e-6
    offset_v: float = 0.0
    noise_aperture_s: float | None = None
    hum_v: float = 0.0
    hum_hz: float = 50.0

    def __post_init__(self) -> None:
        if self.plays not in get_args(Plays) or self.measures not in get_args(Measures):
            raise ValueError(f"{self.model}: plays is one of {get_args(Plays)} and measures of {get_args(Measures)}")
        if self.position < 0 or not 0.0 < self.line_frequency_hz < 1000.0:
            raise ValueError(f"{self.model}: no such position {self.position} or line of {self.line_frequency_hz} Hz")
        if self.plays == "both" and self.measures == "across":
            raise ValueError(
                f"{self.roles[0]} ({self.model}) sources and measures at once, so it measures its own terminals: from "
                "the top of its junction to ground, never across a junction"
            )
        self.errors()

    def errors(self) -> VoltmeterModel:
        """Errors of its voltmeter. Raises ValueError for impossible ones."""
        return VoltmeterModel(
            self.noise_v,
            self.offset_v,
            noise_aperture_s=self.noise_aperture_s,
            hum_v=self.hum_v,
            hum_hz=self.hum_hz,
        )

    @property
    def parts(self) -> tuple[Part, ...]:
        """Its parts: source, voltmeter, or both."""
        return ("source", "voltmeter") if self.plays == "both" else (self.plays,)

    @property
    def roles(self) -> tuple[str, ...]:
        """``source J1``, ``voltmeter J1``: names in messages, faults, log and ports."""
        return tuple(part if part in OF_THE_FIELD else f"{part} J{self.position + 1}" for part in self.parts)

    @property
    def is_of_the_field(self) -> bool:
        """Whether it drives or measures the field rather than a junction."""
        return self.plays in OF_THE_FIELD


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatorSpec:
    """Specification of a simulated bench. ``speed`` is bench seconds per second; ``log_path`` must not exist.

    ``linger_s``: after the process that started them has ended, the simulators stay until no message has come for this
    time (s of the wall clock), for a rescuer; without it they end at once. ``batch`` is the prefix of all serial
    numbers, so that instruments of two benches differ. ``traffic`` names a file of recorded traffic, from which the
    instruments answer instead. ``tops``: first junction of each of parallel chains. Raises ValueError for a bench that
    cannot be built.
    """

    instruments: tuple[InstrumentSpec, ...]
    junctions: tuple[JunctionModel, ...]
    log_path: str
    field_t: float = REFERENCE_FIELD_T
    magnet: MagnetModel = NO_MAGNET
    seed: int = 0
    speed: float = 1.0
    source_settling_s: float = 0.0
    faults: tuple[str, ...] = ()
    linger_s: float | None = None
    batch: str = ""
    traffic: str = ""
    tops: tuple[int, ...] = (0,)

    def __post_init__(self) -> None:
        doubled = [role for role, count in Counter(self._roles()).items() if count > 1]
        if doubled:
            raise ValueError(f"only one instrument can be {' and '.join(doubled)}")
        for instrument in self.instruments:
            if instrument.position >= len(self.junctions):
                raise ValueError(f"{instrument.roles[0]} has no junction: there are {len(self.junctions)}")
        if not 0.0 < self.speed < inf:
            raise ValueError(f"speed must be above 0, not {self.speed}")
        if not 0.0 <= self.source_settling_s < 10.0:
            raise ValueError(f"source_settling_s must be from 0 to 10 s, not {self.source_settling_s}")

    def to_json(self) -> str:
        """The specification as one line of JSON."""
        return json.dumps(asdict(self), separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "SimulatorSpec":
        """The specification in ``text``.

        Raises:
            ValueError: unknown or missing keys, or invalid values.
        """
        try:
            content = dict(json.loads(text))
            return cls(**content | _lists(content))
        except (TypeError, AttributeError) as error:
            raise ValueError(f"the specification of simulated instruments is not understood: {error}") from error

    def _roles(self) -> Iterator[str]:
        for instrument in self.instruments:
            yield from instrument.roles


def _lists(content: dict[str, Any]) -> dict[str, Any]:
    return {
        "instruments": tuple(InstrumentSpec(**one) for one in content.get("instruments", ())),
        "junctions": tuple(JunctionModel(**one) for one in content.get("junctions", ())),
        "faults": tuple(content.get("faults", ())),
        "tops": tuple(content.get("tops", (0,))),
        "magnet": MagnetModel(**content.get("magnet", {})),
    }
