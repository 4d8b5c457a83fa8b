"""Whether this computer has what the addresses of a bench need, before anything is opened."""

from pathlib import Path

from instruments.support import problem_of
from mtjlab.config import InstrumentBenchConfig
from mtjlab.counted import word_for
from mtjlab.errors import RefusedError


def demand_support(file: Path, bench: InstrumentBenchConfig) -> None:
    """Refuse a bench for which a VISA library, a driver or a right is missing on this computer.

    Raises:
        RefusedError: for each thing that is missing its name and remedy, then what needs it; nothing was opened.
    """
    addresses: dict[str, list[str]] = {}
    for address in bench.addresses:
        if problem := problem_of(address, bench.link.visa_library):
            addresses.setdefault(problem, []).append(address)
    if addresses:
        raise RefusedError(
            "\n".join(
                f"{problem[:1].upper()}{problem[1:]} {file} needs it for {_named(without)}."
                for problem, without in addresses.items()
            )
            + " Nothing was opened."
        )


def _named(addresses: list[str]) -> str:
    """The first address, and how many others there are."""
    first, *others = addresses
    return f"{first} and {len(others)} other {word_for(len(others), 'address', 'addresses')}" if others else first
