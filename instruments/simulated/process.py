"""Simulated instruments in a process of their own, which ends with whoever started it, or soon after."""

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
    """Ports by role (``source J1``), the control port, the process, and whom it stays for."""

    ports: dict[str, int]
    control_port: int
    process: "subprocess.Popen[str]"
    rescuers: list[psutil.Process] = field(default_factory=list)

    @property
    def addresses(self) -> dict[str, str]:
        """VISA address of each role."""
        return {role: _address(port) for role, port in self.ports.items()}

    def state(self) -> dict[str, Any]:
        """The truth now, in SI units."""
        with ControlClient(self.control_port) as control:
            return control.state()

    def fault(self, fault: str) -> None:
        """Let something go wrong. Raises ValueError with a sentence for what is no fault."""
        with ControlClient(self.control_port) as control:
            control.fault(fault)

    def field(self, field_mt: float) -> None:
        """Another magnetic field."""
        with ControlClient(self.control_port) as control:
            control.field(field_mt)

    def stay_for(self, pid: int) -> None:
        """They stay as long as this process lives, too: a rescuer, who may be slow."""
        assert self.process.stdin is not None
        with suppress(OSError, psutil.NoSuchProcess):  # who is gone is noticed by whoever talks to it
            self.process.stdin.write(f"{pid}\n")
            self.process.stdin.flush()
            self.rescuers.append(psutil.Process(pid))

    def leave(self) -> None:
        """End the simulators; where somebody lives for whom they stay, or they hang, they end by themselves later."""
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
    """Start simulated instruments in a session of their own; returns when they listen.

    They ignore interrupts and hang-ups. They end when they are stopped, or when this process has ended, however it
    ended: the pipe to their input closes then. They stay for a rescuer until those have ended that ``stay_for`` names,
    and with ``linger_s`` until nobody says anything any more; see ``SimulatorSpec``.

    Raises:
        ValueError: with a sentence, for a specification that cannot be simulated.
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
            answer = json.loads(stdout.readline() or '{"error": "they ended without a word"}')
    except BaseException:  # Ctrl-C is not for them, so nobody else would end them
        process.kill()
        process.wait()
        raise
    if "error" in answer:
        process.wait(END_WITHIN_S)
        process.stdin.close()
        raise ValueError(f"The simulated instruments did not start: {answer['error']}.")
    return RunningSimulators(answer["ports"], answer["control_port"], process)
