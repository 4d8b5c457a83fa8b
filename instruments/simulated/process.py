"""Simulated instruments in a separate process, which ends with the process that started it, or soon after."""

import json
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

import psutil

from instruments.processes import is_alive
from instruments.simulated.client import ControlClient
from instruments.simulated.spec import SimulatorSpec

END_WITHIN_S = 5.0


@dataclass(frozen=True, slots=True)
class RunningSimulators:
    """Ports by role (``source J1``), the control port, the process, and the rescuers that it stays for."""

    ports: dict[str, int]
    control_port: int
    process: "subprocess.Popen[str]"
    rescuers: list[psutil.Process] = field(default_factory=list)

    @property
    def addresses(self) -> dict[str, str]:
        """VISA address of each role."""
        return {role: _address(port) for role, port in self.ports.items()}

    def state(self) -> dict[str, Any]:
        """True state of the circuit now, in SI units."""
        with ControlClient(self.control_port) as control:
            return control.state()

    def fault(self, fault: str) -> None:
        """Add a fault. Raises ValueError with the reason for an invalid one."""
        with ControlClient(self.control_port) as control:
            control.fault(fault)

    def field(self, field_mt: float) -> None:
        """Set the magnetic field."""
        with ControlClient(self.control_port) as control:
            control.field(field_mt)

    def stay_for(self, pid: int) -> None:
        """Keep the simulators running until this process, a rescuer, has ended too."""
        assert self.process.stdin is not None
        with suppress(OSError, psutil.NoSuchProcess):  # simulators that have ended are noticed by the drivers
            self.process.stdin.write(f"{pid}\n")
            self.process.stdin.flush()
            self.rescuers.append(psutil.Process(pid))

    def leave(self) -> None:
        """End the simulators; if a rescuer still runs, or they hang, they end later without further action."""
        if not any(map(is_alive, self.rescuers)):
            with suppress(OSError, subprocess.TimeoutExpired):
                self.stop()
        if self.process.stdin is not None:
            self.process.stdin.close()

    def stop(self) -> None:
        """End the simulators and wait until they have written their log."""
        if self.process.poll() is None:
            with ControlClient(self.control_port) as control:
                control.stop()
        self.process.wait(END_WITHIN_S)
        if self.process.stdin is not None:
            self.process.stdin.close()

    def __enter__(self) -> "RunningSimulators":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.leave()


def _address(port: int) -> str:
    return f"TCPIP0::127.0.0.1::{port}::SOCKET"


def start_simulators(spec: SimulatorSpec) -> RunningSimulators:
    """Start simulated instruments in a separate session; returns when their ports are open.

    They ignore interrupts and hang-ups. They end when they are stopped, or when this process has ended in any way: then
    the pipe to their input closes. They stay until the rescuers given to ``stay_for`` have ended, and with ``linger_s``
    until no message has come for that time; see ``SimulatorSpec``.

    Raises:
        ValueError: the specification cannot be simulated.
        OSError: the process could not be started.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "instruments.simulated", "--detached"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
        start_new_session=True,
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        with process.stdout as stdout:
            process.stdin.write(spec.to_json() + "\n")
            process.stdin.flush()
            answer = json.loads(stdout.readline() or '{"error": "they ended without a message"}')
    except BaseException:  # they ignore Ctrl-C, so they must be ended here
        process.kill()
        process.wait()
        raise
    if "error" in answer:
        process.wait(END_WITHIN_S)
        process.stdin.close()
        raise ValueError(f"The simulated instruments did not start: {answer['error']}.")
    return RunningSimulators(answer["ports"], answer["control_port"], process)
