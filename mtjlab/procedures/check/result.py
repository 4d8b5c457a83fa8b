"""Result of a wiring check, as printed by ``--json``."""

from dataclasses import asdict
from typing import Any

from mtjlab.events import WiringChecked
from mtjlab.record import Record


def findings_json(state: Record) -> dict[str, Any]:
    """Findings for each part, explanations of the faults, and the measured matrix."""
    checked = state.last(WiringChecked)
    return {
        "safe": state.safe,
        "mistakes": len(checked.mistakes) if checked else None,
        "findings": [{"role": one.role, **asdict(one)} for one in checked.findings] if checked else [],
        "explanations": [asdict(one) for one in checked.explanations] if checked else [],
        "quick_look": checked.quick_look if checked else "",
        "matrix_ohm": [list(row) for row in checked.matrix_ohm] if checked else None,
        "probe_ua": checked.probe_ua if checked else None,
    }
