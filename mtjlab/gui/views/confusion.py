"""What was taken for what: at the last measurement of the recognition, or in a classification."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from PyQt5.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from mtjlab.domain import NO_CLASS
from mtjlab.gui.look.label import SPACE, Label, bold
from mtjlab.gui.look.theme import Theme
from mtjlab.gui.look.words import per_cent
from mtjlab.gui.run.snapshot import Snapshot
from mtjlab.gui.views.confusion_cells import Cells
from mtjlab.gui.views.data import Row
from mtjlab.gui.views.map_parts import class_of
from mtjlab.gui.views.view import View
from mtjlab.procedures.classify.events import TokensClassified
from mtjlab.procedures.training.events import Confusion


class ConfusionMatrix(View):
    """A square for each subset: rows are what was presented, columns what it was taken for."""

    title = "Confusion"
    help = "Rows: the class presented. Columns: the class whose configuration came; (none) where none came."

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "The confusion matrix is drawn once the recognition has been measured.")
        content = QWidget()
        box = QHBoxLayout(content)
        box.setContentsMargins(6, 4, 6, 4)
        self._squares = [_Square(theme), _Square(theme)]
        for square in self._squares:
            box.addWidget(square)
        self.put(content)

    @staticmethod
    def tabulate(snapshot: Snapshot) -> list[Row]:
        """Every count."""
        return [
            {"Of": one.name, "Class": label, "Recognised as": answer or NO_CLASS, "Count": count}
            for one in _counted(snapshot)
            for label, answer, count in one.confusion
        ]

    def restyle(self) -> None:
        """Colours of the theme."""
        for square in self._squares:
            square.theme = self.theme

    def draw(self, snapshot: Snapshot) -> bool:
        """Draw the last measurement."""
        counted = _counted(snapshot)
        if not counted:
            return False
        classes = sorted({*_classes(snapshot), *(label for one in counted for label, _, _ in one.confusion)})
        given = {answer for one in counted for _, answer, _ in one.confusion}
        answers = [*classes, None] if None in given else list(classes)
        for square, one in zip_longest(self._squares, counted):
            square.setVisible(one is not None)
            if one is not None:
                square.show_counts(one, classes, answers)
        return True


@dataclass(frozen=True, slots=True)
class Counted:
    """What was taken for what, of ``name``, and the share (0 to 1) that was right."""

    name: str
    rate: float
    confusion: Confusion


def _counted(snapshot: Snapshot) -> list[Counted]:
    """Of both subsets of a training, or of what is classified."""
    if snapshot.learnt.recognition and snapshot.learnt.encoded:
        last = snapshot.learnt.recognition[-1]
        return [
            Counted("train", last.train, last.train_confusion),
            Counted("test", last.test, last.test_confusion),
        ]
    if classified := snapshot.state.last(TokensClassified):
        return _of_pairs("tokens", [(token.label, token.recognised_as) for token in classified.tokens])
    came = snapshot.token_results
    return _of_pairs("presentations", [(one.token.label, class_of(one.configuration, snapshot)) for one in came])


def _of_pairs(name: str, pairs: Sequence[tuple[str, str | None]]) -> list[Counted]:
    """Of those whose class is known; nothing where none is."""
    known = Counter(pair for pair in pairs if pair[0])
    if not known:
        return []
    right = sum(count for (label, answer), count in known.items() if label == answer)
    confusion = tuple((label, answer, count) for (label, answer), count in known.items())
    return [Counted(name, right / known.total(), confusion)]


def _classes(snapshot: Snapshot) -> list[str]:
    if snapshot.info.network:
        return list(snapshot.info.network.classes.values())
    encoded = snapshot.learnt.encoded
    return [label for label, _ in encoded.encoding.configurations] if encoded else []


class _Square(QWidget):
    """The counts of one subset."""

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

    def show_counts(self, counted: Counted, classes: Sequence[str], answers: Sequence[str | None]) -> None:
        self._heading.setText(SPACE.join([bold(counted.name), per_cent(counted.rate)]))
        self._cells.show_counts(self.theme, counted.confusion, classes, answers)
