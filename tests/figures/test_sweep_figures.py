"""Figures of a sweep and of a shift: every repetition, what they amount to, and how far an unfinished one came."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mtjlab.analysis.estimates import CriticalEstimate
from mtjlab.drawing import draw
from mtjlab.errors import RefusedError
from mtjlab.events import ControlsPlanned, CurveTaken, Parent, SweepPoint
from mtjlab.figures.direction_panels import interval_text
from mtjlab.figures.directions import swept_directions
from mtjlab.figures.probabilities import counted
from mtjlab.figures.repeated_curves import legs_of
from mtjlab.figures.style import RC, current
from mtjlab.procedures.shift.figures import move_colours, moves_of
from mtjlab.procedures.shift.plan import ShiftPlan
from mtjlab.procedures.sweep.plan import SweepPlan
from mtjlab.reading import read_events
from mtjlab.runs.opened import run_of
from tests.support.asking import figures_record
from tests.support.journals import folded
from tests.support.measurements import FIVE, RUN, figures_of, measured, said, staircase

ALL = ["resistance-curves", "switching-probability", "critical-inputs"]
START_UA = (-500.0,) * 3
LOOPS = SweepPlan(controls_ua=START_UA, staircase=staircase(input_start_ua=0.0))
UP = SweepPlan(controls_ua=START_UA, legs="up", staircase=staircase(2))
SHIFT = ShiftPlan(controls_ua=START_UA, by_ua=(-40.0, 40.0), staircase=staircase(2))


@pytest.fixture(scope="module", autouse=True)
def coarse() -> Iterator[None]:
    """Pixels take time, and nobody counts them here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(RC, "savefig.dpi", 40)
        yield


@pytest.fixture(scope="module")
def loops(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished sweep."""
    return measured(tmp_path_factory.mktemp("sweep"), LOOPS)


@pytest.fixture(scope="module")
def drawn(loops: Path) -> dict[str, str]:
    """What its figures say."""
    return {name: said(figure) for name, figure in figures_of(loops).items()}


class TestSweep:
    def test_it_gets_curves_probabilities_and_critical_inputs_that_say_where_they_come_from(
        self, tmp_path: Path
    ) -> None:
        drawn = draw(measured(tmp_path, UP))
        assert [path.name for path in drawn] == [
            f"{stem}.{kind}" for stem in (*ALL, "energy") for kind in ("png", "svg")
        ]
        for path in drawn[1::2]:
            assert f"run {RUN}  ·  mtjlab 0.1.0  ·  SIMULATED BENCH<" in path.read_text(encoding="utf-8")

    def test_all_repetitions_of_the_curves_are_drawn_and_no_reference_sweep_is_among_them(
        self, loops: Path, drawn: dict[str, str]
    ) -> None:
        legs = list(legs_of(figures_record(loops).curves))
        assert [rising for rising, _ in legs] == [True, False] * 4
        assert {len(leg) for _, leg in legs} == {91}
        assert "4 legs, input rising" in drawn["resistance-curves"]

    @pytest.mark.parametrize("name", ["switching-probability", "critical-inputs"])
    def test_the_numbers_are_those_of_the_run_and_the_ramp_is_named(
        self, loops: Path, drawn: dict[str, str], name: str
    ) -> None:
        switching, text = folded(read_events(loops)).switching, drawn[name]
        assert switching is not None
        for estimate in (*switching.series[0].up, *switching.series[0].down):
            assert isinstance(estimate, CriticalEstimate)
            critical = estimate.shifted(500.0)
            assert f"{critical.law.mean_ua:.1f} ({interval_text(critical.mean_interval)}) µA" in text
            assert f"spread {critical.law.spread_ua:.1f}" in text
        assert "steps of 10 µA, 50 ms each: 200 µA/s" in text
        assert "continuous ramp at 100 µA/s" in text

    def test_counts_are_of_all_repetitions(self, loops: Path) -> None:
        for direction in swept_directions(figures_record(loops).state, 0, 0.02):
            for k in range(3):
                count = counted(direction, k)
                assert count is not None
                assert set(count.trials.tolist()) == {4}
                assert {0, 1} <= set(count.shares.tolist())

    def test_legs_that_only_rise_fill_one_column(self, tmp_path: Path) -> None:
        figures = figures_of(measured(tmp_path, UP))
        assert "P → AP" not in said(figures["critical-inputs"])
        assert "input falling" not in said(figures["resistance-curves"])

    def test_a_junction_that_never_switches_is_not_determined_and_says_why(self, tmp_path: Path) -> None:
        short = LOOPS.model_copy(update={"legs": "up", "staircase": staircase(2, input_stop_ua=710.0)})
        text = said(figures_of(measured(tmp_path, short))["switching-probability"])
        assert text.count("not determined:") == 1
        assert "did not switch" in text

    def test_five_junctions_get_a_panel_each(self, tmp_path: Path) -> None:
        five = SweepPlan(controls_ua=(-500.0,) * 5, legs="up", staircase=staircase(2))
        figures = figures_of(measured(tmp_path, five, FIVE))
        assert [said(figures[name]).count("J5") for name in ALL] == [1, 1, 1]


class TestUnfinishedSweeps:
    def test_the_line_of_origin_says_how_far_it_came(self, tmp_path: Path) -> None:
        folder = measured(tmp_path, LOOPS, until=(CurveTaken, 2))
        assert run_of(folder).unfinished == "stopped: 2 of 4 curves"
        assert list(figures_of(folder)) == ALL

    def test_a_curve_that_broke_off_is_drawn_as_far_as_it_came_and_counts_for_nothing(self, tmp_path: Path) -> None:
        folder = measured(tmp_path, LOOPS, until=(SweepPoint, 362 + 20))
        assert len(figures_record(folder).curves) == 20
        assert list(figures_of(folder)) == ["resistance-curves"]

    def test_one_that_stopped_in_its_references_shows_those(self, tmp_path: Path) -> None:
        folder = measured(tmp_path, LOOPS, until=(SweepPoint, 40))
        drawn, origin, *_ = draw(folder)
        assert "stopped: 0 of 4 curves" in origin.read_text(encoding="utf-8")
        assert drawn.name == "resistance-curves.png"

    def test_one_that_stopped_before_it_is_refused(self, tmp_path: Path) -> None:
        folder = measured(tmp_path, LOOPS, until=(ControlsPlanned, 1))
        with pytest.raises(RefusedError, match="nothing to draw yet"):
            draw(folder)

    def test_a_resumed_one_tells_of_the_curves_it_took_over(self, tmp_path: Path, loops: Path) -> None:
        progress = folded(read_events(loops)).progress
        folder = measured(
            tmp_path, LOOPS, until=(SweepPoint, 40), parent=Parent("2026-11-23/0001-sweep", 9, 9, progress)
        )
        assert list(figures_of(folder)) == ALL


class TestShift:
    def test_a_panel_shows_the_series_in_which_its_own_control_current_alone_was_moved(self) -> None:
        assert moves_of(SHIFT, 0) == {0: 0, 1: -40, 2: 40}
        assert moves_of(SHIFT, 2) == {0: 0, 5: -40, 6: 40}

    def test_each_move_has_a_colour_of_its_own(self) -> None:
        colours = move_colours(SHIFT)
        assert list(colours) == [-40, 0, 40]
        assert len(set(colours.values())) == 3

    def test_its_curves_are_told_apart_by_the_move(self, tmp_path: Path) -> None:
        text = said(figures_of(measured(tmp_path, SHIFT))["resistance-curves"])
        for words in (f"moved by {current(-40)} µA", "moved by +40 µA", "(top axis)"):
            assert words in text
