"""Recognition rates and confusions from presentations."""

from collections import Counter
from collections.abc import Iterable, Sequence

from mtjlab.domain import Subset
from mtjlab.events import Presented
from mtjlab.procedures.training.events import Confusion, RecognitionMeasured


def recognition_of(t_s: float, step: int, presented: Iterable[Presented]) -> RecognitionMeasured:
    """Rates and confusions of one presentation of every token."""
    confusions: dict[Subset, Counter[tuple[str, str | None]]] = {"train": Counter(), "test": Counter()}
    for one in presented:
        confusions[one.token.subset][one.token.label, one.recognised_as] += 1
    return RecognitionMeasured(
        t_s,
        step,
        train=_rate(confusions["train"]),
        test=_rate(confusions["test"]),
        train_confusion=_listed(confusions["train"]),
        test_confusion=_listed(confusions["test"]),
    )


def reevaluated(event: RecognitionMeasured, answers: Sequence[Presented]) -> RecognitionMeasured | None:
    """Recompute recognition from re-evaluated presentations; None if one of them is lost from the journal."""
    tokens = sum(count for _, _, count in (*event.train_confusion, *event.test_confusion))
    return recognition_of(event.t_s, event.step, answers) if len(answers) == tokens else None


def _rate(confusion: Counter[tuple[str, str | None]]) -> float:
    right = sum(count for (label, recognised_as), count in confusion.items() if label == recognised_as)
    return right / confusion.total()


def _listed(confusion: Counter[tuple[str, str | None]]) -> Confusion:
    return tuple((label, recognised_as, count) for (label, recognised_as), count in confusion.items())
