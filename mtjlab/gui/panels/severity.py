"""How the severity of a message looks: a word, a colour, and a sign whose shape differs too."""

from PyQt5.QtGui import QPixmap

from mtjlab.gui.look.signs import sign
from mtjlab.gui.look.theme import Theme
from mtjlab.gui.notices import Notice, Severity

CORNERS = {Severity.NOTE: 0, Severity.WARNING: 3, Severity.DANGER: 8}


def colour_of(severity: Severity, theme: Theme) -> str:
    """Colour of a severity."""
    return {Severity.NOTE: theme.accent, Severity.WARNING: theme.trouble, Severity.DANGER: theme.bad}[severity]


def sign_of(severity: Severity, theme: Theme) -> QPixmap:
    """Sign of a severity: a disc, a triangle or an octagon."""
    letter = "i" if severity is Severity.NOTE else "!"
    return sign(CORNERS[severity], letter, colour_of(severity, theme), theme.base)


def line_of(notice: Notice) -> str:
    """A message in one line, with its time and the word for its severity."""
    return f"{notice.at:%H:%M:%S}  {notice.severity}: {' '.join(notice.text.split())}"
