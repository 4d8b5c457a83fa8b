"""Control port: JSON lines to add faults, set the field, and read the true state."""

import json
import socket
from collections.abc import Callable
from typing import Any

from instruments.simulated.bench import SimulatedBench
from instruments.simulated.server import Connection, Server

T_PER_MT = 1e-3


class Control:
    """Answers ``{"do": ...}`` with one JSON object per line: ``ok``, and ``error`` with the reason if it is false."""

    def __init__(self, bench: SimulatedBench, server: Server) -> None:
        self._bench = bench
        self._server = server
        self.port = server.listen(self._accept)

    def _accept(self, link: socket.socket) -> None:
        self._server.connect(link, self._execute, None)

    def _execute(self, connection: Connection, text: str) -> None:
        try:
            request = dict(json.loads(text))
            answer = {"ok": True, **self._do(request)}
        except (ValueError, KeyError, TypeError) as error:
            answer = {"ok": False, "error": f"{text} was not done: {error}"}
        connection.send(json.dumps(answer).encode())

    def _do(self, request: dict[str, Any]) -> dict[str, Any]:
        actions: dict[str, Callable[[dict[str, Any]], dict[str, Any] | None]] = {
            "state": lambda request: self._bench.state(),
            "fault": lambda request: self._bench.add_fault(request["fault"]),
            "field": lambda request: self._bench.set_field(float(request["field_mt"]) * T_PER_MT),
            "listen": lambda request: {"port": self._server.listen_for(self._bench.station(request["role"]))},
            "stop": lambda request: self._stop(),
        }
        if request.get("do") not in actions:
            raise ValueError(f"do is one of {', '.join(actions)}")
        return actions[request["do"]](request) or {}

    def _stop(self) -> None:
        self._server.stopping = True
