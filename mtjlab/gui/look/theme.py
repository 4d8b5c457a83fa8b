"""Dark and light themes: colours of the window, and colours of a run adjusted to their background."""

import colorsys
from dataclasses import dataclass, replace
from functools import cache

import pyqtgraph as pg
from PyQt5.QtGui import QColor, QPalette
from PyQt5.QtWidgets import QApplication, QToolTip

from mtjlab.domain import Verdict
from mtjlab.palette import tint
from mtjlab.run_status import Status

READABLE = 3.0
"""Contrast that lines and large letters need on their background (WCAG 2)."""
SIMULATED, ON_SIMULATED = "#f0b400", "#1a1400"
REAL, ON_REAL = "#b3261e", "#ffffff"
EMERGENCY = "#d8150b"
STYLE = "fusion"


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours by purpose."""

    name: str
    window: str
    base: str
    button: str
    ink: str
    faint: str
    edge: str
    accent: str
    trouble: str
    bad: str
    good: str
    shows_states: bool = True
    """Whether the states of junctions have colours."""

    @property
    def past(self) -> "Theme":
        """The same in grey, for what is not of now; states keep their colours."""
        grey = self.faint
        return replace(self, ink=grey, accent=grey, good=grey, trouble=grey)

    @property
    def over(self) -> "Theme":
        """The same for a bench at zero, at which states may have changed since they were read."""
        return replace(self.past, shows_states=False)

    def readable(self, colour: str) -> str:
        """``colour``, made lighter or darker until it is visible on the background of a plot."""
        return _readable(colour, self.base)

    def background(self, colour: str, strength: float = 0.24) -> str:
        """``colour`` as a background for text."""
        return tint(colour, strength, self.base)

    def of_verdict(self, verdict: Verdict | None) -> str:
        """Colour of a verdict: parallel, antiparallel, neither, or not judged."""
        match verdict if self.shows_states else None:
            case Verdict.P:
                return self.readable("#f0883e")
            case Verdict.AP:
                return self.readable("#4a90c2")
            case None:
                return self.faint
            case _:
                return self.bad

    def of_status(self, status: Status) -> str:
        """Colour of the status of a run."""
        match status:
            case "running":
                return self.accent
            case "finished":
                return self.good
            case "stopped":
                return self.trouble
            case "unknown":
                return self.faint
            case _:
                return self.bad


DARK = Theme(
    "dark", window="#20242a", base="#171a1f", button="#2c3139", ink="#dfe3e8", faint="#8f98a3", edge="#3a414b",
    accent="#5aa9f0", trouble="#e0b040", bad="#ff7b72", good="#56c98a",
)  # fmt: skip
LIGHT = Theme(
    "light", window="#eef0f3", base="#ffffff", button="#e2e5ea", ink="#1c2128", faint="#69727d", edge="#c3c9d1",
    accent="#0b66c3", trouble="#8f6200", bad="#c4271b", good="#1a7f47",
)  # fmt: skip
THEMES = {theme.name: theme for theme in (DARK, LIGHT)}


def apply_theme(application: QApplication, theme: Theme) -> None:
    """Apply the colours of ``theme`` to the application.

    There is no style sheet: that styles each of some thousand widgets again, for seconds in which no stop is heard.
    """
    style = application.style()
    if style is None or style.objectName() != STYLE:
        application.setStyle(STYLE)
    palette = _palette(theme)
    application.setPalette(palette)
    QToolTip.setPalette(palette)
    pg.setConfigOptions(background=theme.base, foreground=theme.ink, antialias=True)


def luminance(colour: str) -> float:
    """Relative luminance, 0 for black to 1 for white (WCAG 2)."""
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast of two colours, 1 to 21 (WCAG 2)."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@cache
def _readable(colour: str, ground: str) -> str:
    hue, light, saturation = colorsys.rgb_to_hls(*_parts(colour))
    step = 0.02 if luminance(ground) < 0.5 else -0.02
    while contrast(colour, ground) < READABLE and 0 <= light + step <= 1:
        light += step
        colour = QColor.fromRgbF(*colorsys.hls_to_rgb(hue, light, saturation)).name()
    return colour


def _parts(colour: str) -> tuple[float, float, float]:
    seen = QColor(colour)
    return seen.redF(), seen.greenF(), seen.blueF()


def _palette(theme: Theme) -> QPalette:
    palette = QPalette()
    for role, colour in (
        (QPalette.ColorRole.Window, theme.window),
        (QPalette.ColorRole.WindowText, theme.ink),
        (QPalette.ColorRole.Base, theme.base),
        (QPalette.ColorRole.AlternateBase, theme.window),
        (QPalette.ColorRole.Text, theme.ink),
        (QPalette.ColorRole.Button, theme.button),
        (QPalette.ColorRole.ButtonText, theme.ink),
        (QPalette.ColorRole.BrightText, theme.bad),
        (QPalette.ColorRole.ToolTipBase, theme.button),
        (QPalette.ColorRole.ToolTipText, theme.ink),
        (QPalette.ColorRole.Highlight, theme.accent),
        (QPalette.ColorRole.HighlightedText, theme.base),
        (QPalette.ColorRole.Link, theme.accent),
        (QPalette.ColorRole.PlaceholderText, theme.faint),
    ):
        palette.setColor(role, QColor(colour))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(theme.faint))
    # Fusion draws entries of menus that are disabled a second time, in this colour: white otherwise.
    palette.setColor(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Light, QColor(theme.window))
    return palette
