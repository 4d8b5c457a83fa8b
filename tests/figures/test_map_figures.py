"""Figures of measured switching maps: what was measured, how soft and how sure it is, and what is missing."""

from collections import Counter
from collections.abc import Iterator
from itertools import combinations, product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.patches import Rectangle

from mtjlab.domain import Interval, SwitchingConfiguration
from mtjlab.drawing import draw
from mtjlab.events import CurveTaken, Presented
from mtjlab.figures.configurations import blended, colour_of
from mtjlab.figures.style import INK, RC, UNFINISHED
from mtjlab.procedures.swept import record_of
from mtjlab.procedures.switching_map.events import Probed
from mtjlab.procedures.switching_map.mapped import MeasuredMap, map_of_record
from mtjlab.procedures.switching_map.plan import MapPlan
from mtjlab.runs.opened import run_of
from tests.support.measurements import FIVE, figures_of, measured, said, staircase

CONTROLS_UA = ((-500.0,) * 3, (-460.0, -380.0, -560.0))
CURVES = MapPlan(controls_ua=CONTROLS_UA, way="curves", staircase=staircase(3))
RASTER = MapPlan(controls_ua=(CONTROLS_UA[0],) * 2, way="raster", staircase=staircase(), cell_ua=50, times=2)
ADAPTIVE = MapPlan(controls_ua=CONTROLS_UA, way="adaptive", staircase=staircase(), width_ua=15)
WAYS = {"curves": CURVES, "raster": RASTER, "adaptive": ADAPTIVE}
SIXTEEN = [f"[{a}A, {b}B]" for a, b in product(range(4), repeat=2)]


@pytest.fixture(scope="module", autouse=True)
def coarse() -> Iterator[None]:
    """Pixels take time, and nobody counts them here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(RC, "savefig.dpi", 40)
        yield


@pytest.fixture(scope="module")
def maps(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A finished map by each way."""
    return {way: measured(tmp_path_factory.mktemp(way), asked) for way, asked in WAYS.items()}


@pytest.fixture(scope="module")
def figures(maps: dict[str, Path]) -> dict[str, dict[str, Figure]]:
    """All figures of those."""
    return {way: figures_of(folder) for way, folder in maps.items()}


@pytest.fixture(scope="module")
def drawn(figures: dict[str, dict[str, Figure]]) -> dict[str, Figure]:
    """The switching maps among them."""
    return {way: named["switching-map"] for way, named in figures.items()}


def map_in(folder: Path) -> MeasuredMap:
    run = run_of(folder)
    return map_of_record(record_of(run), run.plan, run.config)


def written(figure: Figure) -> str:
    """In one line each, names of two lines too."""
    return said(figure).replace(",\n", ", ")


