"""Instruments of parallel chains in a bench file: [chains.A.sources.J1] and so on."""

from pathlib import Path
from typing import Any

from mtjlab.domain import input_label
from mtjlab.errors import RefusedError

TABLES = ("sources", "voltmeters")


def with_instruments_of_chains(path: Path, content: dict[str, Any]) -> dict[str, Any]:
    """The same bench with its instruments in [sources] and [voltmeters], named A.J1, A.J2, ..., B.J1, ...

    Raises:
        RefusedError: [chains] holds something else.
    """
    chains = content.get("chains")
    if not isinstance(chains, dict):
        return content
    wanted = [input_label(j) for j in range(max(2, len(chains)))]
    if sorted(chains) != wanted or any(table in content for table in TABLES):
        named = ", ".join([*chains, *[table for table in TABLES if table in content]])
        raise RefusedError(
            f"{path}: [chains] must name {', '.join(wanted)}, each with its sources and voltmeters, and no other "
            f"instruments are given; named are {named}."
        )
    flat: dict[str, Any] = {table: {} for table in TABLES}
    for name, chain in sorted(chains.items()):
        if not isinstance(chain, dict) or sorted(chain) != sorted(TABLES) or not _are_tables(chain.values()):
            raise RefusedError(
                f"{path}: [chains.{name}] needs tables such as [chains.{name}.sources.J1] and its voltmeters."
            )
        for table in TABLES:
            flat[table] |= {f"{name}.{label}": section for label, section in chain[table].items()}
    return {**{key: value for key, value in content.items() if key != "chains"}, **flat}


def _are_tables(values: Any) -> bool:
    return all(isinstance(value, dict) for value in values)
