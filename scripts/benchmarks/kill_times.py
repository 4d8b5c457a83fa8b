"""Kill -9 of engines at random instants: how long until every source is at zero with its output off.

Judged by the simulators' own log alone. Prints the time of each kill; the bar is 2 s.
"""

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from instruments.simulated.log_reading import safe_since_s
from mtjlab.benches.simulators import LOG
from mtjlab.store import JOURNAL

BENCH = Path(__file__).parents[2] / "configs" / "keithley-6221-2182a.toml"
BAR_S = 2.0
LATEST_S = 8.0
"""After the outputs went on: well into a training at this speed."""


def killed_after(folder: Path, delay_s: float) -> float:
    """Start an engine, kill it ``delay_s`` after its outputs went on; seconds until its bench was safe."""
    command = [sys.executable, "-m", "mtjlab", "train", "--bench", str(BENCH), "--simulate", "--quiet"]
    options = ["--steps", "100000", "--recognition-every", "0", "--speed", "50", "--runs", str(folder)]
    environment = {**os.environ, "XDG_STATE_HOME": str(folder / "state")}
    with subprocess.Popen([*command, *options], env=environment) as engine:
        while not any(b'"outputs-on"' in path.read_bytes() for path in folder.glob(f"*/*/{JOURNAL}")):
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
    options = parser.parse_args()
    rng = random.Random(options.seed)
    times_s = []
    for kill in range(options.kills):
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            delay_s = rng.uniform(0.0, LATEST_S)
            times_s.append(killed_after(Path(folder), delay_s))
            print(f"kill {kill + 1:3}  {delay_s:5.2f} s after outputs on: safe after {times_s[-1]:.3f} s", flush=True)
    print(f"median {statistics.median(times_s):.3f} s, longest {max(times_s):.3f} s, bar {BAR_S:g} s")
    print("every kill ended safe in time" if max(times_s) < BAR_S else "A KILL TOOK TOO LONG")


if __name__ == "__main__":
    main()
