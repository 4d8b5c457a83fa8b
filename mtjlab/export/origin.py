"""Where exported numbers come from: everything that is needed to judge them and to measure them again."""

import json
from dataclasses import asdict
from typing import Any

from mtjlab.events import JunctionsMeasured
from mtjlab.export.record import Record
from mtjlab.provenance import software


def origin(record: Record) -> dict[str, str]:
    """Run, status, bench, data, software and people, each as a text; what is structured as JSON or TOML."""
    started, run = record.started, record.request.get("run", {})
    told = {
        "run": started.run,
        "procedure": started.procedure,
        "status": record.standing.status,
        "status_reason": record.standing.why,
        "bench": started.bench.name,
        "bench_kind": started.bench.kind,
        "device": _device(record),
        "simulated": _yes(started.bench.simulated),
        "data": started.data,
        "data_surrogate": _yes(bool(record.request.get("data", {}).get("surrogate"))),
        "seed": str(started.seed),
        "software": started.software,
        "git_revision": str(run.get("git_revision", "unknown")),
        "git_dirty": _yes(run.get("git_dirty")),
        "measured_at": str(run.get("created_at", "unknown")),
        "host": str(run.get("host", "unknown")),
        "user": str(run.get("user", "unknown")),
        "resumes": started.parent.run if started.parent else "",
        "exported_with": software(),
    }
    return {**told, **_of_bench(record), **_known_before(record), "run_toml": record.request_text}


def remarks(record: Record) -> str:
    """What whoever reads the numbers must not overlook."""
    started, told = record.started, []
    if started.bench.simulated:
        told.append("SIMULATED BENCH: nothing of this was measured on a real device.")
    if record.request.get("data", {}).get("surrogate"):
        told.append("The vowels are a surrogate, drawn from published moments.")
    if record.standing.status != "finished":
        told.append(f"The run is not complete: it is {record.standing.status}. {record.standing.why}".strip())
    if started.parent:
        told.append(f"The run resumes {started.parent.run}: what that one read is in its own export.")
    if record.measured.state.events_lost:
        told.append(f"{record.measured.state.events_lost} events were lost: the journal was recovered from damage.")
    return " ".join(told)


def _device(record: Record) -> str:
    return str(record.request.get("bench", {}).get("device", {}).get("name", "unknown"))


def _of_bench(record: Record) -> dict[str, str]:
    outputs_on, field = record.measured.outputs_on, record.measured.field_set
    return {
        "instruments": _json([asdict(one) for one in outputs_on.instruments]) if outputs_on else "",
        "field": f"{field.field_mt!r} mT, {field.how}" if field else "",
    }


def _known_before(record: Record) -> dict[str, str]:
    """What the detector measured against, and where that came from if not from this run."""
    calibration = record.measured.calibration
    measured = [sweep.measured for sweep in record.measured.reference_sweeps if sweep.measured]
    return {
        "detector_references": _json([_references(one) for one in measured]) if measured else "",
        "calibration": _json(asdict(calibration)) if calibration else "",
    }


def _references(measured: JunctionsMeasured) -> dict[str, Any]:
    return {"t_s": measured.t_s, "references": [asdict(one) for one in measured.references]}


def _yes(holds: bool | None) -> str:
    return "unknown" if holds is None else str(holds).lower()


def _json(told: Any) -> str:
    return json.dumps(told, ensure_ascii=False)
