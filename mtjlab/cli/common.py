"""What all commands share: where they print, and their exit codes."""

import json
from typing import Any

from mtjlab.cli.console import PlainConsole

DONE, REFUSED, STOPPED, FAULT = 0, 2, 3, 4

messages = PlainConsole(stderr=True)
results = PlainConsole()


def print_json(told: dict[str, Any]) -> None:
    """One JSON object as a line of its own, for other programs."""
    print(json.dumps(told))  # noqa: T201
