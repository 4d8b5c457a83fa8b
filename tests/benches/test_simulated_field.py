"""The field of a bench in process: a supply with remanence and a gaussmeter, in the time of the junctions."""

from statistics import fmean, stdev
from typing import Any

import pytest

from instruments.simulated.magnet import Magnet, MagnetModel
from instruments.simulated.physics import JunctionChain
from mtjlab.benches import Equipment, open_equipment
from mtjlab.benches.simulated_field import SimulatedField
from mtjlab.benches.simulated_rack import junction_models
from mtjlab.config import SimulatedBenchConfig, SimulatedFieldSection, Simulation
from mtjlab.errors import LimitExceededError
from mtjlab.events import FieldPlanned, FieldSet
from mtjlab.procedures.magnet import move_field
from mtjlab.procedures.safe import connect, go_safe
from tests.support.equipment import drive

QUIET = {"gaussmeter_noise_mt": 0.0}


def equipment(truth: dict[str, Any] | None = None, seed: int = 1, **field: Any) -> Equipment:
    simulation = Simulation(**{**QUIET, **(truth or {})})
    return open_equipment(SimulatedBenchConfig(simulation=simulation, field=SimulatedFieldSection(**field)), seed)


def test_a_bench_without_the_table_has_a_constant_field() -> None:
    assert open_equipment(SimulatedBenchConfig()).field is None


def test_the_field_ramps_in_bench_time_and_is_read_back_both_ways() -> None:
    made = equipment({"gaussmeter_offset_mt": 0.2}, ramp_mt_per_s=2.0)
    assert made.field is not None
    report = made.field.switch_on()
    assert (report.field_mt, report.gaussmeter_mt, report.how) == (6.0, 6.2, "SIMULATED")
    assert made.bench.time_s == pytest.approx(3.0)
    assert made.field.set_mt(-4.0).gaussmeter_mt == pytest.approx(-3.8)
    assert made.bench.time_s == pytest.approx(8.0)
    off = made.field.switch_off()
    assert off is not None
    assert off.field_mt == 0.0
    assert made.field.switch_off() is None


def test_a_magnet_keeps_its_remanence_in_the_direction_it_comes_from() -> None:
    made = equipment({"remanence_mt": 0.3})
    assert made.field is not None
    shown = [made.field.set_mt(field_mt).gaussmeter_mt for field_mt in (20.0, 0.0, -20.0, 0.0)]
    assert shown == pytest.approx([19.7, 0.3, -19.7, -0.3])


def test_a_gaussmeter_has_noise_of_its_seed_and_offset() -> None:
    shown = [Magnet(MagnetModel(0.0, 1e-5, 2e-4), seed=3).shown_t() for _ in range(2)]
    assert shown[0] == shown[1]
    noisy = Magnet(MagnetModel(0.0, 1e-5, 2e-4), seed=3)
    assert fmean(noisy.shown_t() for _ in range(400)) == pytest.approx(2e-4, abs=2e-6)


def test_a_move_is_planned_before_and_read_after() -> None:
    made = equipment(ramp_mt_per_s=5.0)
    assert made.field is not None
    moving = move_field(made.bench, made.field, 10.0, most_ua=0.0)
    planned = next(moving)
    assert planned == FieldPlanned(0.0, 0.0, 10.0, 5.0, (0.0, 0.0, 0.0), 0.0)
    assert made.field.read().supply_mt == 0.0
    (reached,), returned = drive(moving)
    assert returned is reached
    assert reached == FieldSet(2.0, 10.0, "SIMULATED", 10.0)


@pytest.mark.parametrize(
    ("to_mt", "most_ua", "why"),
    [
        (31.0, 1e3, "A field of 31 mT was requested, but its supply makes up to 30 mT. Nothing was set"),
        (10.0, 400.0, "at most 400 uA through each junction, but J1 carries -500 uA, J2 carries -500 uA, J3 carries"),
    ],
)
def test_a_field_out_of_reach_or_under_current_is_refused_before_anything_is_planned(
    to_mt: float, most_ua: float, why: str
) -> None:
    made = equipment()
    assert made.field is not None
    made.bench.connect()
    made.bench.switch_on()
    made.bench.execute(made.bench.plan((-500.0,) * 3))
    with pytest.raises(LimitExceededError, match=why):
        next(move_field(made.bench, made.field, to_mt, most_ua))
    assert made.field.read().supply_mt == 0.0


def test_a_ramp_of_the_field_switches_junctions_where_one_of_the_current_does() -> None:
    """5 mT/s shift thresholds by 100 uA/s, as fast as the reference ramp, to which their means refer."""
    found_mt = [switching_field_mt(seed) for seed in range(300)]
    mean_mt, spread_mt = 6.0 + 224.0 / 20.0, 4.3 / 20.0
    assert fmean(found_mt) == pytest.approx(mean_mt, abs=4 * spread_mt / 300**0.5)
    assert stdev(found_mt) == pytest.approx(spread_mt, rel=0.2)


def switching_field_mt(seed: int) -> float:
    """Where a junction without current becomes parallel, on a ramp in small parts."""
    truth = Simulation(critical_current_ap_to_p_ua=(224.0,), critical_current_p_to_ap_ua=(-57.0,))
    chain = JunctionChain(junction_models(truth), seed)
    field = SimulatedField(chain, Magnet(MagnetModel(), seed), SimulatedFieldSection(ramp_mt_per_s=5.0))
    field.set_mt(15.0)
    now_mt = 15.0
    while chain.states == ("AP",):
        now_mt += 0.05
        field.set_mt(now_mt)
    return now_mt - 0.025


def test_every_run_begins_and_ends_at_zero_field() -> None:
    made = equipment()
    assert made.field is not None
    begun, _ = drive(connect(made.bench, made.field))
    assert [(event.type, event.field_mt) for event in begun] == [("field-set", 6.0)]
    ended, _ = drive(go_safe(made.bench, made.field))
    assert [event.type for event in ended] == ["went-safe", "field-set"]
    assert ended[-1].field_mt == 0.0
