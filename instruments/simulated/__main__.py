"""``python -m instruments.simulated [FILE]``: serve the specification in FILE, or on the first line of standard input.

Prints one JSON line with ``ports`` by role and ``control_port`` when all ports are open, or with ``error``. With
``--detached`` the process ends when its standard input closes, that is when the process that started it has ended.
Process IDs may be written to the input: the simulators stay until these processes have ended as well.
"""

import json
import os
import signal
import sys
import threading
import time
import traceback
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

import psutil

from instruments.processes import is_alive
from instruments.simulated.bench import SimulatedBench
from instruments.simulated.control import Control
from instruments.simulated.log import Log
from instruments.simulated.server import BenchClock, Server
from instruments.simulated.spec import SimulatorSpec

LOOK_S = 0.1
MOST_RESCUE_S = 120.0
"""Longest time that simulators stay for a rescuer; one that takes longer hangs."""


def main(arguments: list[str]) -> int:
    """Serve until stopped, interrupted (unless ``--detached``) or abandoned. Returns the exit code."""
    detached = "--detached" in arguments
    if detached:
        arguments = [argument for argument in arguments if argument != "--detached"]
        _ignore_interrupts()
    try:
        text = Path(arguments[0]).read_text("utf-8") if arguments else sys.stdin.readline()
        spec = SimulatorSpec.from_json(text)
        clock = BenchClock(spec.speed)
        log = Log(Path(spec.log_path), clock)
        log.write(0.0, "start", simulated=True, pid=os.getpid(), spec=asdict(spec))
        bench = SimulatedBench(spec, log)
    except (ValueError, OSError) as error:
        _say({"error": str(error)})
        return 2
    return _serve(bench, log, clock, spec, detached)


def _serve(bench: SimulatedBench, log: Log, clock: BenchClock, spec: SimulatorSpec, detached: bool) -> int:
    reason = "never served"
    try:
        server = Server(bench, log, clock)
        control = Control(bench, server)
        log.write(clock.now_s(), "ports", ports=server.ports, control_port=control.port)
        log.flush()
        _say({"ports": server.ports, "control_port": control.port, "pid": os.getpid(), "log": spec.log_path})
        if detached:
            threading.Thread(target=_leave_with_starter, args=(server, spec.linger_s), daemon=True).start()
        reason = server.serve()
    except KeyboardInterrupt:
        reason = "interrupted"
    except Exception:
        reason = traceback.format_exc()
        return 1
    finally:
        log.write(clock.now_s(), "end", reason=reason)
        log.close()
    return 0


def _leave_with_starter(server: Server, linger_s: float | None) -> None:
    """Wait for the end of standard input; not with ``sys.stdin``, whose lock would then be held at the exit."""
    rescuers: list[psutil.Process] = []
    with suppress(OSError):
        while data := os.read(sys.stdin.fileno(), 4096):
            for pid in data.split():
                with suppress(psutil.Error):  # one that has ended already
                    rescuers.append(psutil.Process(int(pid)))
    end_s = time.monotonic() + MOST_RESCUE_S
    while any(map(is_alive, rescuers)) and time.monotonic() < end_s:
        time.sleep(LOOK_S)
    server.leave(linger_s or 0.0)


def _say(answer: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def _ignore_interrupts() -> None:
    for name in ("SIGINT", "SIGHUP", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
