"""Result of a commissioning, as printed by ``--json``, and as a text for the folder."""

from dataclasses import asdict
from typing import Any

from mtjlab.domain import junction_label
from mtjlab.procedures.commission.events import Commissioned

MS, UV = 1e3, 1e3


def commissioned_json(done: Commissioned | None, safe: bool, out: str) -> dict[str, Any]:
    """Differences, and what was measured of each instrument."""
    if done is None:
        return {"safe": safe, "differences": None, "measured": None, "bench_file": None}
    sources = [{"role": f"source {junction_label(one.source)}", **asdict(one)} for one in done.sources]
    meters = [{"role": f"voltmeter {junction_label(one.meter)}", **asdict(one)} for one in done.meters]
    return {
        "safe": safe,
        "differences": [asdict(one) for one in done.differences],
        "measured": {
            "line_hz": done.line_hz,
            "settle_s": done.settle_s,
            "dwell_s": done.dwell_s,
            "messages": [asdict(one) for one in done.messages],
            "sources": sources,
            "voltmeters": meters,
        },
        "bench_file": out,
    }


def report_lines(done: Commissioned) -> list[str]:
    """What was measured and what differs, in sentences."""
    lines = [f"Line frequency {done.line_hz:g} Hz. Settling to wait for: {MS * done.settle_s:.3g} ms."]
    if done.dwell_s is not None:
        lines.append(f"Shortest dwell: {MS * done.dwell_s:.3g} ms (dwell_s of [presentation] in a plan).")
    lines += [
        f"{one.role}: a message takes {MS * one.usual_s:.3g} ms, the longest {MS * one.longest_s:.3g} ms, of "
        f"{one.messages}."
        for one in done.messages
    ]
    for source in done.sources:
        role = f"source {junction_label(source.source)}"
        if source.settling_s is None:
            lines.append(f"{role}: no step was seen.")
            continue
        uncertain = f"{MS * source.uncertain_s:.2g} ms"
        settled = f"within {MS * source.settling_s:.3g} ms (known to {uncertain})"
        settled = settled if source.settling_s > 0.0 else f"faster than can be seen ({uncertain})"
        lines.append(f"{role}: settles to 1 % {settled}; compliance {source.compliance_mv:g} mV, read back.")
    for meter in done.meters:
        label = junction_label(meter.meter)
        text = (
            f"voltmeter {label}: offset {UV * meter.offset_mv:.3g} uV, noise {UV * meter.noise_mv:.3g} uV in "
            f"{MS * meter.aperture_s:.3g} ms"
        )
        if meter.hum_mv is not None:
            text += f", hum {meter.hum_mv:.3g} mV"
        if meter.nplc is not None and meter.misjudged is not None:
            text += f"; {meter.nplc:g} power line cycles suffice (misjudged {meter.misjudged:.1g}, allowed 1e-06)"
        lines.append(f"{text}.")
    if not done.differences:
        lines.append("Nothing differs from what was expected.")
    lines += [f"DIFFERS {one.role}, {one.sent}: {one.came}; expected: {one.expected}." for one in done.differences]
    return lines
