"""Results of a wiring check: response of each voltmeter to each source, findings and remedies."""

from collections.abc import Iterator
from html import escape

from PyQt5.QtWidgets import QTextBrowser

from mtjlab.counted import counted
from mtjlab.diagnosis.finding import Explanation, Finding
from mtjlab.domain import junction_label
from mtjlab.events import WiringChecked
from mtjlab.gui.look.formatting import number, whole, with_symbols
from mtjlab.gui.look.text_size import css_points
from mtjlab.gui.look.theme import Theme
from mtjlab.gui.run.snapshot import Snapshot
from mtjlab.gui.views import data
from mtjlab.gui.views.view import View

FAINT_SHARE = 0.02
"""Responses below this share of the largest are shown faint, as zero is expected there."""


class Wiring(View):
    """Verdict in large letters, responses as a matrix, findings as a table."""

    title = "Wiring"
    tabulate = staticmethod(data.wiring)
    help = (
        "One source at a time is changed by a few µA, and all voltmeters are read: their responses show how the cables "
        "are connected. A mistake must be corrected before a run; a caution does not prevent it."
    )

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "Results of a wiring check are shown here.")
        self.text = QTextBrowser()
        self.set_content(self.text)
        self._drawn: WiringChecked | None = None

    def restyle(self) -> None:
        """Apply the colours of the theme."""
        self._drawn = None

    def draw(self, snapshot: Snapshot) -> bool:
        """Write the results of the check."""
        checked = snapshot.state.last(WiringChecked)
        if checked is not None and checked is not self._drawn:
            self._drawn = checked
            self.text.setHtml("".join(_html(checked, self.theme)))
        return checked is not None


def _html(checked: WiringChecked, theme: Theme) -> Iterator[str]:
    count = len(checked.mistakes)
    verdict, colour = (
        ("wiring correct", theme.good) if not count else (f"{counted(count, 'mistake')} in the wiring", theme.bad)
    )
    yield f"<p style='font-size:{css_points(18)}; color:{colour}'><b>{verdict}</b></p>"
    yield f"<p style='color:{theme.faint}'>one source at a time changed by {number(checked.probe_ua)} µA</p>"
    yield _matrix(checked, theme)
    yield "<p></p>"
    yield _findings(checked.findings, theme)
    if len(checked.explanations) > 1:
        yield f"<p>The responses cannot distinguish these. <b>{escape(with_symbols(checked.quick_look))}</b></p>"
        yield _explanations(checked.explanations, theme)


def _matrix(checked: WiringChecked, theme: Theme) -> str:
    largest_ohm = max((abs(ohm) for row in checked.matrix_ohm for ohm in row if ohm is not None), default=0.0)
    sources = range(len(checked.matrix_ohm[0]) if checked.matrix_ohm else 0)
    head = ["response (Ω)", *(f"source {junction_label(k)}" for k in sources)]
    rows = [
        [f"voltmeter {junction_label(m)}", *(_response(ohm, largest_ohm, theme) for ohm in row)]
        for m, row in enumerate(checked.matrix_ohm)
    ]
    return _table(head, rows, theme, "right")


def _response(ohm: float | None, largest_ohm: float, theme: Theme) -> str:
    if ohm is None:
        return f"<span style='color:{theme.bad}'>none</span>"
    colour = theme.faint if abs(ohm) < FAINT_SHARE * largest_ohm else theme.ink
    return f"<span style='color:{colour}'>{whole(ohm)}</span>"


def _findings(findings: tuple[Finding, ...], theme: Theme) -> str:
    colours = {"ok": theme.good, "caution": theme.trouble, "mistake": theme.bad}
    rows = [
        [
            finding.role,
            f"<span style='color:{colours[finding.verdict]}'><b>{finding.verdict}</b></span>",
            escape(with_symbols(finding.measured)),
            f"<b>{escape(with_symbols(finding.remedy))}</b>",
        ]
        for finding in findings
    ]
    return _table(["part", "verdict", "measured", "what to do"], rows, theme, "left")


def _explanations(explanations: tuple[Explanation, ...], theme: Theme) -> str:
    rows = [
        [escape(cell) for cell in (one.part, f"{one.misfit:.1f}", *map(with_symbols, (one.mistake, one.remedy)))]
        for one in explanations
    ]
    return _table(["possible explanation", "misfit", "mistake", "what to do"], rows, theme, "left")


def _table(head: list[str], rows: list[list[str]], theme: Theme, align: str) -> str:
    header = "".join(f"<th align='{align}' style='color:{theme.faint}'>{cell}</th>" for cell in head)
    body = "".join(f"<tr>{''.join(f'<td align={align!r}>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table cellpadding='4' cellspacing='2'><tr>{header}</tr>{body}</table>"
