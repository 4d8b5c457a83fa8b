"""Classifications beside each other: the share of each class that was recognised."""

from collections import Counter
from collections.abc import Sequence

from mtjlab.comparison import Curve, Panel, spread_out
from mtjlab.procedures.classify.events import TokensClassified
from mtjlab.procedures.classify.plan import ClassifyPlan
from mtjlab.procedures.kind import Run


def recognised_panels(runs: Sequence[Run[ClassifyPlan]]) -> tuple[Panel, ...]:
    """Share by class, of the tokens whose class is known; empty where there are none."""
    shares = [_shares(run) for run in runs]
    classes = sorted({label for one in shares for label in one})
    if not classes:
        return ()
    curves = tuple(
        Curve(
            of,
            tuple(place + spread_out(of, len(shares)) for place, label in enumerate(classes) if label in one),
            tuple(100 * one[label] for label in classes if label in one),
            "marks",
        )
        for of, one in enumerate(shares)
    )
    return (Panel("recognised", "class", "share of tokens (%)", curves, ticks=tuple(classes)),)


def _shares(run: Run[ClassifyPlan]) -> dict[str, float]:
    classified = run.state.last(TokensClassified)
    known = [token for token in classified.tokens if token.label] if classified else []
    right = Counter(token.label for token in known if token.recognised_as == token.label)
    return {label: right[label] / count for label, count in Counter(token.label for token in known).items()}