class TestWays:
    def test_a_map_comes_with_what_it_was_measured_by(self, figures: dict[str, dict[str, Figure]]) -> None:
        always = ["resistance-curves", "switching-map", "switching-probability"]
        assert list(figures["raster"]) == list(figures["adaptive"]) == always
        assert list(figures["curves"]) == [*always, "critical-inputs"]

    @pytest.mark.parametrize("way", WAYS)
    def test_boundaries_lie_where_the_junctions_switch(self, maps: dict[str, Path], way: str) -> None:
        """As often as not, in the time of a presentation."""
        for told, controls_ua in zip(map_in(maps[way]).inputs, WAYS[way].controls_ua, strict=True):
            expected = [up - control for up, control in zip((224, -66, 196), controls_ua, strict=True)]
            assert told.thresholds_ua(0.09) == pytest.approx(expected, abs=25 if way == "raster" else 12)

    @pytest.mark.parametrize("way", ["curves", "adaptive"])
    def test_all_sixteen_configurations_are_named(self, drawn: dict[str, Figure], way: str) -> None:
        text = written(drawn[way])
        assert [name for name in SIXTEEN if name not in text] == []

    @pytest.mark.parametrize("way", WAYS)
    def test_boundaries_are_solid_with_soft_edges_and_the_intervals_of_their_means_beside_them(
        self, drawn: dict[str, Figure], way: str
    ) -> None:
        plane, *strips, _sure, _bar = drawn[way].axes
        lines = [line for line in plane.lines if line.get_color() == INK and line.get_marker() == "None"]
        edges = [patch for patch in plane.patches if isinstance(patch, Rectangle) and patch.get_alpha() is not None]
        assert [line.get_linestyle() for line in lines] == ["-"] * 6
        assert len(edges) == 6
        assert [len(strip.containers) for strip in strips] == [3, 3]

    def test_how_sure_each_place_is_has_a_panel(self, drawn: dict[str, Figure]) -> None:
        figure = drawn["curves"]
        (image,) = [image for image in figure.axes[3].images if isinstance(image, AxesImage)]
        chances = np.asarray(image.get_array())
        assert 0.2 < chances.min() < 0.4  # where a boundary for A meets one for B
        assert chances.max() == pytest.approx(1)

    def test_curves_and_probes_leave_their_marks_along_the_sides(self, drawn: dict[str, Figure]) -> None:
        for way, expected in (("curves", 3), ("adaptive", None)):
            _, above, *_ = drawn[way].axes
            marks: list[Any] = [collection for collection in above.collections if len(collection.get_paths()) > 0]
            counts = [len(mark.get_paths()) for mark in marks if mark.get_color().shape[0] and mark.get_alpha()]
            assert sum(counts) > 9 if expected is None else counts[:3] == [expected] * 3

    def test_five_junctions_have_36_configurations(self, tmp_path: Path) -> None:
        five = MapPlan(controls_ua=((-500.0,) * 5,) * 2, way="curves", staircase=staircase(2))
        text = written(figures_of(measured(tmp_path, five, FIVE))["switching-map"])
        names = [f"[{a}A, {b}B]" for a, b in product(range(6), repeat=2)]
        assert [name for name in names if name not in text] == []


class TestCells:
    def test_each_cell_has_the_colour_of_what_came_most_often(
        self, maps: dict[str, Path], drawn: dict[str, Figure]
    ) -> None:
        mapped, figure = map_in(maps["raster"]), drawn["raster"]
        boxes = [patch for patch in figure.axes[0].patches if isinstance(patch, Rectangle) and patch.get_width() == 50]
        colours = {(box.get_x() + 25, box.get_y() + 25): to_rgb(box.get_facecolor()) for box in boxes}
        assert len(colours) == 144
        for at, configuration in mapped.most_often.items():
            assert colours[at] == pytest.approx(colour_of(configuration, 3))

    def test_cells_that_did_not_always_give_the_same_are_marked(
        self, maps: dict[str, Path], drawn: dict[str, Figure]
    ) -> None:
        mapped, figure = map_in(maps["raster"]), drawn["raster"]
        marked = {
            (line.get_xdata()[0], line.get_ydata()[0]) for line in figure.axes[0].lines if line.get_marker() == "o"
        }
        assert marked == {at for at, came in mapped.cells.items() if len(came) > 1}
        assert marked

    def test_a_cell_that_gave_nothing_has_no_configuration(self) -> None:
        at, other = (325.0, 325.0), (375.0, 325.0)
        cells = {at: Counter([None, None]), other: Counter([None, SwitchingConfiguration((1, 0))])}
        mapped = MeasuredMap(RASTER, (), (), cells, 0.09)
        assert mapped.most_often == {other: SwitchingConfiguration((1, 0))}


