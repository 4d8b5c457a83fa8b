"""Confusion matrices of the last recognition measurement, or of a classification."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from markupsafe import Markup
from PyQt5.QtCore import Qt
from PyQt5.QtGui import QResizeEvent
from PyQt5.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from mtjlab.domain import NO_CLASS
from mtjlab.gui.look.formatting import per_cent
from mtjlab.gui.look.label import SPACE, Label, bold
from mtjlab.gui.look.text_size import css_points
from mtjlab.gui.look.theme import Theme
from mtjlab.gui.run.snapshot import Snapshot
from mtjlab.gui.views.confusion_cells import Cells
from mtjlab.gui.views.data import Row
from mtjlab.gui.views.map_parts import class_of, table_of
from mtjlab.gui.views.view import View
from mtjlab.procedures.classify.events import TokensClassified
from mtjlab.procedures.training.events import Confusion

MAX_KEY_LINES, SMALL_PT = 6, 7.5
NO_BREAK, NO_BREAK_HYPHEN = "\N{NO-BREAK SPACE}", "\N{NON-BREAKING HYPHEN}"


class ConfusionMatrix(View):
    """A matrix for each subset: rows are classes presented, columns classes recognised."""

    title = "Confusion"
    help = (
        "Rows: class presented. Columns: class recognised; (none): configuration of no class. Blue and framed: right; "
        "orange: wrong. Where names are too long for the space they are replaced by numbers, and listed below."
    )

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "The confusion matrix is drawn after the first measurement of the recognition.")
        content = QWidget()
        whole = QVBoxLayout(content)
        whole.setContentsMargins(6, 4, 6, 4)
        whole.setSpacing(2)
        self._matrices = [_Matrix(theme), _Matrix(theme)]
        box = QHBoxLayout()
        for matrix in self._matrices:
            box.addWidget(matrix)
            matrix.cells.numbered.connect(self._show_key)
        self.key = ClassKey()
        whole.addLayout(box, stretch=1)
        whole.addWidget(self.key)
        self.set_content(content)

    @staticmethod
    def tabulate(snapshot: Snapshot) -> list[Row]:
        """All counts."""
        return [
            {"Of": one.name, "Class": label, "Recognised as": answer or NO_CLASS, "Count": count}
            for one in _counted(snapshot)
            for label, answer, count in one.confusion
        ]

    def restyle(self) -> None:
        """Apply the colours of the theme."""
        for matrix in self._matrices:
            matrix.theme = self.theme

    def draw(self, snapshot: Snapshot) -> bool:
        """Draw the latest counts."""
        counted = _counted(snapshot)
        if not counted:
            return False
        classes = sorted({*_classes(snapshot), *(label for one in counted for label, _, _ in one.confusion)})
        given = {answer for one in counted for _, answer, _ in one.confusion}
        answers = [*classes, None] if None in given else list(classes)
        for matrix, one in zip_longest(self._matrices, counted):
            matrix.setVisible(one is not None)
            if one is not None:
                matrix.show_counts(one, classes, answers)
        self.key.show_classes(classes)
        return True

    def _show_key(self, has_numbers: bool) -> None:
        self.key.setVisible(has_numbers)


@dataclass(frozen=True, slots=True)
class Counts:
    """Confusion counts of a subset ``name``, and the share (0 to 1) recognised correctly."""

    name: str
    rate: float
    confusion: Confusion


def _counted(snapshot: Snapshot) -> list[Counts]:
    """Counts of both subsets of a training, or of the tokens classified."""
    if snapshot.learnt.recognition and snapshot.learnt.encoded:
        last = snapshot.learnt.recognition[-1]
        return [
            Counts("train", last.train, last.train_confusion),
            Counts("test", last.test, last.test_confusion),
        ]
    if classified := snapshot.state.last(TokensClassified):
        return _of_pairs("tokens", [(token.label, token.recognised_as) for token in classified.tokens])
    results = snapshot.token_results
    return _of_pairs("presentations", [(one.token.label, class_of(one.configuration, snapshot)) for one in results])


def _of_pairs(name: str, pairs: Sequence[tuple[str, str | None]]) -> list[Counts]:
    """Counts of the tokens of known class; empty where there are none."""
    known = Counter(pair for pair in pairs if pair[0])
    if not known:
        return []
    right = sum(count for (label, answer), count in known.items() if label == answer)
    confusion = tuple((label, answer, count) for (label, answer), count in known.items())
    return [Counts(name, right / known.total(), confusion)]


def _classes(snapshot: Snapshot) -> list[str]:
    table = table_of(snapshot)
    return list(table.classes) if table else []


class ClassKey(QScrollArea):
    """Numbers of the classes and their full names, as high as they need up to a few lines."""

    def __init__(self) -> None:
        super().__init__()
        self.text = Label()
        self.text.setWordWrap(True)
        self.setWidget(self.text)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()

    def show_classes(self, classes: Sequence[str]) -> None:
        """List ``classes``."""
        names = [
            Markup("<b>{}</b>{}{}").format(number, NO_BREAK, label.replace(" ", NO_BREAK).replace("-", NO_BREAK_HYPHEN))
            for number, label in enumerate(classes, start=1)
        ]
        text = Markup("<span style='font-size:{}'>{}</span>").format(css_points(SMALL_PT), SPACE.join(names))
        if text != self.text.text():
            self.text.setText(text)
            self._fit()

    def resizeEvent(self, event: QResizeEvent | None) -> None:  # noqa: N802  Qt's name
        """Adapt the height to the width."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        most_px = MAX_KEY_LINES * self.text.fontMetrics().lineSpacing()
        needed_px = max(1, self.text.heightForWidth(self.width()))
        policy = Qt.ScrollBarPolicy.ScrollBarAlwaysOff if needed_px <= most_px else Qt.ScrollBarPolicy.ScrollBarAsNeeded
        self.setVerticalScrollBarPolicy(policy)
        self.setFixedHeight(min(most_px, needed_px))


class _Matrix(QWidget):
    """Matrix of one subset."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self._heading = Label()
        self.cells = Cells(self)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(2)
        box.addWidget(self._heading)
        box.addWidget(self.cells, stretch=1)

    def show_counts(self, counted: Counts, classes: Sequence[str], answers: Sequence[str | None]) -> None:
        self._heading.setText(SPACE.join([bold(counted.name), per_cent(counted.rate)]))
        self.cells.show_counts(self.theme, counted.confusion, classes, answers)
