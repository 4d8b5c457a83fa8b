"""The field of a bench: set while no output is on, told by how it is known, off after the sources are safe."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from instruments.interfaces import InstrumentError, MagnetSettings, SettingRefusedError
from mtjlab.benches.field import GaussmeterReading, SuppliedField, magnet_part, open_field, switch_off_supply
from mtjlab.benches.parts import Part
from mtjlab.benches.sessions import Opener
from mtjlab.config import FieldSection, InstrumentBenchConfig
from mtjlab.domain import FieldReport
from mtjlab.errors import BenchFaultError
from mtjlab.guardian.rescue import take_to_zero
from mtjlab.procedures.safe import connect, go_safe
from tests.support.equipment import drive
from tests.support.kepco import LoopbackKepco
from tests.support.wired import unconnected, wired_config

ACROSS = "keithley-6221-2182a.toml"
SUPPLY = FieldSection(
    model="Kepco BOP",
    field_mt=6.0,
    address="GPIB0::6::INSTR",
    ma_per_mt=200.0,
    largest_current_ma=2000.0,
    compliance_mv=1e4,
)


def bench_file(section: FieldSection, **update: Any) -> InstrumentBenchConfig:
    return wired_config(ACROSS).model_copy(update={"field": section, **update})


@dataclass
class Supply:
    """Does what it is told and notes it; fails where ``fails`` says."""

    name: str = "field"
    told: list[str] = field(default_factory=list)
    now_a: float = 0.0
    fails: tuple[str, ...] = ()
    reads_more_a: float = 0.0

    def prepare_magnet(self, settings: MagnetSettings) -> None:
        self._note("prepare", f"{settings.largest_current_a:g} A {settings.compliance_v:g} V")

    def take_over(self, settings: MagnetSettings) -> float:
        return self.now_a

    def apply_current(self, current_a: float) -> None:
        self._note("apply", f"{current_a:.6g}")
        self.now_a = current_a

    def current_a(self) -> float:
        return self.now_a + self.reads_more_a

    def switch_off(self) -> None:
        self._note("off", f"at {self.now_a:g}")

    def close(self) -> None:
        self.told.append("close")

    def _note(self, what: str, with_what: str) -> None:
        self.told.append(f"{what} {with_what}")
        if what in self.fails:
            raise SettingRefusedError(f"{self.name} does not {what}.")


@dataclass
class Opens:
    """Opens one supply, or none."""

    supply: Supply | None

    def open(self, part: Part) -> Any:
        if self.supply is None:
            raise InstrumentError(f"{part.role} ({part.address}): nobody answers.")
        return self.supply

    def close(self) -> None:
        """Nothing was held."""


def supplied(supply: Supply | None, section: FieldSection = SUPPLY) -> SuppliedField:
    part = magnet_part(bench_file(section))
    assert part is not None
    return SuppliedField(replace(part, speed=1e3), Opens(supply))  # type: ignore[arg-type]


def test_a_supply_is_prepared_ramped_up_and_the_field_told_from_what_it_reads_back() -> None:
    supply = Supply(reads_more_a=0.01)
    report = supplied(supply).switch_on()
    assert supply.told[0] == "prepare 2 A 10 V"
    assert supply.told[1:] == [f"apply {step * 0.2:.6g}" for step in range(1, 7)]
    assert report == FieldReport(6.05, "Kepco BOP at GPIB0::6::INSTR, 1.21 A read back")


def test_a_field_against_the_axis_takes_a_negative_current() -> None:
    report = supplied(Supply(), SUPPLY.model_copy(update={"field_mt": -6.0})).switch_on()
    assert (report.field_mt, report.how[-17:]) == (-6.0, "-1.20 A read back")


def test_it_is_ramped_down_before_it_is_switched_off_once() -> None:
    supply = Supply()
    made = supplied(supply)
    made.switch_on()
    supply.told.clear()
    assert made.switch_off() == FieldReport(0.0, "Kepco BOP at GPIB0::6::INSTR, at zero, output off, read back")
    levels = [float(told.split()[1]) for told in supply.told[:-1]]
    assert levels == sorted(levels, reverse=True)
    assert (levels[0], levels[-1], supply.told[-1]) == (1.0, 0.0, "off at 0")
    assert made.switch_off() is None


def test_a_supply_that_was_refused_is_not_touched_again_but_let_go_of() -> None:
    supply = Supply(fails=("prepare",))
    made = supplied(supply)
    with pytest.raises(BenchFaultError, match="does not prepare"):
        made.switch_on()
    assert made.switch_off() is None
    made.close()
    assert supply.told[1:] == ["close"]


def test_a_supply_that_fails_on_its_way_is_switched_off_all_the_same() -> None:
    supply = Supply(fails=("apply",))
    made = supplied(supply)
    with pytest.raises(BenchFaultError, match="does not apply"):
        made.switch_on()
    assert made.switch_off() is not None
    assert supply.told[-1].startswith("off")


def test_a_supply_that_nobody_answers_for_is_a_fault() -> None:
    made = supplied(None)
    with pytest.raises(BenchFaultError, match="nobody answers"):
        made.switch_on()
    assert made.switch_off() is None
    made.close()


@pytest.mark.parametrize(
    ("simulated", "said", "told"),
    [
        (False, None, FieldReport(6.0, "by hand: 6 mT as the bench file says")),
        (
            False,
            GaussmeterReading(6.1, "2026-11-23 14:02"),
            FieldReport(6.1, "by hand: the operator says 6.1 mT (on 2026-11-23 14:02)"),
        ),
        (True, None, FieldReport(5.0, "SIMULATED")),
    ],
)
def test_a_field_that_is_not_on_the_bus_is_told_by_who_knows_it(
    simulated: bool, said: GaussmeterReading | None, told: FieldReport
) -> None:
    config = bench_file(FieldSection())
    config = config.model_copy(update={"simulation": config.simulation.model_copy(update={"field_mt": 5.0})})
    made = open_field(config, simulated, said)
    assert made is not None
    assert made.switch_on() == told
    assert made.switch_off() is None


class Standing:
    """Notes what the sources did before the field was switched on, and before it was switched off."""

    def __init__(self, outputs: Callable[[], Any]) -> None:
        self.seen: list[Any] = []
        self._outputs = outputs

    def switch_on(self) -> FieldReport:
        self.seen.append(self._outputs())
        return FieldReport(6.0, "noted")

    def switch_off(self) -> FieldReport | None:
        self.seen.append(self._outputs())
        return FieldReport(0.0, "noted")

    def close(self) -> None: ...


def test_no_output_is_on_while_the_field_changes_not_even_one_that_was_found_on() -> None:
    bench = unconnected(wired_config(ACROSS, "source J2:output-found-on=-300"))
    sources = bench._rack._sources  # type: ignore[attr-defined]
    standing = Standing(lambda: [source.output_is_on() for source in sources.values()])
    begun, _ = drive(connect(bench, standing))
    assert [event.type for event in begun] == ["bench-connected", "field-set", "outputs-on"]
    assert begun[0].found_ua == (0, -300, 0)
    assert all(source.output_is_on() for source in sources.values())
    ended, _ = drive(go_safe(bench, standing))
    assert [(event.type, getattr(event, "field_mt", None)) for event in ended] == [
        ("went-safe", None),
        ("field-set", 0.0),
    ]
    assert standing.seen == [[False] * 3] * 2


def test_a_magnet_that_stays_on_is_told_after_the_sources_are_safe() -> None:
    bench = unconnected(wired_config(ACROSS))
    made = supplied(Supply(fails=("off",)))
    drive(connect(bench, made))
    going = go_safe(bench, made)
    assert next(going).type == "went-safe"
    assert bench.is_safe
    with pytest.raises(BenchFaultError, match="does not off"):
        next(going)


def test_a_kepco_over_a_socket_makes_the_field_and_takes_it_away() -> None:
    with LoopbackKepco() as kepco:
        made = open_field(bench_file(SUPPLY.model_copy(update={"address": kepco.address})), simulated=False)
        assert made is not None
        assert made.switch_on() == FieldReport(6.0, f"Kepco BOP at {kepco.address}, 1.20 A read back")
        assert (kepco.on, kepco.current_a, kepco.compliance_v) == (True, 1.2, 10.0)
        assert made.switch_off() is not None
        assert (kepco.on, kepco.current_a) == (False, 0.0)
        made.close()


def test_a_guardian_takes_the_magnet_down_after_the_sources_and_tells_both(tmp_path: Path) -> None:
    with LoopbackKepco() as kepco:
        kepco.on, kepco.current_a = True, 1.2
        config = bench_file(SUPPLY.model_copy(update={"address": kepco.address}))
        told = take_to_zero(nobody_home(config), simulated=False)
        assert (kepco.on, kepco.current_a) == (False, 0.0)
    assert told.startswith("NOT SAFE: 3 instruments: ")
    assert told.endswith("; magnet at zero and off")


def test_a_magnet_that_does_not_answer_a_guardian_is_told() -> None:
    section = SUPPLY.model_copy(update={"address": "TCPIP0::127.0.0.1::9::SOCKET"})
    away, by_hand = nobody_home(bench_file(section)), bench_file(FieldSection())
    with closing(Opener(away.link)) as opener:
        assert switch_off_supply(away, opener).startswith("the magnet may STILL BE ON: field")
    assert switch_off_supply(by_hand, Opener(by_hand.link)) == ""


def nobody_home(config: InstrumentBenchConfig) -> InstrumentBenchConfig:
    """All sources and voltmeters at addresses where nobody listens."""
    nowhere = {"address": "TCPIP0::127.0.0.1::9::SOCKET"}
    sources = {label: section.model_copy(update=nowhere) for label, section in config.sources.items()}
    link = config.link.model_copy(update={"visa_library": "@py", "timeout_s": 0.2})
    return config.model_copy(update={"sources": sources, "link": link})
