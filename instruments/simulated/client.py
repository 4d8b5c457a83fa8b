"""Clients on loopback: one for an instrument, one for the control port."""

import json
import socket
from types import TracebackType
from typing import Any, TypeVar

from instruments.simulated.spec import HOST

Self = TypeVar("Self", bound="LineClient")


class LineClient:
    """Lines over one TCP connection. Raises TimeoutError, or ConnectionError if the other end has closed it."""

    def __init__(self, port: int, timeout_s: float = 5.0) -> None:
        self._link = socket.create_connection((HOST, port), timeout_s)
        self._link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._rest = b""

    def write(self, line: str) -> None:
        """Send one line."""
        self._link.sendall(line.encode() + b"\n")

    def read(self, timeout_s: float | None = None) -> str:
        """The next line."""
        if timeout_s is not None:
            self._link.settimeout(timeout_s)
        while b"\n" not in self._rest:
            data = self._link.recv(65536)
            if not data:
                raise ConnectionError("the other end has closed the connection")
            self._rest += data
        line, _, self._rest = self._rest.partition(b"\n")
        return line.decode("latin-1")

    def ask(self, line: str) -> str:
        """Send one line, return the next."""
        self.write(line)
        return self.read()

    def close(self) -> None:
        """Close the connection."""
        self._link.close()

    def __enter__(self: Self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class ControlClient(LineClient):
    """Faults, field and true state of running simulators. Raises ValueError with the reason of a refusal."""

    def state(self) -> dict[str, Any]:
        """True state of the circuit now, in SI units."""
        return self._do({"do": "state"})

    def fault(self, fault: str) -> None:
        """Add a fault, at once or ``@AFTER_S`` later."""
        self._do({"do": "fault", "fault": fault})

    def field(self, field_mt: float) -> None:
        """Set the magnetic field."""
        self._do({"do": "field", "field_mt": field_mt})

    def listen(self, role: str) -> int:
        """Open another port of the instrument with this role; returns its number."""
        return int(self._do({"do": "listen", "role": role})["port"])

    def stop(self) -> None:
        """End the simulators."""
        self._do({"do": "stop"})

    def _do(self, request: dict[str, Any]) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(self.ask(json.dumps(request)))
        if not answer.pop("ok"):
            raise ValueError(answer["error"])
        return answer
