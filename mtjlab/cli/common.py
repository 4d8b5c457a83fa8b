"""Consoles and exit codes of all commands."""

import json
from typing import Any

from mtjlab.console import PlainConsole

DONE, REFUSED, STOPPED, FAULT = 0, 2, 3, 4

messages = PlainConsole(stderr=True)
results = PlainConsole()


def print_json(result: dict[str, Any]) -> None:
    """Print one JSON object on one line, for other programs."""
    print(json.dumps(result))  # noqa: T201
