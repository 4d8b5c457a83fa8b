"""Figures of control currents and recognition against training step (the paper's Fig. 2e and f)."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mtjlab.domain import ControlCurrents, input_label
from mtjlab.figures.style import FAINT, INK, count_steps, place_inside
from mtjlab.palette import junction_colours
from mtjlab.procedures.training.events import Prediction, RecognitionMeasured, WarmStarted
from mtjlab.procedures.training.expected import are_joined

_TEST = "#7b3294"
_MOST_MARKED = 30
"""Maximum number of measurements marked by symbols."""


def control_currents_figure(controls_by_step: Sequence[ControlCurrents]) -> Figure:
    """One panel for each input, A on top."""
    inputs = len(controls_by_step[0].by_input_ua)
    figure = Figure((5.2, 1.0 + 1.7 * inputs))
    room = place_inside(figure, left=0.75, right=0.7, bottom=0.42, top=0.12)
    grid = figure.subplots(inputs, sharex=True, squeeze=False, gridspec_kw={**room, "hspace": 0.1})
    draw_control_currents(list(grid[:, 0]), controls_by_step)
    return figure


def draw_control_currents(panels: Sequence[Axes], controls_by_step: Sequence[ControlCurrents]) -> None:
    """Draw control currents of every junction: input A in the first of ``panels``, B in the next."""
    for j, panel in enumerate(panels):
        junctions = len(controls_by_step[0].by_input_ua[j])
        for k, colour in enumerate(junction_colours(junctions)):
            course_ua = [controls.by_input_ua[j][k] for controls in controls_by_step]
            width_pt = 2.8 - 1.6 * k / max(1, junctions - 1)  # those on top are thinner: none hides another
            panel.plot(course_ua, color=colour, label=rf"$I_{{\mathrm{{C}}{k + 1}}}$", linewidth=width_pt)
        panel.set_ylabel(rf"$I_{{\mathrm{{C}}i}}^{{\,\mathrm{{{input_label(j)}}}}}$ (µA)")
        panel.margins(x=0.02, y=0.12)
    longest = max(panels, key=lambda panel: len(panel.lines))
    longest.legend(loc="upper left", bbox_to_anchor=(1.0, 1.05))
    count_steps(panels[-1])


def recognition_figure(
    recognition: Sequence[RecognitionMeasured],
    classes: int,
    warm: WarmStarted | None = None,
    between: Mapping[int, Prediction] = MappingProxyType({}),
) -> Figure:
    """Recognition rates of both subsets; in another style those expected ``between`` measurements, by step.

    With a warm start also the rates expected from it, and without it.
    """
    figure = Figure((5.2, 3.3))
    axes = figure.subplots(gridspec_kw=place_inside(figure, left=0.6, right=0.2, bottom=0.42, top=0.15))
    draw_recognition(axes, recognition, classes)
    if between:
        _draw_between(axes, between)
    if warm is not None:
        _draw_expected(axes, warm)
    return figure


def draw_recognition(axes: Axes, recognition: Sequence[RecognitionMeasured], classes: int) -> None:
    """Draw recognition rates in %, with the last in numbers, and the chance level."""
    steps = [measured.step for measured in recognition]
    marker = "o" if len(steps) <= _MOST_MARKED else ""
    joined = are_joined(steps)
    last = recognition[-1]
    for rates, final, name, colour, line in (
        ([measured.train for measured in recognition], last.train, "train", INK, "-"),
        ([measured.test for measured in recognition], last.test, "test", _TEST, (0, (4, 1.2))),
    ):
        label = f"{name}  {final:.1%}".replace("%", " %")
        axes.plot(
            steps,
            [100 * rate for rate in rates],
            color=colour,
            ls=line if joined else "",
            marker=marker,
            ms=3,
            label=label,
        )
    axes.axhline(100 / classes, color=FAINT, linewidth=0.7, linestyle=":", label=f"chance  {100 / classes:.1f} %")
    axes.set(ylim=(0, 103), ylabel="recognition rate (%)")
    axes.legend(loc="center right", title=f"at step {last.step}", alignment="left")
    count_steps(axes)


def _draw_between(axes: Axes, between: Mapping[int, Prediction]) -> None:
    """Draw expected rates between measurements as small crosses: no line joins them to measured ones."""
    for rates, colour in (
        ([one.train for one in between.values()], INK),
        ([one.test for one in between.values()], _TEST),
    ):
        axes.plot(list(between), [100 * rate for rate in rates], "x", ms=2.5, mew=0.6, color=colour, alpha=0.6)
    axes.plot([], [], "x", ms=3, mew=0.6, color=INK, label="expected, not measured")
    _relabel(axes)


def _draw_expected(axes: Axes, warm: WarmStarted) -> None:
    """Draw expected rates as hollow symbols, to distinguish them from measured ones."""
    for expected, marker, name in ((warm.warm, "D", "warm start"), (warm.cold, "s", "start of the plan")):
        rates = f"{expected.train:.1%} / {expected.test:.1%}".replace("%", " %")
        for rate, colour in ((expected.train, INK), (expected.test, _TEST)):
            axes.plot([0], [100 * rate], marker, ms=6, mfc="none", mec=colour, zorder=4, clip_on=False)
        axes.plot([], [], marker, ms=6, mfc="none", mec=INK, label=f"expected, {name}  {rates}")
    _relabel(axes)


def _relabel(axes: Axes) -> None:
    """Draw the legend again, with what was added."""
    before = axes.get_legend()
    axes.legend(loc="center right", alignment="left", title=before.get_title().get_text() if before else None)
