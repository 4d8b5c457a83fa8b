"""Comparisons of chips that have not changed, and of chips with one threshold moved by 10 uA: false alarms, and missed.

Each seed measures a calibration (a sweep) of the simulated chip, then compares the same chip, and the chip with the
critical current AP -> P of one junction moved up or down by turns.
"""

import argparse
import tempfile
from pathlib import Path

import numpy as np
import tomli_w
from joblib import Parallel, delayed
from recognition import CONFIGS

from mtjlab.config import read_bench
from mtjlab.domain import junction_label
from mtjlab.experiment import execute
from mtjlab.experiment.request import OnBench, prepare
from mtjlab.procedures.chip_comparison.events import ChipCompared
from mtjlab.procedures.kinds import KINDS
from mtjlab.runs.opened import run_of

MOVED_UA = 10.0


def bench_file(folder: Path, moved: int | None, by_ua: float = 0.0) -> Path:
    """A bench file; the threshold of junction ``moved`` is another."""
    content = read_bench(CONFIGS / "simulated.toml").model_dump(mode="json", exclude_none=True)
    if moved is not None:
        content["simulation"]["critical_current_ap_to_p_ua"][moved] += by_ua
    path = folder / f"bench-{moved}.toml"
    path.write_text(tomli_w.dumps(content), encoding="utf-8")
    return path


def judged(seed: int) -> tuple[bool, bool, float]:
    """Whether an unchanged chip was said to have changed, whether the moved threshold was named; bench time (s)."""
    with tempfile.TemporaryDirectory() as temporary:
        folder, k = Path(temporary), seed % 3
        same = bench_file(folder, None)
        other = bench_file(folder, k, MOVED_UA if seed % 2 else -MOVED_UA)

        def run(kind: str, bench: Path, number: int) -> ChipCompared | None:
            on = OnBench(bench=bench, plan=CONFIGS / "vowels.toml", seed=3 * seed + number, runs=folder)
            made = execute(prepare(KINDS[kind], KINDS[kind].options(), on), folder)
            return run_of(made.folder).state.last(ChipCompared)

        run("sweep", same, 0)
        first, second = run("compare-chip", same, 1), run("compare-chip", other, 2)
        assert first is not None
        assert second is not None
        named = {(one.junction, one.quantity) for one in second.comparison.changes}
        found = (junction_label(k), "critical_up_ua") in named
        return not first.comparison.is_unchanged, found, first.t_s


def main() -> None:
    """Compare the chips of all seeds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--jobs", type=int, default=-1)
    options = parser.parse_args()
    alarms, found, times_s = np.array(
        Parallel(n_jobs=options.jobs)(delayed(judged)(seed) for seed in range(options.seeds))
    ).T
    print(f"false alarms {alarms.sum():.0f} of {options.seeds} (bar 5 %)")
    print(f"thresholds moved by {MOVED_UA:g} uA found and named {found.sum():.0f} of {options.seeds} (bar 95 %)")
    print(f"bench time {times_s.mean():.0f} s (bar 120 s)")


if __name__ == "__main__":
    main()
