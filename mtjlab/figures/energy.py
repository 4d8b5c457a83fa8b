"""Energy of a run: of an input by phase, in junctions and leads, and of each source."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from mtjlab.domain import junction_label
from mtjlab.energy import PHASES, Energy, PhaseEnergy, joules, unit_of
from mtjlab.figures.style import FAINT, INK, place_inside
from mtjlab.palette import energy_colours, junction_colours, tint

_PANEL_IN, _BESIDE_IN = (2.2, 2.3), 0.65
_LEFT_IN, _RIGHT_IN, _BOTTOM_IN, _TOP_IN = 0.6, 1.55, 0.36, 0.12
_WIDE, _HATCH = 0.6, "////"


def energy_figure(energy: Energy) -> Figure:
    """Three panels; what was computed from the references is hatched, and called estimated."""
    width_in, height_in = _PANEL_IN
    figure = Figure((_LEFT_IN + 3 * width_in + 2 * _BESIDE_IN + _RIGHT_IN, _TOP_IN + height_in + _BOTTOM_IN + 0.22))
    room = place_inside(figure, left=_LEFT_IN, right=_RIGHT_IN, bottom=_BOTTOM_IN, top=_TOP_IN)
    grid = {**room, "wspace": _BESIDE_IN / width_in}
    by_phase, in_parts, by_source = figure.subplots(1, 3, squeeze=False, gridspec_kw=grid)[0]
    _draw_phases(by_phase, energy)
    _draw_parts(in_parts, energy)
    _draw_sources(by_source, energy)
    colours = energy_colours(PHASES)
    handles = [Patch(facecolor=colours[name], label=name) for name in PHASES if energy.phases[name].junctions_j]
    handles.append(Patch(facecolor="white", edgecolor=INK, hatch=_HATCH, label="estimated"))
    left = 1 - (_RIGHT_IN - 0.1) / figure.get_size_inches()[0]
    title = f"{energy.estimated_share:.1%} estimated"
    figure.legend(handles=handles, loc="upper left", bbox_to_anchor=(left, room["top"]), title=title, alignment="left")
    return figure


def _draw_phases(axes: Axes, energy: Energy) -> None:
    """The whole run, and beside it an input with all that belongs to it."""
    columns = [("whole run", energy.phases, 1)]
    if energy.inputs:
        columns.append((f"per input\n(of {energy.inputs})", energy.presented, energy.inputs))
    axes.set_xticks(range(len(columns)), [name for name, _, _ in columns])
    axes.set(xlim=(-0.6, len(columns) - 0.4), ylim=(0, 1.12), ylabel="share of the energy in junctions")
    for place, (_, phases, of) in enumerate(columns):
        total_j = sum(one.junctions_j for one in phases.values())
        _stack(axes, place, [(energy_colours(PHASES)[name], phases[name]) for name in PHASES], total_j)
        axes.text(place, 1.02, joules(total_j / of), ha="center", va="bottom", fontsize=7)


def _stack(axes: Axes, place: int, parts: Sequence[tuple[str, PhaseEnergy]], total_j: float) -> None:
    bottom = 0.0
    for colour, part in parts:
        for share, hatch in (
            ((part.junctions_j - part.estimated_j) / total_j, ""),
            (part.estimated_j / total_j, _HATCH),
        ):
            if share > 0:
                face = tint(colour, 0.45) if hatch else colour
                axes.bar(place, share, _WIDE, bottom, color=face, edgecolor=colour, hatch=hatch, linewidth=0.5)
                bottom += share


def _draw_parts(axes: Axes, energy: Energy) -> None:
    """What each junction, and all leads, took in the whole run."""
    values_j = [*energy.junctions_j, sum(energy.leads_j)]
    factor, unit = unit_of(max(values_j))
    labels = [*map(junction_label, range(len(energy.junctions_j))), "leads"]
    colours = [*junction_colours(len(energy.junctions_j)), FAINT]
    axes.bar(labels, [value_j / factor for value_j in values_j], _WIDE, color=colours)
    axes.set_ylabel(f"taken up, whole run ({unit})")
    axes.margins(y=0.12)


def _draw_sources(axes: Axes, energy: Energy) -> None:
    """What each source delivered; what it absorbed is below zero."""
    factor, unit = unit_of(max((*energy.delivered_j, *energy.absorbed_j)))
    places = range(len(energy.delivered_j))
    colours = junction_colours(len(energy.delivered_j))
    axes.bar(places, [one_j / factor for one_j in energy.delivered_j], _WIDE, color=colours)
    axes.bar(
        places, [-one_j / factor for one_j in energy.absorbed_j], _WIDE, color="white", edgecolor=colours, linewidth=1
    )
    axes.axhline(0, color=INK, linewidth=0.6)
    axes.set_xticks(places, [f"source {k + 1}" for k in places])
    axes.set_ylabel(f"delivered (absorbed below 0) ({unit})")
    axes.margins(y=0.12)
