"""The switching map: the plane of two inputs cut into configurations, tokens over it, boundaries as they are learnt."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyqtgraph as pg
from PyQt5.QtCore import QRectF
from PyQt5.QtWidgets import QLabel

from mtjlab.analysis.regions import Region, regions
from mtjlab.detection.resistance import FloatArray
from mtjlab.domain import Interval, PerJunction, SwitchingConfiguration
from mtjlab.events import EncodedToken, JunctionsRead, Presented
from mtjlab.gui.moment import Moment
from mtjlab.gui.theme import Theme
from mtjlab.gui.views.dots_item import DotsItem
from mtjlab.gui.views.map_parts import boundaries_of, caption, cells_by_configuration, is_by_hand
from mtjlab.gui.views.plots import Crosshair, dress_plot, pen, plot, with_words
from mtjlab.gui.views.regions_item import NamedBox, RegionsItem
from mtjlab.gui.views.view import View
from mtjlab.gui.words import whole
from mtjlab.palette import ClassStyles, class_styles

SYMBOLS = {"o": "o", "s": "s", "^": "t1", "D": "d", "v": "t", "<": "t3", ">": "t2"}
MARGIN_UA = 40.0
TOKEN_PX, RING_PX, NOW_PX, CELL_PX = 8, 15, 26, 6
NEAR_PX = 12


class SwitchingMap(View):
    """Regions, tokens, what was presented last."""

    title = "Switching map"
    help = (
        "Each pair of inputs (I_A, I_B) switches some junctions: that is its configuration, such as [2A, 1B]. "
        "Boundaries are measured thresholds less the control currents; training moves them until each class of tokens "
        "lies in a region of its own."
    )

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "The map is drawn once the junctions have been measured.")
        self._plot = plot("I<sub>A</sub> (µA)", "I<sub>B</sub> (µA)")
        self._heading = QLabel()
        self._caption = QLabel()
        self._caption.setProperty("role", "faint")
        self._caption.setWordWrap(True)
        self._regions = RegionsItem()
        self._tokens = pg.ScatterPlotItem(pxMode=True)
        self._rings = pg.ScatterPlotItem(pxMode=True, size=RING_PX, symbol="o", brush=None)
        self._cells = DotsItem(CELL_PX)
        self._now = pg.ScatterPlotItem(pxMode=True, size=NOW_PX, symbol="o", brush=None)
        for item in (self._regions, self._cells, self._tokens, self._rings, self._now):
            self._plot.addItem(item)
        self._crosshair = Crosshair(self._plot, self._describe)
        self.put(with_words(self._heading, self._plot, self._caption))
        self._styles: ClassStyles = {}
        self._drawn: tuple[Path, tuple[EncodedToken, ...]] | None = None
        self._wrong: frozenset[str] = frozenset()
        self._mapped = 0
        self._cut: tuple[Region, ...] = ()
        self._shown: tuple[Interval, ...] = ()
        self.restyle()

    def restyle(self) -> None:
        """Colours of the theme; everything is drawn again."""
        dress_plot(self._plot, self.theme)
        self._crosshair.dress(self.theme)
        self._regions.dress(self.theme.edge, self.theme.ink)
        self._rings.setPen(pen(self.theme.ink, 1.4))
        self._now.setPen(pen(self.theme.accent, 3))
        self._drawn = None

    @property
    def regions(self) -> tuple[Region, ...]:
        """What the plane is cut into."""
        return self._cut

    @property
    def ringed(self) -> frozenset[str]:
        """Names of the tokens that were last taken for another class, or for none."""
        return self._wrong

    def draw(self, moment: Moment) -> bool:
        """Draw; two inputs make a plane, and thresholds have to be measured."""
        state = moment.state
        if (boundaries := boundaries_of(moment)) is None:
            return False
        tokens = state.encoded.tokens if state.encoded else ()
        if (moment.about.folder, tokens) != self._drawn:
            self._drawn = moment.about.folder, tokens
            self._draw_tokens(tokens)
        self._show([*tokens, *(one.token for one in state.mapped[-1:])], boundaries)
        self._draw_cells(state.mapped)
        self._caption.setText(caption(moment))
        self._cut = regions(boundaries, self._shown)
        self._regions.set_boxes([self._box(region, moment) for region in self._cut])
        self._draw_rings(tokens, moment)
        self._draw_now(moment)
        self._heading.setText("<b>by hand</b>" if is_by_hand(moment) else _stage(moment))
        return True

    def _draw_cells(self, mapped: Sequence[Presented]) -> None:
        if len(mapped) != self._mapped:
            self._mapped = len(mapped)
            self._cells.set_dots(cells_by_configuration(mapped))

    def _draw_tokens(self, tokens: tuple[EncodedToken, ...]) -> None:
        self._shown, self._wrong = (), frozenset()
        self._styles = class_styles(sorted({token.label for token in tokens}))
        self._tokens.setData([self._spot(token) for token in tokens])
        self._rings.clear()
        self._regions.set_tokens([token.inputs_ua for token in tokens])

    def _spot(self, token: EncodedToken) -> dict[str, Any]:
        """Open symbols have a face of the ground: seen on any region."""
        style, is_open = self._styles[token.label], token.subset == "test"
        colour = self.theme.seen(style.colour)
        return {
            "pos": token.inputs_ua,
            "symbol": SYMBOLS[style.marker],
            "size": TOKEN_PX,
            "brush": self.theme.base if is_open else colour,
            "pen": pen(colour if is_open else self.theme.base, 1.6 if is_open else 0.5),
        }

    def _show(self, tokens: Sequence[EncodedToken], boundaries: Sequence[PerJunction]) -> None:
        """Make sure that all tokens and boundaries are inside; what is shown grows, and never jumps."""
        held = [(side.low_ua, side.high_ua) for side in self._shown] or [(np.inf, -np.inf)] * 2
        sides = []
        for j, (low_ua, high_ua) in enumerate(held):
            along = [*(token.inputs_ua[j] for token in tokens), *boundaries[j]] or [0.0]
            sides.append(Interval(min(low_ua, min(along) - MARGIN_UA), max(high_ua, max(along) + MARGIN_UA)))
        if tuple(sides) != self._shown:
            self._shown = tuple(sides)
            (left, bottom), (right, top) = zip(*((side.low_ua, side.high_ua) for side in sides), strict=True)
            self._plot.setRange(QRectF(left, bottom, right - left, top - bottom), padding=0)

    def _box(self, region: Region, moment: Moment) -> NamedBox:
        across, up = region.bounds
        rect = QRectF(across.low_ua, up.low_ua, across.high_ua - across.low_ua, up.high_ua - up.low_ua)
        label = _class_of(region.configuration, moment)
        shade = (0.05, 0.1)[sum(region.configuration.counts) % 2]
        fill = self.theme.ground(self._styles[label].colour if label else self.theme.faint, 0.3 if label else shade)
        return NamedBox(rect, fill, str(region.configuration), label or "")

    def _draw_rings(self, tokens: Sequence[EncodedToken], moment: Moment) -> None:
        answers = moment.answers or {}
        wrong = frozenset(t.name for t in tokens if t.name in answers and answers[t.name] != t.label)
        if wrong != self._wrong:
            self._wrong = wrong
            self._rings.setData(pos=[token.inputs_ua for token in tokens if token.name in wrong])

    def _draw_now(self, moment: Moment) -> None:
        latest = moment.latest
        is_presented = isinstance(latest, Presented) and moment.state.ended is None
        if isinstance(latest, JunctionsRead):
            self._now.setData(pos=[(latest.readings[-1].input_ua,) * 2])
        else:
            self._now.setData(pos=[latest.token.inputs_ua] if is_presented and isinstance(latest, Presented) else [])

    def _describe(self, a_ua: float, b_ua: float) -> str:
        here = next((region for region in self._cut if _is_in(region, a_ua, b_ua)), None)
        label = _class_of(here.configuration, self._moment) if here and self._moment else None
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


def _class_of(configuration: SwitchingConfiguration, moment: Moment) -> str | None:
    encoded = moment.state.encoded
    return encoded.encoding.class_of(configuration) if encoded else None


def _stage(moment: Moment) -> str:
    return f"<b>step {moment.state.step}</b> &nbsp; {_doing(moment)}"


def _doing(moment: Moment) -> str:
    latest = moment.latest
    if not isinstance(latest, Presented) or moment.state.ended is not None:
        return ""
    answer = latest.recognised_as or "no class"
    return f"{latest.purpose}: {latest.token.name} → {latest.configuration or 'no configuration'} {answer}"
