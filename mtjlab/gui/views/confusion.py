"""Confusion matrices of the last recognition measurement, or of a classification."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from PyQt5.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from mtjlab.domain import NO_CLASS
from mtjlab.gui.look.formatting import per_cent
from mtjlab.gui.look.label import SPACE, Label, bold
from mtjlab.gui.look.theme import Theme
from mtjlab.gui.run.snapshot import Snapshot
from mtjlab.gui.views.confusion_cells import Cells
from mtjlab.gui.views.data import Row
from mtjlab.gui.views.map_parts import class_of
from mtjlab.gui.views.view import View
from mtjlab.procedures.classify.events import TokensClassified
from mtjlab.procedures.training.events import Confusion


class ConfusionMatrix(View):
    """A matrix for each subset: rows are classes presented, columns classes recognised."""

    title = "Confusion"
    help = "Rows: class presented. Columns: class recognised; (none): configuration of no class."

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "The confusion matrix is drawn after the first measurement of the recognition.")
        content = QWidget()
        box = QHBoxLayout(content)
        box.setContentsMargins(6, 4, 6, 4)
        self._matrices = [_Matrix(theme), _Matrix(theme)]
        for matrix in self._matrices:
            box.addWidget(matrix)
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
        return True


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
    if snapshot.info.network:
        return list(snapshot.info.network.classes.values())
    encoded = snapshot.learnt.encoded
    return [label for label, _ in encoded.encoding.configurations] if encoded else []


class _Matrix(QWidget):
    """Matrix of one subset."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self._heading = Label()
        self._cells = Cells(self)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(2)
        box.addWidget(self._heading)
        box.addWidget(self._cells, stretch=1)

    def show_counts(self, counted: Counts, classes: Sequence[str], answers: Sequence[str | None]) -> None:
        self._heading.setText(SPACE.join([bold(counted.name), per_cent(counted.rate)]))
        self._cells.show_counts(self.theme, counted.confusion, classes, answers)
