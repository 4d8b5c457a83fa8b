"""Figures are drawn from the run folder alone, say where they come from, and agree with what was measured."""

import math
import random
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtjlab.analysis.regions import boundaries_ua, regions
from mtjlab.analysis.resistances import computed_resistances_kohm
from mtjlab.detection.references import JunctionReference
from mtjlab.detection.resistance import ResistanceLaw
from mtjlab.domain import (
    BenchDescription,
    ControlCurrents,
    CriticalCurrents,
    Interval,
    PerJunction,
    Reading,
    SwitchingConfiguration,
)
from mtjlab.drawing import draw
from mtjlab.encoding.fitted import Encoding
from mtjlab.errors import RefusedError
from mtjlab.events import ControlsPlanned, EncodedToken, Event, JunctionsMeasured, RunStarted, SweepPoint, TokensEncoded
from mtjlab.figures.labels import clearest_spot_ua, fits
from mtjlab.figures.style import RC
from mtjlab.learning import LearningStep
from mtjlab.palette import class_styles, tint
from mtjlab.procedures.training.confusion_figure import confusion_matrix
from mtjlab.procedures.training.events import RecognitionMeasured, StepTrained
from mtjlab.store import Journal

LAW = ResistanceLaw(r_p_ohm=1100, tmr=1.2, half_bias_mv=500, bias_per_v2=0.1)
START_UA = -500.0
SPACING_UA = 120.0
LAST_STEP = 21
RUN = "2026-11-23/0007-train"


def critical_currents(junctions: int) -> CriticalCurrents:
    """The paper's three junctions, and more of their kind."""
    up_ua = tuple(([224.0, -66.0, 196.0] + [60.0 * k - 100 for k in range(junctions)])[:junctions])
    spread_ua = (4.3,) * junctions
    return CriticalCurrents(up_ua, tuple(ua - 281 for ua in up_ua), spread_ua, spread_ua, 3, 100.0)


def sweep(critical: CriticalCurrents, controls_ua: PerJunction) -> Iterator[SweepPoint]:
    staircase_ua = [20.0 * k for k in range(46)]
    for rising, leg in ((True, staircase_ua), (False, staircase_ua[::-1])):
        for input_ua in leg:
            currents_ua = tuple(control + input_ua for control in controls_ua)
            switched_above = critical.up_ua if rising else critical.down_ua
            levels_mv = tuple(
                LAW.voltages_mv(ua)[0 if ua >= above else 1]
                for ua, above in zip(currents_ua, switched_above, strict=True)
            )
            yield SweepPoint(
                0, rising, Reading(input_ua, input_ua, currents_ua, (levels_mv, levels_mv)), purpose="reference"
            )


def configurations(classes: int, junctions: int, inputs: int) -> list[SwitchingConfiguration]:
    return [SwitchingConfiguration(counts) for counts in product(range(junctions + 1), repeat=inputs)][-classes:]


def encoding(labels: list[str], assigned: list[SwitchingConfiguration]) -> Encoding:
    return Encoding((), (), tuple(zip(labels, assigned, strict=True)), proven_optimal=False)


def tokens(labels: list[str], assigned: list[SwitchingConfiguration]) -> tuple[EncodedToken, ...]:
    rng = random.Random(1)
    return tuple(
        EncodedToken(
            f"w{n:02}{label}",
            label,
            "test" if n % 5 == 0 else "train",
            tuple(rng.gauss(300 + SPACING_UA * count, 20) for count in configuration.counts),
        )
        for label, configuration in zip(labels, assigned, strict=True)
        for n in range(10)
    )


def learnt(critical: CriticalCurrents, inputs: int, step: int) -> ControlCurrents:
    """From the start towards boundaries midway between the clouds of tokens, 10 uA a step."""
    ranks = np.argsort(np.argsort(critical.up_ua))
    targets_ua = np.array(critical.up_ua) - (300 + SPACING_UA * (ranks + 0.5))
    moves_ua = np.clip(np.round((targets_ua - START_UA) / 10), -step, step) * 10
    return ControlCurrents((tuple((START_UA + moves_ua).tolist()),) * inputs)


def recognition(labels: list[str], step: int) -> RecognitionMeasured:
    confusion = tuple((label, label, 7) for label in labels)
    lost = (labels[0], None, 1)
    return RecognitionMeasured(1.0, step, 0.9, 0.8, (*confusion, (labels[0], labels[-1], 2)), (*confusion, lost))


