"""Data of the plots of critical inputs: against repetition, in a shift against control current, or against probe."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isnan

from markupsafe import Markup

from mtjlab.analysis.estimates import CriticalEstimate
from mtjlab.analysis.shift import ShiftFit, shifts
from mtjlab.domain import PerJunction, Verdict, input_label
from mtjlab.events import SeriesMeasured
from mtjlab.gui.look.formatting import control_symbol, fixed, number
from mtjlab.gui.look.label import SPACE, coloured, dot
from mtjlab.gui.look.text_size import css_points
from mtjlab.gui.look.theme import Theme
from mtjlab.gui.run.snapshot import Snapshot
from mtjlab.gui.run.switching_history import SwitchingInputs
from mtjlab.palette import junction_colours
from mtjlab.procedures.shift.plan import ShiftPlan
from mtjlab.procedures.switching_map.plan import MapPlan
from mtjlab.procedures.training.events import DEVIATIONS, ThresholdsProbed

BY_REPETITION, BY_CONTROL, BY_PROBE = "repetition", "ΔI<sub>C</sub> (µA)", "probe"
CRITICAL_INPUT, CRITICAL_CURRENT = "I<sub>th</sub> (µA)", "I (µA)"
_MOST_PROBES = 40
"""Number of latest probes that are shown."""
ROOM = 0.12
Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Line:
    """A line through points."""

    across: Sequence[float]
    up_ua: Sequence[float]
    colour: str
    is_dotted: bool = False


@dataclass(frozen=True, slots=True)
class Drawing:
    """Dots by colour, lines, and the text above the plot; ``across`` are the ends of the horizontal axis."""

    dots: Mapping[str, Sequence[Place]]
    lines: Sequence[Line]
    text: str
    across: Place

    @property
    def heights_ua(self) -> list[float]:
        """Vertical positions of all dots."""
        return [ua for places in self.dots.values() for _, ua in places]


def is_shift(snapshot: Snapshot) -> bool:
    """Whether the run shifts control currents one after another."""
    return isinstance(snapshot.info.kind_plan, ShiftPlan)


def probes_in(snapshot: Snapshot) -> Sequence[ThresholdsProbed]:
    """The latest probes of all junctions at once, as before a training."""
    return snapshot.learnt.probes[-_MOST_PROBES:]


def labels(snapshot: Snapshot) -> tuple[str, str]:
    """Labels of the axes, horizontal and vertical."""
    if probes_in(snapshot):
        return BY_PROBE, CRITICAL_CURRENT
    return BY_CONTROL if is_shift(snapshot) else BY_REPETITION, CRITICAL_INPUT


def drawing(snapshot: Snapshot, k: int, theme: Theme) -> Drawing:
    """Drawing for junction ``k``."""
    if probes := probes_in(snapshot):
        return _against_probe(probes, len(snapshot.learnt.probes), k, theme)
    return _against_controls(snapshot, k, theme) if is_shift(snapshot) else _against_repetition(snapshot, k, theme)


def legend(snapshot: Snapshot, junctions: int, theme: Theme) -> Markup:
    """Explain colours and lines."""
    if probes_in(snapshot):
        symbols = {"switched": theme.accent, "did not switch": theme.faint}
        return SPACE.join([_named(symbols), Markup("lines: critical current AP → P, dotted its 95 % interval")])
    if is_shift(snapshot):
        symbols = {control_symbol(k): colour for k, colour in enumerate(_colours(junctions, theme))}
        return Markup("shifted: {} &nbsp; lines: fits, with their slopes").format(_named(symbols))
    inputs = {f"input {input_label(j)}": _series_colour(j, snapshot, theme) for j in range(2)}
    known = [_named(inputs)] if isinstance(snapshot.info.kind_plan, MapPlan) else []
    lines = Markup("I<sub>th</sub>, AP → P &nbsp; lines: mean, dotted its 95 % interval")
    return SPACE.join([*known, lines])


def _against_repetition(snapshot: Snapshot, k: int, theme: Theme) -> Drawing:
    dots: dict[str, list[Place]] = {}
    for one in snapshot.switching.of():
        _add(dots, _series_colour(one.series, snapshot, theme), one.number, one.inputs_ua[k])
    across = 0.3, max([one.number for one in snapshot.switching.of()], default=1) + 0.7
    lines, texts = [], []
    for series, measured in enumerate(_series(snapshot)):
        if (critical := _critical(measured, k)) is not None:
            colour = _series_colour(series, snapshot, theme)
            low_ua, high_ua = critical.mean_interval.low_ua, critical.mean_interval.high_ua
            lines.append(Line(across, (critical.law.mean_ua,) * 2, colour))
            lines += [Line(across, (end_ua,) * 2, colour, is_dotted=True) for end_ua in (low_ua, high_ua)]
            mean = f"{number(critical.law.mean_ua, 4)} ± {number((high_ua - low_ua) / 2, 2)} µA"
            texts.append(coloured(mean, colour))
    return Drawing(dots, lines, Markup("&nbsp; ").join(texts), across)


def _against_probe(probes: Sequence[ThresholdsProbed], last: int, k: int, theme: Theme) -> Drawing:
    """Currents that a junction carried, and what is known of its threshold after each; ``last`` is their number."""
    first = last - len(probes) + 1
    dots: dict[str, list[Place]] = {}
    for number_, probe in enumerate(probes, first):
        if (state := probe.state(k)) is not None:
            _add(dots, theme.accent if state is Verdict.P else theme.faint, number_, probe.currents_ua[k])
    known = [(n, one.thresholds_ua[k], one.errors_ua[k]) for n, one in enumerate(probes, first) if one.thresholds_ua]
    at = [n for n, _, _ in known]
    lines = [
        Line(at, [mean + sign * DEVIATIONS * error for _, mean, error in known], theme.ink, is_dotted=sign != 0)
        for sign in (0, -1, 1)
    ]
    _, mean_ua, error_ua = known[-1] if known else (0, 0.0, 0.0)
    text = coloured(f"{number(mean_ua, 4)} ± {number(DEVIATIONS * error_ua, 2)} µA", theme.ink) if known else ""
    return Drawing(dots, lines, text, (first - 0.7, last + 0.7))


def _against_controls(snapshot: Snapshot, k: int, theme: Theme) -> Drawing:
    base_ua = snapshot.switching.entries[0].controls_ua
    dots: dict[str, list[Place]] = {}
    colours = _colours(len(base_ua), theme)
    for one in snapshot.switching.of():
        moved, by_ua = _moved(one, base_ua)
        _add(dots, theme.ink if moved is None else colours[moved], by_ua, one.inputs_ua[k])
    reach_ua = max(map(abs, getattr(snapshot.info.kind_plan, "by_ua", (1.0,)))) * (1 + ROOM)
    across, lines, texts = (-reach_ua, reach_ua), [], []
    for fit, colour in zip(_fits(snapshot, k), colours, strict=False):
        if fit is not None:
            low_ua, high_ua = (fit.critical_input_ua + fit.slope * end_ua for end_ua in across)
            lines.append(Line(across, (low_ua, high_ua), colour))
            texts.append(coloured(fixed(fit.slope, 2), colour))
    small = Markup("&nbsp;<span style='font-size:{}'>{}</span>").format(css_points(8), Markup(" ").join(texts))
    return Drawing(dots, lines, small, across)


def _add(dots: dict[str, list[Place]], colour: str, across: float, input_ua: float) -> None:
    if not isnan(input_ua):
        dots.setdefault(colour, []).append((across, input_ua))


def _moved(switch: SwitchingInputs, base_ua: PerJunction) -> tuple[int | None, float]:
    """Index of the control current that was shifted, None for none, and its shift (uA)."""
    by_ua = [control_ua - at_ua for control_ua, at_ua in zip(switch.controls_ua, base_ua, strict=True)]
    return next(((k, one) for k, one in enumerate(by_ua) if one), (None, 0.0))


def _fits(snapshot: Snapshot, k: int) -> Sequence[ShiftFit | None]:
    series = _series(snapshot)
    return shifts([one.controls_ua for one in series], [one.up for one in series]).fits[k] if series else ()


def _series(snapshot: Snapshot) -> Sequence[SeriesMeasured]:
    return snapshot.series


def _critical(series: SeriesMeasured, k: int) -> CriticalEstimate | None:
    """Critical input of a junction; None where it was not determined."""
    found = series.up[k] if series.up else None
    return found.shifted(-series.controls_ua[k]) if isinstance(found, CriticalEstimate) else None


def _series_colour(series: int, snapshot: Snapshot, theme: Theme) -> str:
    """Colour of a series; a map has one for each input."""
    is_map = isinstance(snapshot.info.kind_plan, MapPlan)
    return (theme.accent, theme.trouble)[series % 2] if is_map else theme.ink


def _colours(junctions: int, theme: Theme) -> list[str]:
    return [theme.readable(colour) for colour in junction_colours(junctions)]


def _named(colours: Mapping[Markup, str] | Mapping[str, str]) -> Markup:
    return Markup(" &nbsp;").join(dot(name, colour) for name, colour in colours.items())
