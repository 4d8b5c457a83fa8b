"""``python -m instruments.simulated [FILE]``: serve the specification in FILE, or on the first line of the input.

Prints one JSON line with ``ports`` by role and ``control_port`` when everything listens, or with ``error``.
"""

import json
import os
import signal
import sys
import traceback
from dataclasses import asdict
from pathlib import Path

from instruments.simulated.bench import SimulatedBench
from instruments.simulated.control import Control
from instruments.simulated.log import Log
from instruments.simulated.server import BenchClock, Server
from instruments.simulated.spec import SimulatorSpec


def main(arguments: list[str]) -> int:
    """Serve until told to stop, interrupted (unless ``--detached``) or alone. Returns the exit code."""
    if "--detached" in arguments:
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
    return _serve(bench, log, clock, spec)


def _serve(bench: SimulatedBench, log: Log, clock: BenchClock, spec: SimulatorSpec) -> int:
    reason = "never served"
    try:
        server = Server(bench, log, clock, spec.linger_s)
        control = Control(bench, server)
        log.write(clock.now_s(), "ports", ports=server.ports, control_port=control.port)
        log.flush()
        _say({"ports": server.ports, "control_port": control.port, "pid": os.getpid(), "log": spec.log_path})
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


def _say(answer: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def _ignore_interrupts() -> None:
    for name in ("SIGINT", "SIGHUP", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
