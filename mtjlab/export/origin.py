"""Where exported numbers come from: everything that is needed to judge them and to measure them again."""

from dataclasses import asdict
from typing import Any

from mtjlab.counted import counted
from mtjlab.events import CalibrationTaken, FieldSet, JunctionsMeasured, OutputsOn
from mtjlab.export.exported import Exported
from mtjlab.procedures.training.events import WarmStarted
from mtjlab.provenance import software


def origin(exported: Exported) -> dict[str, Any]:
    """Run, status, bench, data, software, people, instruments, references of the detector; only what there is.

    It is complete once all events were read.
    """
    started, run = exported.started, exported.request.get("run", {})
    told = {
        "comment": _remarks(exported),
        "run": started.run,
        "procedure": started.procedure,
        "status": exported.status_report.status,
        "status_reason": exported.status_report.why,
        "resumes": started.parent.run if started.parent else None,
        "derived_from": started.derived_from.run if started.derived_from else None,
        "bench": started.bench.name,
        "bench_kind": started.bench.kind,
        "device": exported.request.get("bench", {}).get("device", {}).get("name"),
        "simulated": started.bench.simulated,
        "data": started.data,
        "data_surrogate": bool(exported.is_surrogate),
        "seed": started.seed,
        "software": started.software,
        **{name: run.get(name) for name in ("git_revision", "git_dirty", "host", "user")},
        "measured_at": run.get("created_at"),
        "exported_with": software(),
        **_of_bench(exported),
    }
    return {name: value for name, value in told.items() if value not in (None, "", [])}


def _remarks(exported: Exported) -> str:
    """What whoever reads the numbers must not overlook."""
    started, stands, told = exported.started, exported.status_report, []
    if started.bench.simulated:
        told.append("SIMULATED BENCH: nothing of this was measured on a real device.")
    if exported.is_surrogate:
        told.append("The vowels are a surrogate, drawn from published moments.")
    if started.derived_from:
        told.append(f"REDETECTED: the readings of run {started.derived_from.run}, judged again.")
    if stands.status != "finished":
        told.append(f"The run is not complete, it is {stands.status}. {stands.why}".strip())
    if started.parent:
        told.append(f"The run resumes {started.parent.run}: what that one read is in its own export.")
    if lost := exported.state.tallies["events_lost"]:
        told.append(f"{counted(lost, 'event')} lost: the journal was recovered from damage.")
    return " ".join(told)


def _of_bench(exported: Exported) -> dict[str, Any]:
    state = exported.state
    outputs_on, field, calibration = state.last(OutputsOn), state.last(FieldSet), state.last(CalibrationTaken)
    warm = state.last(WarmStarted)
    return {
        "field": f"{field.field_mt!r} mT, {field.how}" if field else None,
        "calibration": asdict(calibration) if calibration else None,
        "warm_start": asdict(warm) if warm else None,
        "instruments": [asdict(one) for one in outputs_on.instruments] if outputs_on else [],
        "detector_references": [_references(one) for one in exported.references],
    }


def _references(measured: JunctionsMeasured) -> dict[str, Any]:
    return {"t_s": measured.t_s, "junctions": [asdict(one) for one in measured.references]}
