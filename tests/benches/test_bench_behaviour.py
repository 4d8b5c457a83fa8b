"""What every bench does: simulated in process, drivers on simulated instruments, the same over TCP, and a real one.

``pytest --bench FILE -m hardware`` runs the last of these, with a few hundred uA through the chip of that bench.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import pytest

from mtjlab.bench import Bench
from mtjlab.config import PlanConfig, SweepSettings, read_bench
from mtjlab.domain import ControlCurrents, SwitchingConfiguration
from mtjlab.errors import BenchFaultError, LimitExceededError
from mtjlab.events import EncodedToken, JunctionsMeasured
from mtjlab.procedures.inputs import HeldInputs
from mtjlab.procedures.present import prepare_presenter
from mtjlab.procedures.reference_sweep import reference_sweep
from mtjlab.procedures.safe import connect, go_safe
from tests.support.equipment import drive, equipped_bench, with_simulation
from tests.support.returned import returned
from tests.support.samples import ENCODING
from tests.support.wired import unconnected, wired_config

CONFIGS = Path(__file__).parents[2] / "configs"
START_UA = (-500.0, -500.0, -500.0)
SWEEP = SweepSettings(input_stop_ua=900, input_step_ua=10, repetitions=1)


@pytest.fixture(scope="module")
def bench(door: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """Connected, its outputs on at zero; safe at the end."""
    folder = tmp_path_factory.mktemp(door)
    across, to_ground = CONFIGS / "keithley-6221-2182a.toml", CONFIGS / "keithley-2400.toml"
    opened: AbstractContextManager[Bench]
    if door == "in-process":
        opened = equipped_bench(read_bench(CONFIGS / "simulated.toml"), folder)
    elif door == "real":
        opened = equipped_bench(read_bench(request.config.getoption("--bench")), folder, simulate=False)
    elif door == "drivers":
        opened = nullcontext(unconnected(wired_config(across.name)))
    else:
        file = across if door == "tcp" else to_ground
        opened = equipped_bench(with_simulation(read_bench(file), speed=100.0), folder)
    with opened as bench:
        drive(connect(bench))
        yield bench
        drive(go_safe(bench))
        assert bench.is_safe


@pytest.fixture(autouse=True)
def at_start(bench: Bench) -> None:
    bench.idle()
    bench.execute(bench.plan(START_UA))


def polarity(bench: Bench) -> list[bool]:
    return [voltage > 0 for voltage in bench.read(2).samples_mv[-1]]


def test_at_the_start_every_junction_stands_where_a_nominal_one_would(bench: Bench) -> None:
    (sample, *_) = bench.read(2).samples_mv
    for voltage in sample:
        assert -1000 < voltage < -300


def test_a_reading_never_shows_the_currents_before_a_setting(bench: Bench) -> None:
    for _ in range(25):
        bench.apply(650.0)
        assert polarity(bench) == [True] * 3
        bench.idle()
        assert polarity(bench) == [False] * 3


def test_an_input_moves_every_junction_by_the_same_current(bench: Bench) -> None:
    bench.apply(600.0)
    reading = bench.read(2)
    assert reading.currents_ua == (100.0, 100.0, 100.0)
    assert len(reading.samples_mv) == 2
    assert len({len(sample) for sample in reading.samples_mv}) == 1


def test_controls_of_their_own_reach_each_junction(bench: Bench) -> None:
    before = bench.read(2).samples_mv[-1]
    bench.execute(bench.plan((-400.0, -500.0, -600.0)))
    after = bench.read(2).samples_mv[-1]
    assert after[0] > before[0] + 30
    assert abs(after[1] - before[1]) < 10
    assert after[2] < before[2] - 30


def test_what_leaves_the_limits_is_refused_before_anything_is_written(bench: Bench) -> None:
    with pytest.raises(LimitExceededError):
        bench.apply(5000.0)
    with pytest.raises(LimitExceededError):
        bench.plan((-5000.0, -500.0, -500.0))
    assert bench.currents_ua == START_UA


def test_controls_do_not_move_under_an_input(bench: Bench) -> None:
    plan = bench.plan((-510.0, -510.0, -510.0))
    bench.apply(100.0)
    with pytest.raises(BenchFaultError, match="controls move only as planned"):
        bench.execute(plan)


def test_time_goes_on(bench: Bench) -> None:
    before = bench.time_s
    bench.hold(0.1)
    assert bench.time_s >= round(before + 0.1, 6)  # as the bench rounds: 0.02 + 0.1 is more than 0.12


def test_a_survey_sees_every_instrument_alive(bench: Bench) -> None:
    survey = bench.survey(4)
    assert survey.complaints == ("",) * 3
    assert all(len(samples) == 4 for samples in survey.samples_mv)
    assert survey.outputs_on == (True,) * 3
    assert True not in survey.limited


def test_junctions_are_measured_and_switch_one_after_another(bench: Bench) -> None:
    """A sweep gives references; then no, one and all junctions switch at inputs below, between and above."""
    _, measured = drive(reference_sweep(bench, SWEEP))
    assert isinstance(measured, JunctionsMeasured)
    bench.execute(bench.plan(START_UA))
    inputs_ua = sorted(measured.critical.inputs_ua(START_UA))
    between_ua = (inputs_ua[0] + inputs_ua[1]) / 2
    plan = PlanConfig()
    inputs = HeldInputs(bench, plan, measured)
    presenter = returned(prepare_presenter(inputs, ControlCurrents((START_UA, START_UA)), 0, ENCODING))
    for inputs, counts in (
        ((inputs_ua[0] - 100, between_ua), (0, 1)),
        ((inputs_ua[-1] + 60, inputs_ua[0] - 100), (3, 0)),
    ):
        _, presented = drive(presenter.present(EncodedToken("t", "ih", "train", inputs), 0, "recognition"))
        assert presented.configuration == SwitchingConfiguration(counts)