class TestUnfinishedMaps:
    def test_a_map_that_was_stopped_says_so_and_has_a_question_mark_for_what_is_not_known(self, tmp_path: Path) -> None:
        folder = measured(tmp_path, CURVES, until=(CurveTaken, 2))
        figure = figures_of(folder)["switching-map"]
        text = said(figure)
        assert "stopped: 2 of 6 curves" in text
        assert "input B: nothing measured yet" in text
        assert {f"[{count}A, ?B]" for count in range(4)} <= set(text.splitlines())
        assert figure.axes[1]._left_title.get_color() == UNFINISHED

    def test_cells_that_were_not_presented_stay_blank_and_the_others_have_their_names(self, tmp_path: Path) -> None:
        folder = measured(tmp_path, RASTER, until=(Presented, 30))
        figure = figures_of(folder)["switching-map"]
        boxes = [patch for patch in figure.axes[0].patches if isinstance(patch, Rectangle) and patch.get_width() == 50]
        text = said(figure)
        assert run_of(folder).unfinished == "stopped: 30 of 288 presentations"
        assert len(boxes) == 30
        assert "input B: not determined: J1, J2, J3" in text
        assert "?" not in text
        assert "[3A, 0B]" in text

    def test_a_few_probes_are_drawn_as_far_as_they_tell(self, tmp_path: Path) -> None:
        paths = draw(measured(tmp_path, ADAPTIVE, until=(Probed, 1)))
        text = (tmp_path / "figures" / "switching-map.svg").read_text(encoding="utf-8")
        assert {path.stem for path in paths} == {
            "energy",
            "resistance-curves",
            "switching-map",
            "switching-probability",
        }
        assert "measured by probes" in text
        assert f"{run_of(tmp_path).unfinished}<" in text
        assert run_of(tmp_path).unfinished.startswith("stopped: 1 probe of ")
        assert "SIMULATED BENCH" in text

    def test_a_junction_that_never_switches_has_no_part_in_the_map(self, tmp_path: Path) -> None:
        low = CURVES.model_copy(update={"staircase": staircase(2, input_stop_ua=650.0)})
        mapped = map_in(measured(tmp_path, low))
        text = said(figures_of(tmp_path)["switching-map"])
        assert [told.beyond for told in mapped.inputs] == [(0, 2), (0, 2)]
        assert "input A: J1, J3 never switched up to 650 µA" in text
        assert {"[0A, 0B]", "[0A, 1B]", "[1A, 0B]", "[1A, 1B]"} <= set(text.splitlines())


class TestColours:
    @pytest.mark.parametrize("junctions", [1, 3, 5])
    def test_no_two_configurations_have_the_same_colour_nor_that_of_a_blank_cell(self, junctions: int) -> None:
        counts = product(range(junctions + 1), repeat=2)
        colours = [colour_of(SwitchingConfiguration(pair), junctions) for pair in counts]
        apart = [np.abs(np.subtract(*pair)).max() for pair in combinations([*colours, (1.0, 1.0, 1.0)], 2)]
        assert min(apart) > 0.03

    def test_names_can_be_read_on_all_of_them(self) -> None:
        def luminance(colour: Any) -> float:
            linear = [((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(colour)]
            return float(np.dot(linear, (0.2126, 0.7152, 0.0722)))

        for pair in product(range(4), repeat=2):
            contrast = (luminance(colour_of(SwitchingConfiguration(pair), 3)) + 0.05) / (luminance(INK) + 0.05)
            assert contrast > 3.5

    def test_soft_edges_are_mixtures_by_probability(self) -> None:
        never, always = np.array([[1.0, 0.0]]), np.array([[0.0, 1.0]])
        either = np.array([[0.5, 0.5]])
        mixed = blended([either, never], 1)[0, 0]
        assert mixed == pytest.approx((blended([never, never], 1)[0, 0] + blended([always, never], 1)[0, 0]) / 2)


def test_a_map_shows_what_lies_around_its_boundaries(maps: dict[str, Path]) -> None:
    along_a, along_b = map_in(maps["curves"]).shown
    assert along_a.low_ua == 300
    assert along_b.high_ua == pytest.approx(876, abs=12)
    assert map_in(maps["raster"]).shown == (Interval(300, 900),) * 2
