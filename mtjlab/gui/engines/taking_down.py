"""What ``mtjlab safe`` says of a bench, for the operator."""

import json
from contextlib import suppress

SAFE = "safe"
FAULT = 4


def words_of(said: str) -> str:
    """What was reached, and what had been on, in the output of ``mtjlab safe --json``; all of that where it is none."""
    with suppress(ValueError, IndexError, KeyError, TypeError):
        told = json.loads(said.splitlines()[-1])
        on = [f"{source['role']} at {source['found_ua']:.6g} uA" for source in told["sources"] if source["found_ua"]]
        return f"{told['bench']}: {told['told']} (found on: {', '.join(on) or 'none'})"
    return said
