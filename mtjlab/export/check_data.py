"""A check of the wiring as a data set: the matrix it is told from, and what was found."""

from collections.abc import Callable

import numpy as np
import xarray as xr

from mtjlab.datasets.variables import labels, real, text
from mtjlab.diagnosis import Explanation, Finding
from mtjlab.domain import junction_label
from mtjlab.export.record import Record

TOLD: tuple[tuple[str, str, Callable[[Finding], str]], ...] = (
    ("part", "what was found of: part of the bench", lambda finding: finding.role),
    ("verdict", "ok, caution or mistake", lambda finding: finding.verdict),
    ("kind", "kind of finding", lambda finding: finding.kind),
    ("measured", "what was measured", lambda finding: finding.measured),
    ("remedy", "what to do", lambda finding: finding.remedy),
)
EXPLAINED: tuple[tuple[str, str, Callable[[Explanation], str]], ...] = (
    ("part", "what is wrong then: parts of the bench", lambda one: one.part),
    ("kind", "kinds of mistakes", lambda one: one.kind),
    ("mistake", "what is wrong with them", lambda one: one.mistake),
    ("remedy", "what to do", lambda one: one.remedy),
)


def check(record: Record) -> xr.Dataset | None:
    """The check of a run; None if it made none."""
    checked = record.measured.checked
    if checked is None:
        return None
    names = [junction_label(k) for k in range(len(checked.matrix_ohm))]
    matrix_ohm = np.array(checked.matrix_ohm, dtype=np.float64)
    explained = {
        f"explanation_{name}": text(("explanation",), [value(one) for one in checked.explanations], told)
        for name, told, value in EXPLAINED
    }
    misfits = [one.misfit for one in checked.explanations]
    explained["misfit"] = real(("explanation",), misfits, "1", "deviation of the answers over the expected error, rms")
    return xr.Dataset(
        {
            "matrix": real(("meter", "source"), matrix_ohm, "ohm", "change of voltage over change of current"),
            "probe": real((), checked.probe_ua, "uA", "current by which one source at a time was moved"),
            **{name: text(("finding",), [value(f) for f in checked.findings], told) for name, told, value in TOLD},
            **(explained if checked.explanations else {}),
        },
        {
            "meter": labels("meter", names, "voltmeter, by the junction it belongs to"),
            "source": labels("source", names, "source, by the junction it is on top of"),
        },
    )
