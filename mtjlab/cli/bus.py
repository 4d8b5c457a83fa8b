"""What ``doctor`` finds on the bus: VISA libraries, resources, locks, and who of a bench file answers."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

from instruments.connect import ask_who, back_ends, find_resources
from instruments.interfaces import InstrumentError
from instruments.locks import canonical, held
from mtjlab.benches.models_check import demand_instruments
from mtjlab.benches.opening import LOCKS
from mtjlab.config import BenchConfig, InstrumentBenchConfig, read_bench

Rows: TypeAlias = list[dict[str, Any]]


def examine(bench: Path | None, library: str) -> dict[str, Rows]:
    """Everything by its title; nothing is said to an instrument but the question who it is.

    Raises:
        RefusedError: the bench file is wrong, or asks of its models what they cannot do.
    """
    config = read_bench(bench) if bench else None
    if bench and config:
        demand_instruments(bench, config, simulate=False)
    holders = held(LOCKS)
    return {
        "back_ends": [{"library": end.library, "about": end.about} for end in back_ends()],
        "resources": _resources(library, [holder.address for holder in holders]),
        "locks": [{"address": holder.address, "held_by": str(holder)} for holder in holders],
        "bench": _bench(config, {holder.address for holder in holders}),
    }


def _resources(library: str, in_use: list[str]) -> Rows:
    try:
        found = find_resources(library, in_use)
    except InstrumentError as error:
        return [{"address": "", "identity": None, "problem": str(error)}]
    return [{"address": one.address, "identity": one.identity, "problem": one.problem} for one in found]


def _bench(config: BenchConfig | None, in_use: set[str]) -> Rows:
    rows: Rows = []
    if not isinstance(config, InstrumentBenchConfig):
        return rows
    for role, model, address in _parts(config):
        row = {"role": role, "model": model, "address": address}
        if canonical(address) in in_use:
            rows.append({**row, "identity": None, "problem": "in use, so it was not asked"})
            continue
        answer = ask_who(address, config.link.visa_library, config.link.timeout_s)
        rows.append({**row, "identity": answer.identity, "problem": answer.problem})
    return rows


def _parts(config: InstrumentBenchConfig) -> Iterator[tuple[str, str, str]]:
    """Role, model and address of everything on the bus."""
    for table, sections in (("source", config.sources), ("voltmeter", config.voltmeters)):
        for label, section in sections.items():
            yield f"{table} {label}", section.model, section.address
    if config.field.address is not None:
        yield "field", config.field.model, config.field.address