def training(
    junctions: int = 3, inputs: int = 2, classes: int = 7, steps: int = 12, data: str = "surrogate"
) -> Iterator[Event]:
    """The events of a training, without its presentations."""
    critical = critical_currents(junctions)
    labels = [f"c{k:02}" for k in range(classes)]
    assigned = configurations(classes, junctions, inputs)
    start = learnt(critical, inputs, 0)
    covered = Interval(-500, 400)
    bench = BenchDescription("simulated chain", "simulated", True, junctions)
    yield RunStarted(RUN, "train", bench, "vowels", data, 0, "mtjlab 0.1.0")
    yield ControlsPlanned(0.0, 0, start, ())
    yield from sweep(critical, start.by_input_ua[0])
    reference = JunctionReference(LAW, 0.0, 0.05, 0.05, covered, covered)
    yield JunctionsMeasured(1.0, (reference,) * junctions, critical)
    yield TokensEncoded(1.0, encoding(labels, assigned), tokens(labels, assigned))
    yield recognition(labels, 0)
    still = ((0,) * junctions,) * inputs
    for step in range(1, steps + 1):
        yield StepTrained(1.0, step, LearningStep(still, still), learnt(critical, inputs, step))
        yield recognition(labels, step)


def run_folder(folder: Path, events: Iterable[Event]) -> Path:
    with Journal(folder) as journal:
        for event in events:
            journal.append(event)
    return folder


def svg(folder: Path, name: str) -> str:
    return (folder / "figures" / f"{name}.svg").read_text(encoding="utf-8")


def names(paths: list[Path]) -> set[str]:
    return {path.stem for path in paths}


@pytest.fixture(scope="module", autouse=True)
def coarse() -> Iterator[None]:
    """Pixels take time, and nobody counts them here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(RC, "savefig.dpi", 50)
        yield


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a finished training of seven classes, with its figures."""
    folder = run_folder(tmp_path_factory.mktemp("run"), training(steps=LAST_STEP))
    draw(folder)
    return folder


@pytest.fixture
def swept(tmp_path: Path) -> Path:
    """The folder of a run stopped in its sweep: it has one figure."""
    return run_folder(tmp_path, list(training())[:12])


class TestDrawing:
    def test_a_training_gets_every_figure_of_the_paper_as_png_and_svg(self, drawn: Path) -> None:
        paths = list((drawn / "figures").iterdir())
        maps = {"map-step-000", "map-step-010", "map-step-020", "map-step-021", "maps"}
        courses = {"control-currents", "recognition", "confusion"}
        assert names(paths) == {"resistance-curves", "inputs", "overview", "energy"} | maps | courses
        assert len(paths) == 2 * len(names(paths))
        assert {path.suffix for path in paths} == {".png", ".svg"}

    def test_the_paths_of_all_figures_are_returned(self, swept: Path) -> None:
        assert draw(swept) == [
            swept / "figures" / f"{name}.{kind}" for name in ("resistance-curves", "energy") for kind in ("png", "svg")
        ]

    def test_each_figure_says_where_it_comes_from(self, drawn: Path) -> None:
        for path in (drawn / "figures").glob("*.svg"):
            text = path.read_text(encoding="utf-8")
            for words in (RUN, "SIMULATED BENCH", "surrogate vowels: drawn from published moments", "mtjlab 0.1.0"):
                assert words in text, f"{path.name} does not say {words}"

    def test_measured_data_and_a_real_bench_are_called_nothing_else(self, tmp_path: Path) -> None:
        started, *others = training(inputs=1, classes=2, steps=0, data="hillenbrand-1995")
        assert isinstance(started, RunStarted)
        real = replace(started, bench=replace(started.bench, simulated=False))
        draw(run_folder(tmp_path, [real, *others]))
        text = svg(tmp_path, "recognition")
        assert "hillenbrand-1995" in text
        assert "SIMULATED" not in text
        assert "surrogate" not in text

    def test_maps_say_what_their_boundaries_are_and_name_configurations_and_classes(self, drawn: Path) -> None:
        for name in ("map-step-021", "maps", "overview"):
            assert "boundaries computed from measured thresholds" in svg(drawn, name)
        assert "[3A, 3B]" in svg(drawn, "map-step-021")
        assert "c06" in svg(drawn, "map-step-021")

    def test_computed_curves_are_not_called_measured(self, drawn: Path) -> None:
        text = svg(drawn, "resistance-curves")
        assert "measured, input rising" in text
        assert "computed from the fit" in text

    def test_the_same_run_gives_the_same_picture(self, swept: Path) -> None:
        draw(swept)
        before = svg(swept, "resistance-curves")
        draw(swept)
        assert svg(swept, "resistance-curves") == before

    def test_drawing_leaves_the_settings_of_matplotlib_alone_and_needs_no_pyplot(
        self, swept: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)
        keys = set(mpl.rcParams) - {"backend"}  # to ask for the backend chooses one
        before = {key: mpl.rcParams[key] for key in keys}
        draw(swept)
        assert {key: mpl.rcParams[key] for key in keys} == before

    @pytest.mark.parametrize(("junctions", "inputs", "classes"), [(1, 1, 2), (3, 1, 4), (5, 3, 12), (2, 2, 9)])
    def test_any_number_of_junctions_inputs_and_classes(
        self, tmp_path: Path, junctions: int, inputs: int, classes: int
    ) -> None:
        paths = draw(run_folder(tmp_path, training(junctions, inputs, classes, steps=1)))
        assert {"resistance-curves", "inputs", "control-currents", "recognition", "confusion"} <= names(paths)
        assert ("maps" in names(paths)) is (inputs == 2)

    def test_names_that_look_like_formulas_are_drawn_as_they_are(self, tmp_path: Path) -> None:
        started, *others = training(inputs=1, classes=2, steps=0, data="my $classes$_$")
        draw(run_folder(tmp_path, [started, *others]))
        assert "my $classes$_$" in svg(tmp_path, "recognition")


