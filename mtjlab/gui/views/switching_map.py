"""Switching map: plane of two inputs with regions of switching configurations, tokens and presentations."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyqtgraph as pg
from markupsafe import Markup
from PyQt5.QtCore import QRectF

from mtjlab.analysis.regions import Region, regions
from mtjlab.arrays import FloatArray
from mtjlab.counted import counted
from mtjlab.domain import Interval, PerJunction
from mtjlab.events import CurveTaken, EncodedToken, Presented
from mtjlab.gui.look.formatting import whole
from mtjlab.gui.look.label import FAINT, SPACE, Label, bold
from mtjlab.gui.look.theme import Theme
from mtjlab.gui.run.snapshot import Snapshot
from mtjlab.gui.views import data
from mtjlab.gui.views.dots_item import DotsItem
from mtjlab.gui.views.map_parts import (
    boundaries_of,
    caption,
    cells_by_configuration,
    class_of,
    colour_of,
    is_by_hand,
    map_range,
    map_results,
    observed_inputs,
    recognised_classes,
    switching_bands,
    tokens_of,
)
from mtjlab.gui.views.names_item import NamesItem
from mtjlab.gui.views.plots import SYMBOLS, Crosshair, apply_plot_theme, pen, plot, with_texts
from mtjlab.gui.views.regions_item import NamedBox, RegionsItem
from mtjlab.gui.views.view import View
from mtjlab.palette import ClassStyles, class_styles
from mtjlab.procedures.manual.events import JunctionsRead
from mtjlab.procedures.switching_map.events import Probed

MARGIN_UA = 40.0
TOKEN_PX, RING_PX, NOW_PX, CELL_PX, TICK_PX = 8, 15, 26, 5, 4
NEAR_PX = 12


class SwitchingMap(View):
    """Regions, tokens and the latest presentation."""

    title = "Switching map"
    tabulate = staticmethod(data.switching_map)
    help = (
        "Each pair of inputs (I_A, I_B) switches some junctions: its switching configuration, such as [2A, 1B]. "
        "Boundaries are the measured thresholds minus the control currents. Training moves them until the tokens of "
        "each class lie in one region."
    )

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "The map is drawn after the junctions have been measured.")
        self._plot = plot("I<sub>A</sub> (µA)", "I<sub>B</sub> (µA)")
        self._heading = Label()
        self._caption = Label()
        self._caption.setForegroundRole(FAINT)
        self._caption.setWordWrap(True)
        self._regions, self._names = RegionsItem(), NamesItem()
        self._tokens = pg.ScatterPlotItem(pxMode=True)
        self._rings = pg.ScatterPlotItem(pxMode=True, size=RING_PX, symbol="o", brush=None)
        self._cells, self._ticks = DotsItem(CELL_PX), DotsItem(TICK_PX)
        self._now = pg.ScatterPlotItem(pxMode=True, size=NOW_PX, symbol="o", brush=None)
        for item in (
            self._regions, self._cells, self._ticks, self._tokens, self._rings, self._now, self._names,
        ):  # fmt: skip
            self._plot.addItem(item)
        self._crosshair = Crosshair(self._plot, self._describe)
        self.set_content(with_texts(self._heading, self._plot, self._caption))
        self._styles: ClassStyles = {}
        self._drawn: tuple[Path, tuple[EncodedToken, ...]] | None = None
        self._wrong: frozenset[str] = frozenset()
        self._mapped = self._seen = 0
        self._regions_shown: tuple[Region, ...] = ()
        self._shown: tuple[Interval, ...] = ()
        self._set_range: tuple[Interval, ...] = ()
        self.restyle()

    def restyle(self) -> None:
        """Apply the colours of the theme, and redraw everything."""
        apply_plot_theme(self._plot, self.theme)
        self._crosshair.apply_theme(self.theme)
        self._regions.set_colours(self.theme.faint, self.theme.ink)
        self._names.set_look(self.theme.ink)
        self._rings.setPen(pen(self.theme.ink, 1.4))
        self._now.setPen(pen(self.theme.accent, 3))
        self._drawn, self._mapped, self._seen = None, 0, 0

    @property
    def regions(self) -> tuple[Region, ...]:
        """Regions of the plane."""
        return self._regions_shown

    @property
    def ringed(self) -> frozenset[str]:
        """Names of the tokens that were last recognised as another class, or as none."""
        return self._wrong

    def draw(self, snapshot: Snapshot) -> bool:
        """Draw; False unless there are two inputs and measured thresholds."""
        if (boundaries := boundaries_of(snapshot)) is None:
            return False
        tokens = tokens_of(snapshot)
        if (snapshot.info.folder, tokens) != self._drawn:
            self._shown = map_range(snapshot)  # anew: boundaries of other control currents may be far from the tokens
            if self._drawn is None or self._drawn[0] != snapshot.info.folder:
                self._wrong, self._mapped, self._seen = frozenset(), 0, 0
                self._cells.set_dots({})
                self._ticks.set_dots({})
            self._drawn = snapshot.info.folder, tokens
            self._draw_tokens(tokens, snapshot)
        self._show(tokens, boundaries, is_fixed=bool(map_range(snapshot)))
        self._draw_cells(snapshot)
        self._draw_ticks(snapshot)
        self._caption.setText(caption(snapshot))
        self._regions_shown = regions(boundaries, self._shown)
        self._draw_regions(snapshot)
        self._draw_rings(tokens, snapshot)
        self._draw_now(snapshot)
        self._heading.setText(_heading(snapshot))
        return True

    def _draw_regions(self, snapshot: Snapshot) -> None:
        boxes = [self._box(region, snapshot) for region in self._regions_shown]
        whole = _rect(*self._shown)
        across, up = switching_bands(snapshot)
        bands = [QRectF(soft.low_ua, whole.top(), soft.high_ua - soft.low_ua, whole.height()) for soft in across]
        bands += [QRectF(whole.left(), soft.low_ua, whole.width(), soft.high_ua - soft.low_ua) for soft in up]
        self._names.set_boxes(boxes, self._regions.set_boxes(boxes, bands))

    def _draw_cells(self, snapshot: Snapshot) -> None:
        if (count := len(map_results(snapshot))) != self._mapped:
            self._mapped = count
            self._cells.set_dots(cells_by_configuration(snapshot, self.theme))

    def _draw_ticks(self, snapshot: Snapshot) -> None:
        """Draw ticks on the lower edge for A, and on the left edge for B."""
        if len(snapshot.switching.entries) != self._seen:
            self._seen = len(snapshot.switching.entries)
            (left, bottom), (a, b) = (side.low_ua for side in self._shown), observed_inputs(snapshot)
            places = [*((ua, bottom) for ua in a), *((left, ua) for ua in b)]
            self._ticks.set_dots({self.theme.faint: places})

    def _draw_tokens(self, tokens: tuple[EncodedToken, ...], snapshot: Snapshot) -> None:
        known = snapshot.info.network.classes.values() if snapshot.info.network else ()
        self._styles = class_styles(sorted({*known, *(token.label for token in tokens)}))
        self._tokens.setData([self._symbol(token) for token in tokens])
        self._rings.clear()
        self._wrong = frozenset()  # rings are drawn again
        self._names.set_tokens([token.inputs_ua for token in tokens], TOKEN_PX / 2)
        self._names.set_rings([], RING_PX / 2)

    def _symbol(self, token: EncodedToken) -> dict[str, Any]:
        """Symbol of a token; open symbols are filled with the background colour, visible on any region."""
        style, is_open = self._styles[token.label], token.subset == "test"
        colour = self.theme.readable(style.colour)
        return {
            "pos": token.inputs_ua,
            "symbol": SYMBOLS[style.marker],
            "size": TOKEN_PX,
            "brush": self.theme.base if is_open else colour,
            "pen": pen(colour if is_open else self.theme.base, 1.6 if is_open else 0.5),
        }

    def _show(self, tokens: Sequence[EncodedToken], boundaries: Sequence[PerJunction], is_fixed: bool) -> None:
        """Extend the range to contain all tokens and boundaries, unless it is fixed; it never shrinks."""
        if not is_fixed:
            self._shown = self._extended(tokens, boundaries)
        if self._shown != self._set_range:
            self._set_range = self._shown
            self._plot.setRange(_rect(*self._shown), padding=0)

    def _extended(self, tokens: Sequence[EncodedToken], boundaries: Sequence[PerJunction]) -> tuple[Interval, ...]:
        held = [(side.low_ua, side.high_ua) for side in self._shown] or [(np.inf, -np.inf)] * 2
        sides = []
        for j, (low_ua, high_ua) in enumerate(held):
            along = [*(token.inputs_ua[j] for token in tokens), *boundaries[j]] or [0.0]
            sides.append(Interval(min(low_ua, min(along) - MARGIN_UA), max(high_ua, max(along) + MARGIN_UA)))
        return tuple(sides)

    def _box(self, region: Region, snapshot: Snapshot) -> NamedBox:
        label = class_of(region.configuration, snapshot) or ""
        return NamedBox(
            _rect(*region.bounds),
            self._fill(region, label, snapshot),
            str(region.configuration),
            label,
            is_hatched=not label and bool(tokens_of(snapshot)),
        )

    def _fill(self, region: Region, label: str, snapshot: Snapshot) -> str:
        """Colour of the class of a region, or of its configuration where nothing is classified."""
        if label in self._styles:
            return self.theme.background(self._styles[label].colour, 0.3)
        if not tokens_of(snapshot):
            return colour_of(region.configuration, snapshot.junctions, self.theme)
        return self.theme.background(self.theme.faint, (0.05, 0.1)[sum(region.configuration.counts) % 2])

    def _draw_rings(self, tokens: Sequence[EncodedToken], snapshot: Snapshot) -> None:
        answers = recognised_classes(snapshot)
        wrong = frozenset(t.name for t in tokens if t.name in answers and answers[t.name] != t.label)
        if wrong != self._wrong:
            self._wrong = wrong
            ringed = [token.inputs_ua for token in tokens if token.name in wrong]
            self._rings.setData(pos=ringed)
            self._names.set_rings(ringed, RING_PX / 2)

    def _draw_now(self, snapshot: Snapshot) -> None:
        latest = snapshot.latest
        is_presented = isinstance(latest, Presented) and snapshot.state.ended is None
        if isinstance(latest, JunctionsRead):
            self._now.setData(pos=[(latest.readings[-1].input_ua,) * 2])
        else:
            self._now.setData(pos=[latest.token.inputs_ua] if is_presented and isinstance(latest, Presented) else [])

    def _describe(self, a_ua: float, b_ua: float) -> str:
        here = next((region for region in self._regions_shown if _is_in(region, a_ua, b_ua)), None)
        label = class_of(here.configuration, self._snapshot) if here and self._snapshot else None
        parts = [f"{whole(a_ua)}, {whole(b_ua)} µA", str(here.configuration) if here else "", label or ""]
        return "   ".join(filter(None, [*parts, self._token_near(a_ua, b_ua)]))

    def _token_near(self, a_ua: float, b_ua: float) -> str:
        tokens = self._drawn[1] if self._drawn else ()
        if not tokens:
            return ""
        ua_per_px: FloatArray = np.array(self._plot.getPlotItem().getViewBox().viewPixelSize())
        away_px = np.hypot(*((np.array([t.inputs_ua for t in tokens]) - (a_ua, b_ua)) / ua_per_px).T)
        nearest = int(np.argmin(away_px))
        return f"token {tokens[nearest].name}" if away_px[nearest] < NEAR_PX else ""


def _is_in(region: Region, a_ua: float, b_ua: float) -> bool:
    across, up = region.bounds
    return a_ua in across and b_ua in up


def _rect(across: Interval, up: Interval) -> QRectF:
    return QRectF(across.low_ua, up.low_ua, across.high_ua - across.low_ua, up.high_ua - up.low_ua)


def _heading(snapshot: Snapshot) -> str:
    """Progress, and the present presentation."""
    state = snapshot.state
    if is_by_hand(snapshot):
        return Markup("<b>by hand</b>")
    if snapshot.info.network:
        return SPACE.join([bold(counted(state.number(Presented), "presentation")), _presentation_text(snapshot)])
    if snapshot.info.kind and not snapshot.info.kind.needs_data_set:
        counted_events = {"curve": CurveTaken, "probe": Probed, "presentation": Presented}
        return SPACE.join(bold(counted(n, name)) for name, kind in counted_events.items() if (n := state.number(kind)))
    return SPACE.join([bold(f"training step {snapshot.learnt.step}"), _presentation_text(snapshot)])


def _presentation_text(snapshot: Snapshot) -> str:
    latest = snapshot.latest
    if not isinstance(latest, Presented) or snapshot.state.ended is not None:
        return ""
    answer = class_of(latest.configuration, snapshot) or "no class"
    return f"{latest.purpose}: {latest.token.name} → {latest.configuration or 'no configuration'} {answer}"
