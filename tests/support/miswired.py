"""The run of a check that found a mistake which other mistakes look like."""

from pathlib import Path

from mtjlab.diagnosis.finding import Explanation, Finding
from mtjlab.domain import Survey
from mtjlab.events import SurveyTaken, WiringChecked
from tests.support.journals import END, run_folder
from tests.support.samples import STARTED

NO_SIGN = Survey(0.0, 0.2, ((0.1,),) * 3, ("",) * 3, (False,) * 3, (True,) * 3)
MISWIRED = WiringChecked(
    t_s=3.0,
    probe_ua=10.0,
    matrix_ohm=((0.4, 0.1, 0.0), (902.0, 902.4, 0.2), (2400.0, 2401.0, 2400.5)),
    findings=(
        Finding("source", (0,), "ok", "right", "answered by J2, J3"),
        Finding("junction", (0,), "mistake", "short", "short: less than 110 ohm", "Look for a bridge."),
    ),
    explanations=(
        Explanation("J1", "short: less than 110 ohm", 0.27, "Look for a bridge.", "short"),
        Explanation(
            "source J1", "feeds the top of J2 instead of J1", 0.28, "Move its lead from J2 to J1.", "misplaced"
        ),
        Explanation("voltmeter J1", "not connected: it answers no source", 0.28, "Check both its leads.", "silent"),
    ),
    quick_look="Follow the cable of source J1 to the chain: is it at J1?",
)


def miswired_run(folder: Path) -> Path:
    """The folder of that run."""
    return run_folder(
        folder, [STARTED, SurveyTaken(None, 0.0, settled=True, survey=NO_SIGN), MISWIRED, *END], procedure="check"
    )
