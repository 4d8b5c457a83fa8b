"""Result of a switching map, as printed by ``--json``."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from mtjlab.analysis.estimates import CriticalEstimate
from mtjlab.analysis.switching_map import critical_inputs, switching_map
from mtjlab.events import SeriesMeasured, SwitchingMeasured
from mtjlab.procedures.kind import Run
from mtjlab.procedures.switching_map.plan import MapPlan

CELLS = 181
"""Grid points along an axis for the areas of a result: 5 uA apart for inputs up to 900 uA."""


def map_json(run: Run[MapPlan]) -> dict[str, Any] | None:
    """Area of each configuration, for presentations as planned; None if a junction is not determined."""
    state = run.state
    found = state.last(SwitchingMeasured)
    if found is None or state.started is None:
        return None
    dwell_s = run.config.presentation_dwell_s(state.started.bench.aperture_s)
    rows = [_determined(one) for one in found.series]
    if len(rows) != 2 or not all(rows):
        return None
    box = run.plan.inputs
    cells_ua = np.linspace(box.low_ua, box.high_ua, CELLS)
    critical = [critical_inputs(row, s.controls_ua) for row, s in zip(rows, found.series, strict=True)]
    drawn = switching_map(critical, (cells_ua, cells_ua), dwell_s)
    return {
        "dwell_s": dwell_s,
        "inputs_ua": [box.low_ua, box.high_ua],
        "regions": [
            {"configuration": str(configuration), "area_ua2": area}
            for configuration, area in drawn.areas_ua2((box, box)).items()
        ],
        "sure_of_the_least_sure_cell": float(drawn.sure.min()),
    }


def _determined(series: SeriesMeasured) -> Sequence[CriticalEstimate]:
    known = [one for one in series.up if isinstance(one, CriticalEstimate)]
    return known if len(known) == len(series.up) else ()