class TestUnfinishedRuns:
    def test_without_recognition_there_is_no_figure_of_it(self, tmp_path: Path) -> None:
        events = [event for event in training(steps=2) if not isinstance(event, RecognitionMeasured)]
        paths = draw(run_folder(tmp_path, events))
        assert names(paths).isdisjoint({"recognition", "confusion", "overview"})
        assert {"map-step-000", "map-step-002", "control-currents"} <= names(paths)

    def test_a_run_that_only_measures_the_recognition_has_no_course(self, tmp_path: Path) -> None:
        paths = draw(run_folder(tmp_path, training(steps=0)))
        assert names(paths).isdisjoint({"control-currents", "overview"})
        assert {"recognition", "map-step-000"} <= names(paths)

    def test_a_run_stopped_in_its_sweep_shows_the_points_so_far(self, swept: Path) -> None:
        assert names(draw(swept)) == {"resistance-curves", "energy"}
        assert "computed" not in svg(swept, "resistance-curves")

    def test_a_run_without_data_is_refused(self, tmp_path: Path) -> None:
        run_folder(tmp_path, list(training())[:1])
        with pytest.raises(RefusedError, match="nothing to draw yet"):
            draw(tmp_path)
        assert not (tmp_path / "figures").exists()

    def test_a_folder_that_takes_no_figures_is_refused(self, tmp_path: Path) -> None:
        run_folder(tmp_path, training(steps=0))
        (tmp_path / "figures").write_text("in the way", encoding="utf-8")
        with pytest.raises(RefusedError, match="cannot be written"):
            draw(tmp_path)


currents_ua = st.floats(-800, 800).map(lambda ua: round(ua, 1))


@st.composite
def chips_and_controls(draw: st.DrawFn) -> tuple[CriticalCurrents, ControlCurrents]:
    junctions, inputs = draw(st.integers(1, 5)), draw(st.integers(1, 3))
    row = st.tuples(*[currents_ua] * junctions)
    up_ua, still = draw(row), (0.0,) * junctions
    critical = CriticalCurrents(up_ua, still, still, still, 1, 100.0)
    return critical, ControlCurrents(draw(st.tuples(*[row] * inputs)))


