"""Survey of the bus for ``mtjlab doctor``: VISA libraries, resources, locks, instruments of a bench file."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

from instruments.connect import Resource, back_ends, find_resources, query_identity
from instruments.interfaces import HeldError, Identity, InstrumentError
from instruments.locks import Hold, held, usual_folder
from mtjlab.benches.models_check import demand_instruments
from mtjlab.benches.source_states import source_states
from mtjlab.config import BenchConfig, InstrumentBenchConfig, read_bench

Rows: TypeAlias = list[dict[str, Any]]
BENCH = "bench"
"""Title of the table of the instruments in the bench file."""


def examined(bench: Path | None, library: str) -> Iterator[tuple[str, Rows]]:
    """Yield the tables of the survey with their titles, each once it is known.

    Only identity, output and level are queried; nothing is set.

    Raises:
        RefusedError: the bench file is not valid, or requests what its models cannot do.
    """
    config = read_bench(bench) if bench else None
    if bench and config:
        demand_instruments(bench, config, simulate=False)
    yield "back_ends", [{"library": end.library, "about": end.about} for end in back_ends()]
    yield "resources", _resources(library)
    holders = [(address, holder) for holder in held(usual_folder()) for address in holder.addresses]
    yield "locks", [{"address": address, "held_by": str(holder)} for address, holder in holders]
    yield BENCH, _bench(config)


def _resources(library: str) -> Rows:
    try:
        found = find_resources(library, _identify)
    except InstrumentError as error:
        return [{"address": "", "identity": None, "problem": str(error)}]
    return [{"address": one.address, "identity": one.identity, "problem": one.problem} for one in found]


def _identify(address: str, library: str, timeout_s: float = 0.5) -> Resource:
    """Query the identity at ``address``, under a lock; an address in use by another program is not queried."""
    with Hold(usual_folder(), "mtjlab doctor") as hold:
        try:
            hold.take(address)
        except HeldError as error:
            return Resource(address, None, f"in use, so it was not queried: {error}")
        answer = query_identity(address, library, timeout_s)
        identity = Identity.parse(answer.identity or "")
        try:
            if identity is not None:
                hold.recognise(address, identity)
        except HeldError as error:
            return replace(answer, problem=f"in use: {error}")
        return answer


def _bench(config: BenchConfig | None) -> Rows:
    rows: Rows = []
    if not isinstance(config, InstrumentBenchConfig):
        return rows
    states = {state.role: state for state in source_states(config)}
    for role, model, address in _parts(config):
        answer, state = _identify(address, config.link.visa_library, config.link.timeout_s), states.get(role)
        rows.append(
            {
                "role": role,
                "model": model,
                "address": address,
                "identity": answer.identity,
                "output_on": state.output_on if state else None,
                "level_ua": state.level_ua if state else None,
                "problem": answer.problem or (state.problem if state else None),
            }
        )
    return rows


def _parts(config: InstrumentBenchConfig) -> Iterator[tuple[str, str, str]]:
    """Role, model and address of each instrument on the bus."""
    for table, sections in (("source", config.sources), ("voltmeter", config.voltmeters)):
        for label, section in sections.items():
            yield f"{table} {label}", section.model, section.address
    yield from config.field.parts
