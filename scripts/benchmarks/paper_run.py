"""The full paper experiment, live: all tokens presented after each of 81 steps, everything journalled. Where time goes.

Prints the seconds of one run on one core, its presentations per second, the journal's size, and, from a second run
under the profiler, the share of each part of the house. Shares count a part with all that it calls.
"""

import cProfile
import pstats
import tempfile
from pathlib import Path
from time import perf_counter

from rich.console import Console
from rich.table import Table

from mtjlab import experiment
from mtjlab.procedures.kinds import KINDS
from mtjlab.store import JOURNAL

PARTS = {
    "reference sweep and fit": ("reference_sweep.py", "reference_sweep"),
    "encoding": ("training.py", "encode_tokens"),
    "presentations": ("present.py", "present"),
    "  simulated junctions and meters: voltages": ("simulated_rack.py", "read_voltages_v"),
    "  simulated junctions: currents": ("simulated_rack.py", "write_source"),
    "  simulated junctions: settling and dwell": ("physics.py", "advance"),
    "  detector": ("detector.py", "judge"),
    "  scales of the detector": ("detector.py", "at"),
    "journal": ("journal.py", "append"),
    "  JSON": ("codec.py", "to_json"),
}


def train_once(runs: Path) -> experiment.RunResult:
    """One training with the default bench and plan."""
    return experiment.execute(experiment.prepare(KINDS["train"], KINDS["train"].options(), experiment.OnBench()), runs)


def shares(runs: Path) -> list[tuple[str, float]]:
    """Share of the profiled time that each of PARTS takes."""
    profile = cProfile.Profile()
    profile.runcall(train_once, runs)
    stats = pstats.Stats(profile)
    total: float = stats.total_tt  # type: ignore[attr-defined]
    cumulated = {
        (Path(file).name, function): row[3]
        for (file, _, function), row in stats.stats.items()  # type: ignore[attr-defined]
    }
    return [(part, cumulated[where] / total) for part, where in PARTS.items()]


def main() -> None:
    """Run, and print the table."""
    with tempfile.TemporaryDirectory() as folder:
        runs = Path(folder)
        began_s = perf_counter()
        run = train_once(runs)
        seconds = perf_counter() - began_s
        told = experiment.result_of(run.folder)
        table = Table(
            "part", "share", title=f"{told['presentations']} presentations, {told['vowels']}, simulated bench"
        )
        for part, share in shares(runs):
            table.add_row(part, f"{share:.0%}")
        megabytes = (run.folder / JOURNAL).stat().st_size / 1e6
        console = Console(width=100)
        console.print(table)
        console.print(
            f"{seconds:.1f} s, {told['presentations'] / seconds:.0f} presentations/s, journal {megabytes:.1f} MB"
        )


if __name__ == "__main__":
    main()