class TestRegions:
    def test_boundaries_are_critical_currents_minus_controls(self) -> None:
        controls = ControlCurrents(((-500.0, -500.0, -500.0), (-460.0, -380.0, -560.0)))
        assert boundaries_ua(lambda _: critical_currents(3), controls) == ((724.0, 434.0, 696.0), (684.0, 314.0, 756.0))

    def test_the_map_of_the_paper_at_step_0_has_16_regions(self) -> None:
        controls = ControlCurrents.uniform(START_UA, junctions=3, inputs=2)
        cut = regions(boundaries_ua(lambda _: critical_currents(3), controls), (Interval(300, 900), Interval(300, 900)))
        by_name = {str(region.configuration): region.bounds for region in cut}
        assert len(by_name) == 16
        assert by_name["[0A, 0B]"] == (Interval(300, 434), Interval(300, 434))
        assert by_name["[2A, 1B]"] == (Interval(696, 724), Interval(434, 696))
        assert by_name["[3A, 3B]"] == (Interval(724, 900), Interval(724, 900))

    @given(chips_and_controls(), st.lists(st.floats(0, 1), min_size=3, max_size=3))
    def test_every_point_has_the_configuration_of_the_junctions_that_switch_there(
        self, measured: tuple[CriticalCurrents, ControlCurrents], shares: list[float]
    ) -> None:
        critical, controls = measured
        shown = [Interval(0.0, 900.0)] * len(controls.by_input_ua)
        for region in regions(boundaries_ua(lambda _: critical, controls), shown):
            for j, (side, share, row_ua) in enumerate(
                zip(region.bounds, shares[: len(shown)], controls.by_input_ua, strict=True)
            ):
                input_ua = side.low_ua + (0.01 + 0.98 * share) * (side.high_ua - side.low_ua)
                switched = sum(ua + input_ua >= up for ua, up in zip(row_ua, critical.up_ua, strict=True))
                assert region.configuration.counts[j] == switched

    @given(chips_and_controls())
    def test_the_regions_fill_what_is_shown(self, measured: tuple[CriticalCurrents, ControlCurrents]) -> None:
        critical, controls = measured
        shown = [Interval(0.0, 900.0)] * len(controls.by_input_ua)
        cut = regions(boundaries_ua(lambda _: critical, controls), shown)
        sizes = [math.prod(side.high_ua - side.low_ua for side in region.bounds) for region in cut]
        assert math.fsum(sizes) == pytest.approx(900.0 ** len(shown))
        assert len({region.configuration for region in cut}) == len(cut)


class TestNames:
    room = (Interval(0.0, 100.0), Interval(0.0, 50.0))

    def test_a_name_fits_only_where_it_has_room_both_ways(self) -> None:
        assert fits(np.array([100.0, 50.0]), self.room)
        assert not fits(np.array([101.0, 10.0]), self.room)
        assert not fits(np.array([10.0, 51.0]), self.room)

    def test_among_no_tokens_a_name_stands_in_the_middle(self) -> None:
        assert clearest_spot_ua(np.array([20.0, 10.0]), self.room, np.empty((0, 2))) == (50, 25)

    def test_a_name_makes_way_for_tokens_and_stays_in_its_room(self) -> None:
        size, tokens_ua = np.array([20.0, 10.0]), np.array([[50.0, 25.0], [42.0, 21.0]])
        x_ua, y_ua = clearest_spot_ua(size, self.room, tokens_ua)
        assert 10 <= x_ua <= 90
        assert 5 <= y_ua <= 45
        assert not any(abs(x - x_ua) < 10 and abs(y - y_ua) < 5 for x, y in tokens_ua)


class TestColours:
    @pytest.mark.parametrize("count", [1, 7, 8, 16, 18, 19, 64])
    def test_no_two_classes_have_the_same_colour(self, count: int) -> None:
        colours = [style.colour for style in class_styles([f"c{k}" for k in range(count)]).values()]
        assert len(set(colours)) == count

    def test_the_colours_of_a_run_depend_on_its_classes_alone(self) -> None:
        vowels = ["ae", "ah", "aw", "er", "ih", "iy", "uw"]
        assert class_styles(vowels) == class_styles(list(vowels))

    def test_an_assigned_region_has_a_light_tint_of_the_colour_of_its_class(self, drawn: Path) -> None:
        text = svg(drawn, "map-step-021")
        for style in class_styles([f"c{k:02}" for k in range(7)]).values():
            assert f"fill: {style.colour}" in text
            assert f"fill: {tint(style.colour)}" in text


class TestComputedCurves:
    def test_the_resistance_falls_from_antiparallel_to_parallel_at_the_critical_current(self) -> None:
        currents_ua = np.array([-500.0, 223.0, 225.0])
        antiparallel, parallel = LAW.voltages_mv(223.0)[1], LAW.voltages_mv(225.0)[0]
        expected = [LAW.voltages_mv(-500.0)[1] / -500, antiparallel / 223, parallel / 225]
        assert computed_resistances_kohm(LAW, 224.0, currents_ua) == pytest.approx(expected)

    def test_there_is_none_within_the_dead_band(self) -> None:
        computed = computed_resistances_kohm(LAW, 224.0, np.array([-11.0, -10.0, 0.0, 10.0, 11.0]))
        assert np.isnan(computed).tolist() == [False, True, True, True, False]


def test_a_confusion_matrix_counts_answers_by_the_class_presented() -> None:
    confusion = (("ae", "ae", 5), ("ae", None, 1), ("iy", "ae", 2))
    counts = confusion_matrix(confusion, ["ae", "iy"], ["ae", "iy", None])
    assert counts.tolist() == [[5, 0, 1], [2, 0, 0]]
