"""Result of manual operation, as printed by ``--json``."""

from collections import Counter
from typing import Any

from mtjlab.procedures.kind import Run
from mtjlab.procedures.manual.events import JunctionsRead, RequestPlanned, RequestRefused


def manual_json(run: Run[Any]) -> dict[str, Any]:
    """Numbers of looks and of granted and refused requests, and the last currents."""
    types = Counter[type]()
    planned: RequestPlanned | None = None
    for event in run.events():
        types[type(event)] += 1
        planned = event if isinstance(event, RequestPlanned) else planned
    return {
        "safe": run.state.safe,
        "looks": types[JunctionsRead],
        "granted": types[RequestPlanned],
        "refused": types[RequestRefused],
        "last_controls_ua": list(planned.controls_ua) if planned else None,
        "last_input_ua": planned.input_ua if planned else None,
    }
