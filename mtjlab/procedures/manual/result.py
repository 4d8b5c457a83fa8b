"""What was read and moved by hand, in plain numbers."""

from collections import Counter
from typing import Any

from mtjlab.procedures.kind import Run
from mtjlab.procedures.manual.events import JunctionsRead, WishPlanned, WishRefused


def by_hand_told(run: Run[Any]) -> dict[str, Any]:
    """How often junctions were read, and what was asked."""
    types = Counter[type]()
    planned: WishPlanned | None = None
    for event in run.events():
        types[type(event)] += 1
        planned = event if isinstance(event, WishPlanned) else planned
    return {
        "safe": run.state.safe,
        "looks": types[JunctionsRead],
        "granted": types[WishPlanned],
        "refused": types[WishRefused],
        "last_controls_ua": list(planned.controls_ua) if planned else None,
        "last_input_ua": planned.input_ua if planned else None,
    }
