"""Kill -9 of engines at random instants: how long until every source is at zero with its output off.

Judged by the simulators' own log alone. Prints the time of each kill; the bar is 2 s. With ``--pulses`` the engine
trains by pulses of half a second, in the middle of which it is killed.
"""

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from instruments.simulated.log_reading import safe_since_s
from mtjlab.benches.simulators import LOG
from mtjlab.store import JOURNAL

BENCH = Path(__file__).parents[2] / "configs" / "keithley-6221-2182a.toml"
COMMAND = (sys.executable, "-m", "mtjlab")
ON_BENCH = ("--bench", str(BENCH), "--simulate", "--quiet")
BAR_S = 2.0
PULSE_S = 0.5
LATEST_S = 8.0
"""After the outputs went on: well into a training at this speed."""


@dataclass(frozen=True)
class Kill:
    """What the engine does when it is killed: options of a training, what its journal then says, latest delay (s)."""

    options: tuple[str, ...]
    after: bytes
    latest_s: float


AT_ANY_TIME = Kill(("--speed", "50"), b'"outputs-on"', LATEST_S)


def in_a_pulse(folder: Path) -> Kill:
    """In the first pulse of a training, which needs a calibration; that is made in ``folder``."""
    command = [*COMMAND, "sweep", *ON_BENCH, "--repetitions", "3", "--speed", "50", "--figures", "none"]
    subprocess.run([*command, "--runs", str(folder)], check=True)
    (calibration,) = folder.glob("*/*/calibration-*.json")
    options = ("--speed", "1", "--pulse-width", str(PULSE_S), "--calibration", str(calibration))
    return Kill(options, b'"purpose":"input","series":1', PULSE_S)


def killed_after(folder: Path, kill: Kill, delay_s: float) -> float:
    """Start an engine, kill it ``delay_s`` after what ``kill`` waits for; seconds until its bench was safe."""
    command = [*COMMAND, "train", *ON_BENCH]
    options = ["--steps", "100000", "--recognition-every", "0", *kill.options, "--runs", str(folder)]
    environment = {**os.environ, "XDG_STATE_HOME": str(folder / "state")}
    with subprocess.Popen([*command, *options], env=environment) as engine:
        while not any(kill.after in path.read_bytes() for path in folder.glob(f"*/*/{JOURNAL}")):
            time.sleep(0.02)
        time.sleep(delay_s)
        killed_s = time.monotonic()
        engine.kill()
    (log,) = folder.glob(f"*/*/{LOG}")
    while (safe_s := safe_since_s(log)) is None and time.monotonic() < killed_s + 60:
        time.sleep(0.1)
    return float("inf") if safe_s is None else safe_s - killed_s


def main() -> None:
    """Kill, and print the times."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--pulses", action="store_true", help="in the middle of a pulse")
    options = parser.parse_args()
    rng = random.Random(options.seed)
    times_s = []
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as made:
        kill = in_a_pulse(Path(made)) if options.pulses else AT_ANY_TIME
        for number in range(options.kills):
            with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
                delay_s = rng.uniform(0.0, kill.latest_s)
                times_s.append(killed_after(Path(folder), kill, delay_s))
            print(f"kill {number + 1:3}  after {delay_s:5.2f} s: safe after {times_s[-1]:.3f} s", flush=True)
    print(f"median {statistics.median(times_s):.3f} s, longest {max(times_s):.3f} s, bar {BAR_S:g} s")
    print("every kill ended safe in time" if max(times_s) < BAR_S else "A KILL TOOK TOO LONG")


if __name__ == "__main__":
    main()
