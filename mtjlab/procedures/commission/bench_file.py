"""The new bench file: the old one, its comments and order kept, with what was measured."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import tomli_w

from mtjlab.config import InstrumentBenchConfig
from mtjlab.procedures.commission.events import Commissioned

DECIMALS = 6


def commissioned_text(text: str, bench: InstrumentBenchConfig, done: Commissioned, run: str) -> str:
    """``text`` of the bench file ``bench``, with measured values; comments say of which run."""
    for table, values in _measured(bench, done).items():
        for key, value in values.items():
            text = _with_key(text, table, key, value)
    dwell = f", dwell_s = {done.dwell_s:g} of [presentation] in plans" if done.dwell_s is not None else ""
    return f"# Measured by run {run}: line frequency, settling, integration times (misjudged < 1e-6){dwell}.\n{text}"


def _measured(bench: InstrumentBenchConfig, done: Commissioned) -> Mapping[str, Mapping[str, Any]]:
    tables: dict[str, dict[str, Any]] = {
        "timing": {"settle_s": done.settle_s},
        "link": {"line_frequency_hz": round(done.line_hz)},
    }
    for one in done.meters:
        if one.nplc is not None:
            tables[f"voltmeters.{bench.labels[one.meter]}"] = {"nplc": one.nplc}
    tables["simulation"] = {
        "meter_offset_mv": [round(one.offset_mv, DECIMALS) for one in done.meters],
        "meter_noise_mv": _largest(one.noise_mv for one in done.meters),
        "hum_mv": _largest(one.hum_mv for one in done.meters),
        "source_settling_s": _largest(one.settling_s for one in done.sources),
    }
    return tables


def _largest(values: Iterable[float | None]) -> float:
    return round(max((one for one in values if one is not None), default=0.0), DECIMALS)


def _with_key(text: str, table: str, key: str, value: Any) -> str:
    """``text`` with a key of a table: in place of the old value, or as the first key, or in a new table."""
    written = tomli_w.dumps({key: value}).strip().replace("\n", "").replace("    ", " ").replace(",]", "]")
    head = re.search(rf"^\[{re.escape(table)}\][^\n]*\n", text, re.MULTILINE)
    if head is None:
        return f"{text.rstrip()}\n\n[{table}]\n{written}\n"
    following = re.search(r"^\[", text[head.end() :], re.MULTILINE)
    end = head.end() + following.start() if following else len(text)
    inside = text[head.end() : end]
    line = re.compile(rf"^{re.escape(key)}[ \t]*=[ \t]*(?:\[[^\]]*\]|[^#\n]*?)([ \t]*#[^\n]*)?$", re.MULTILINE)
    if line.search(inside):
        inside = line.sub(lambda found: f"{written}{found[1] or ''}", inside, count=1)
    else:
        inside = f"{written}\n{inside}"
    return f"{text[: head.end()]}{inside}{text[end:]}"
