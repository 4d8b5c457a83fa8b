"""Instruments as the rack knows them, by their Protocols alone: they note what they are told, and fail on demand."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from instruments.interfaces import GarbledReplyError, Identity, MeterSettings, NoReplyError, SourceSettings
from mtjlab.benches.parts import MeterPart, Part, Parts, SourcePart


@dataclass
class Fake:
    """``fails[what]`` are raised one after another when ``what`` is done; ``diary`` is common to a bench."""

    name: str
    diary: list[str] = field(default_factory=list)
    fails: dict[str, list[Exception]] = field(default_factory=dict)

    def note(self, what: str, *with_what: object) -> None:
        self.diary.append(" ".join(map(str, (self.name, what, *with_what))))
        if self.fails.get(what):
            raise self.fails[what].pop(0)

    def identity(self) -> Identity:
        return Identity("FAKE", self.name, "1", "0")

    def errors(self) -> tuple[str, ...]:
        return ()

    def close(self) -> None:
        self.note("close")


@dataclass
class FakeSource(Fake):
    on: bool = False
    now_a: float = 0.0
    limited: bool | None = False
    on_write: Callable[[], None] = lambda: None

    def output_is_on(self) -> bool:
        return self.on

    def level_a(self) -> float:
        return self.now_a

    def in_compliance(self) -> bool | None:
        return self.limited

    def prepare_source(self, settings: SourceSettings) -> None:
        self.note("prepare-source", settings.range_a, settings.compliance_v)

    def switch_on(self) -> None:
        self.note("on")
        self.on = True

    def write_level(self, current_a: float) -> None:
        self.note("level", current_a)
        self.on_write()
        self.now_a = current_a

    def zero_with_recovery(self) -> None:
        self.note("second-way")
        self.now_a = 0.0

    def switch_off(self) -> None:
        self.note("off")
        self.on = False

    def cut(self) -> None:
        self.note("cut")


@dataclass
class FakeMeter(Fake):
    """``shows`` are its next readings, each with one voltage a sample."""

    shows: list[Sequence[float]] = field(default_factory=list)

    def prepare_meter(self, settings: MeterSettings) -> None:
        self.note("prepare-meter", settings.range_v, settings.nplc)

    def request(self, samples: int) -> None:
        self.note("request", samples)

    def voltages_v(self) -> Sequence[float]:
        self.note("listen")
        return self.shows.pop(0)


@dataclass
class FakeSourceMeter(FakeMeter, FakeSource):
    """Plays both parts."""


@dataclass
class FakeBus:
    """Opens instruments by address, and notes how often."""

    instruments: dict[str, Any]
    opened: list[str] = field(default_factory=list)

    def open(self, part: Part) -> Any:
        self.opened.append(part.address)
        if part.address not in self.instruments:
            raise NoReplyError(f"{part.role} ({part.address}): sent '*IDN?', nothing came.")
        return self.instruments[part.address]

    def close(self) -> None:
        self.opened.append("closed")


def fake_bench(both: bool = False, junctions: int = 3) -> tuple[dict[str, Any], list[str]]:
    """Instruments by address: S1.. and V1.., or B1.. that play both parts; and their common diary."""
    diary: list[str] = []
    kinds: list[tuple[str, Any]] = [("B", FakeSourceMeter)] if both else [("S", FakeSource), ("V", FakeMeter)]
    made = {f"{letter}{k}": kind(f"{letter}{k}", diary) for letter, kind in kinds for k in range(1, junctions + 1)}
    return made, diary


def fake_parts(both: bool = False, junctions: int = 3, to_ground: bool = False) -> Parts:
    source, meter = ("B", "B") if both else ("S", "V")
    every = range(1, junctions + 1)
    return Parts(
        tuple(SourcePart(f"source J{k}", "fake", f"{source}{k}", SourceSettings(1e-3, 5.0)) for k in every),
        tuple(MeterPart(f"voltmeter J{k}", "fake", f"{meter}{k}", MeterSettings(1.0, 1.0)) for k in every),
        to_ground=to_ground,
        settle_s=0.01,
    )


def garbage(role: str) -> GarbledReplyError:
    return GarbledReplyError(f"{role}: sent ':READ?', came 'xyz' (not a number).")


def silence(role: str) -> NoReplyError:
    return NoReplyError(f"{role}: sent ':READ?', nothing came.")
