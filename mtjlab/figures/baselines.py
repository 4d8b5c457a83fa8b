"""A network compared with the paper's baselines: recognition against training step (Fig. 3), and when converged."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mtjlab.analysis.baselines import TEST, TRAIN, Baseline, Ceiling
from mtjlab.arrays import FloatArray
from mtjlab.figures.labels import lines_within
from mtjlab.figures.style import FAINT, INK, ORIGIN_HEIGHT_IN, count_steps, place_inside

_WIDTH_IN, _PANEL_IN, _ROW_IN = 8.2, 2.7, 0.155
_TABLE_PT, _CAPTION_PT, _LINE_EM = 7.0, 6.5, 1.3
_COLUMNS = {"parameters": 0.6, "% at step {}": 0.8, "% converged": 1.0}
"""What the table above a panel tells of each competitor, and the right edge of each column."""
_NETWORK: dict[str, Any] = {"color": "#d55e00", "marker": "o", "markersize": 2.8, "linewidth": 0.8, "zorder": 3}
_BASELINES: tuple[dict[str, Any], ...] = ({"color": "#009e73", "linestyle": (0, (5, 1.5))}, {"color": INK})
"""As in the paper: the network in red symbols, the smaller perceptron green, the larger one black."""
_CEILINGS: tuple[dict[str, Any], ...] = (
    {"color": "#d55e00", "linestyle": "--", "linewidth": 0.9},
    {"color": "#0072b2", "linestyle": "-.", "linewidth": 0.9},
)
"""The encoding with ideal thresholds in the red of the network, the discriminant blue."""
_ENDS = "Ds"
_HIGHEST, _BELOW = 103, -0.075


@dataclass(frozen=True, slots=True)
class Comparison:
    """A network and its baselines after the same ``steps``; ``network`` holds its recognition rates [step, subset]."""

    steps: tuple[int, ...]
    network: FloatArray
    parameters: int
    simulated: bool
    classes: int
    baselines: tuple[Baseline, ...]
    ceilings: tuple[Ceiling, ...]

    @property
    def caption(self) -> str:
        """How far the comparison is fair, as it has to stand wherever it is shown."""
        seeds = len(self.baselines[0].converged)
        return (
            "A training step presents one token of each class, drawn from the same training subset; then the network "
            "moves its control currents once, and a perceptron all its weights once. The coefficients of the network's "
            "inputs, also counted as parameters, were fitted to the training subset before step 0; the perceptrons "
            f"start untrained. Network: this run. Perceptrons: mean and standard deviation of {seeds} seeds, learning "
            "rate tuned on the training subset. Converged: trained on the whole training subset until they learn no "
            "more. Ceilings, fitted to the training subset: ideal thresholds, without spread on the boundaries of the "
            "encoding; a discriminant, linear in all features."
        )


def baselines_figure(comparison: Comparison) -> Figure:
    """The testing subset, as in the paper, and the training subset beside it."""
    lines = lines_within(comparison.caption, _WIDTH_IN - 0.2, _CAPTION_PT)
    caption_in, table_in = (
        len(lines) * _LINE_EM * _CAPTION_PT / 72,
        (len(comparison.baselines) + len(comparison.ceilings) + 2) * _ROW_IN,
    )
    height_in = 0.12 + table_in + _PANEL_IN + 0.45 + caption_in + ORIGIN_HEIGHT_IN
    figure = Figure((_WIDTH_IN, height_in))
    room = place_inside(figure, left=0.55, right=0.12, bottom=0.45 + caption_in, top=0.08)
    widths, heights = (6, 1.1, 0.6, 6, 1.1), (table_in, _PANEL_IN)
    grid = figure.add_gridspec(2, 5, **room, wspace=0, hspace=0.04, width_ratios=widths, height_ratios=heights)
    for left, subset, title in ((0, TEST, "(a) testing subset"), (3, TRAIN, "(b) training subset")):
        _draw_courses(figure.add_subplot(grid[1, left]), comparison, subset)
        _draw_ends(figure.add_subplot(grid[1, left + 1]), comparison, subset)
        _write_table(figure.add_subplot(grid[0, left : left + 2]), comparison, subset, title)
    at = (0.1 / _WIDTH_IN, (ORIGIN_HEIGHT_IN + caption_in) / height_in)
    figure.text(*at, "\n".join(lines), fontsize=_CAPTION_PT, linespacing=_LINE_EM, va="top")
    return figure


def _draw_courses(axes: Axes, comparison: Comparison, subset: int) -> None:
    for baseline, look in zip(comparison.baselines, _BASELINES, strict=True):
        mean, spread = _percent(baseline.course[:, :, subset])
        axes.fill_between(comparison.steps, mean - spread, mean + spread, color=look["color"], alpha=0.18, linewidth=0)
        axes.plot(comparison.steps, mean, **look)
    for ceiling, look in zip(comparison.ceilings, _CEILINGS, strict=True):
        axes.axhline(100 * ceiling.rates[subset], **look)
    axes.plot(comparison.steps, 100 * comparison.network[:, subset], **_NETWORK)
    chance = 100 / comparison.classes
    axes.axhline(chance, color=FAINT, linewidth=0.7, linestyle=":")
    axes.text(0.99, chance - 1, "chance", transform=axes.get_yaxis_transform(), ha="right", va="top", fontsize=6.5)
    axes.set(ylim=(0, _HIGHEST), ylabel="recognition rate (%)" if subset == TEST else "")
    axes.margins(x=0.02)
    count_steps(axes)
    axes.xaxis.set_label_coords(0.5, _BELOW)


def _draw_ends(axes: Axes, comparison: Comparison, subset: int) -> None:
    """A strip beside the courses: where the perceptrons end that converged."""
    for place, (baseline, look, marker) in enumerate(zip(comparison.baselines, _BASELINES, _ENDS, strict=True)):
        mean, spread = _percent(baseline.converged[:, subset])
        axes.errorbar(place, mean, spread, color=look["color"], marker=marker, markersize=4, capsize=2, linewidth=1)
    last = len(comparison.baselines) - 1
    axes.set(ylim=(0, _HIGHEST), xlim=(-0.8, last + 0.8), facecolor="#f6f6f6")
    axes.set_xticks([])
    axes.set_xlabel("converged", fontsize=8)
    axes.tick_params(labelleft=False)
    axes.xaxis.set_label_coords(0.5, _BELOW)


def _write_table(axes: Axes, comparison: Comparison, subset: int, title: str) -> None:
    """Who is drawn how, with how many parameters, and the rates that the panel below ends with."""
    axes.set(xlim=(0, 1), ylim=(len(comparison.baselines) + len(comparison.ceilings) + 1.6, -0.5))
    axes.set_axis_off()
    axes.text(0, 0, title, fontsize=8, va="center")
    for heading, right in _COLUMNS.items():
        text = heading.format(comparison.steps[-1])
        axes.text(right, 0, text, fontsize=_TABLE_PT, va="center", ha="right", color="#666666")
    for row, (look, name, *numbers) in enumerate(_rows(comparison, subset), start=1):
        axes.plot([0.005, 0.03, 0.055], [row] * 3, **look)
        axes.text(0.075, row, name, fontsize=_TABLE_PT, va="center")
        for text, right in zip(numbers, _COLUMNS.values(), strict=True):
            axes.text(right, row, text, fontsize=_TABLE_PT, va="center", ha="right")


def _rows(comparison: Comparison, subset: int) -> Iterator[tuple[Any, ...]]:
    """Look, name, parameters, rate at the last step, and rate when converged."""
    bench = ", SIMULATED BENCH" if comparison.simulated else ""
    yield _NETWORK, f"network{bench}", comparison.parameters, f"{100 * comparison.network[-1, subset]:.1f}", ""
    for baseline, look in zip(comparison.baselines, _BASELINES, strict=True):
        rates = (_percent(rates) for rates in (baseline.course[:, -1, subset], baseline.converged[:, subset]))
        yield look, f"perceptron {baseline.name}", baseline.parameters, *(f"{m:.1f} ± {s:.1f}" for m, s in rates)
    for ceiling, look in zip(comparison.ceilings, _CEILINGS, strict=True):
        yield look, ceiling.name, ceiling.parameters, "", f"{100 * ceiling.rates[subset]:.1f}"


def _percent(rates: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Mean and standard deviation over the seeds, the first axis, in %."""
    return 100 * rates.mean(axis=0), 100 * rates.std(axis=0, ddof=1)
