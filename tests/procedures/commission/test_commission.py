"""What a commissioning finds: each planted difference, none on a right rack; the bench file with its values."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from instruments.simulated.bench import SimulatedBench
from instruments.traffic import Recorded
from mtjlab.benches.simulators import simulator_spec
from mtjlab.benches.traffic import study_of
from mtjlab.config import InstrumentBenchConfig, PlanConfig, read_bench
from mtjlab.domain import LinkStudy
from mtjlab.procedures.commission.bench_file import commissioned_text
from mtjlab.procedures.commission.events import Commissioned, SourceStepped
from mtjlab.procedures.commission.plan import CommissionPlan
from mtjlab.procedures.commission.procedure import commission
from mtjlab.procedures.kind import ProcedureContext
from tests.support.equipment import drive
from tests.support.wired import CONFIGS, NoLog, Wires, bench_on, wired_config

RACKS = ("mixed.toml", "keithley-2400.toml", "keithley-6221-2182a.toml", "fast-rack.toml", "field.toml")
MS = 1e-3


def commissioned(config: InstrumentBenchConfig, seed: int = 0) -> tuple[Commissioned, list[SourceStepped], float]:
    """A commissioning of simulated instruments; and the largest current that a junction carried (uA)."""
    largest_a = [0.0]

    class Watching(NoLog):
        def currents(self, *told: Any) -> None:
            largest_a.append(max(map(abs, told[2])))

    simulated = SimulatedBench(simulator_spec(config, Path("nowhere"), seed), Watching())
    wires = Wires(simulated)
    bench = bench_on(simulated, config, wires)
    bench.connect()
    bench.go_safe()
    bench.switch_on()

    def study() -> LinkStudy:
        return study_of(Recorded(tuple(wires.exchanges), 1.0), config)

    context = ProcedureContext(CommissionPlan(), PlanConfig(), config, study_link=study)
    events, done = drive(commission(bench, context))
    bench.go_safe()
    return done, [one for one in events if isinstance(one, SourceStepped)], 1e6 * max(largest_a)


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("file", RACKS)
def test_nothing_is_invented_on_a_right_rack_and_no_junction_carries_more_than_the_probe(file: str, seed: int) -> None:
    done, stepped, largest_ua = commissioned(wired_config(file), seed)
    assert done.differences == ()
    assert done.line_hz == 50.0
    assert len(stepped) == CommissionPlan().steps * len(done.sources)
    assert largest_ua == pytest.approx(CommissionPlan().probe_ua, rel=1e-3)
    truth_s = wired_config(file).simulation.source_settling_s
    assert all(one.settling_s == pytest.approx(truth_s, abs=one.uncertain_s + 0.2 * MS) for one in done.sources)
    assert all(abs(one.offset_mv) < 0.02 for one in done.meters)


def test_each_planted_difference_is_found_and_said_of_its_part_alone() -> None:
    faults = (
        "source J2:settling=0.03",
        "voltmeter J1:other-firmware",
        "voltmeter J2:line-frequency=60",
        "source J3:late-reply=0.1",
    )
    done, _, _ = commissioned(wired_config("mixed.toml", *faults))
    assert {(one.role, one.sent) for one in done.differences} == {
        ("source J2", "a step"),
        ("voltmeter J1", "*IDN?"),
        ("voltmeter J1", ":SYST:ERR?"),
        ("voltmeter J2", "the line frequency"),
        ("source J3", "any message"),
    }
    assert done.sources[1].settling_s == pytest.approx(30 * MS, rel=0.1)


@pytest.mark.parametrize("settling_s", [3 * MS, 8 * MS, 40 * MS])
def test_settling_is_measured(settling_s: float) -> None:
    config = wired_config("mixed.toml", f"sources:settling={settling_s}")
    done, _, _ = commissioned(config)
    for one in done.sources[:2]:
        assert one.settling_s == pytest.approx(settling_s, rel=0.2, abs=MS)
    slower = {one.role for one in done.differences}
    assert slower == ({"source J1", "source J2", "source J3"} if settling_s > 0.03 else set())
    assert done.settle_s >= settling_s


def test_settling_is_kept_where_no_more_is_known_than_that_sources_are_fast() -> None:
    """What is uncertain of the time of a setting neither shortens the waiting time nor makes it longer."""
    config = wired_config("mixed.toml")
    done, _, _ = commissioned(config)
    assert {one.settling_s for one in done.sources} == {0.0}
    assert done.settle_s <= config.timing.settle_s


def test_a_rack_at_60_hz_with_hum_gets_its_line_frequency_and_its_noise() -> None:
    faults = [f"voltmeter J{k}:line-frequency=60" for k in (1, 2, 3)]
    config = wired_config("keithley-6221-2182a.toml", *faults)
    truth = config.simulation.model_copy(update={"hum_mv": 1.0, "hum_hz": 60.0, "meter_offset_mv": (0.5, -0.2, 0.0)})
    done, _, _ = commissioned(config.model_copy(update={"simulation": truth}))
    assert done.line_hz == 60.0
    assert [round(one.offset_mv, 1) for one in done.meters] == [0.5, -0.2, 0.0]
    for one in done.meters:
        assert one.hum_mv == pytest.approx(1.0, rel=0.35)
        assert one.nplc is not None
        assert one.misjudged is not None
        assert one.misjudged < 1e-6


def test_the_new_bench_file_keeps_comments_and_order_and_is_read(tmp_path: Path) -> None:
    old = (CONFIGS / "mixed.toml").read_text("utf-8")
    config = wired_config("mixed.toml")
    done, _, _ = commissioned(config)
    done = replace(done, line_hz=60.0, settle_s=0.017)
    text = commissioned_text(old, config, done, "2026-12-01/0001-commission")
    (tmp_path / "new.toml").write_text(text, "utf-8")
    new = read_bench(tmp_path / "new.toml")
    assert isinstance(new, InstrumentBenchConfig)
    assert (new.timing.settle_s, new.link.line_frequency_hz) == (0.017, 60)
    assert new.sources == config.sources
    assert [new.voltmeters[label].nplc for label in new.labels] == [one.nplc for one in done.meters]
    comments = [line for line in old.splitlines() if line.startswith("#")]
    assert [line for line in text.splitlines() if line in comments] == comments
