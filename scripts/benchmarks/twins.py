"""Twins of many chips: fitted to a sweep, a map and a training, and held against other runs of the same chips.

Each seed is another chip: critical currents moved by up to 60 uA, spreads of 3 to 6 uA, other resistances and offsets.
The twin of it is checked against a raster map, from which the cells with a predicted probability between 5 and 95 % and
30 presentations count, and against a training of which it predicts the recognition. A twin with one threshold off by
10 uA, of a junction by turns, is checked against the same runs.
"""

import argparse
import random
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import tomli_w
from joblib import Parallel, delayed
from recognition import CONFIGS

from mtjlab.config import SimulatedBenchConfig, TrainingSettings, read_bench, read_plan
from mtjlab.experiment import execute
from mtjlab.experiment.request import OnBench, prepare
from mtjlab.experiment.twin_check import check_twin
from mtjlab.experiment.twin_fit import fit_twin
from mtjlab.procedures.kinds import KINDS

MOVED_UA = 10.0
LEVEL = 1.96
P_OF_CELLS = 0.01
AT_UA = 420.0, 450.0, 480.0
"""Inputs of the boundaries."""


def chip(seed: int) -> dict[str, Any]:
    """A bench file of another chip."""
    rng = random.Random(f"twin {seed}")
    bench = read_bench(CONFIGS / "simulated.toml")
    assert isinstance(bench, SimulatedBenchConfig)
    truth = bench.simulation
    moved = [rng.uniform(-60.0, 60.0) for _ in range(bench.junctions)]
    content = bench.model_dump(mode="json", exclude_none=True)
    content["device"]["name"] = f"chip {seed}"
    content["simulation"] |= {
        "critical_current_ap_to_p_ua": [a + b for a, b in zip(truth.critical_current_ap_to_p_ua, moved, strict=True)],
        "critical_current_p_to_ap_ua": [a + b for a, b in zip(truth.critical_current_p_to_ap_ua, moved, strict=True)],
        "critical_spread_ua": [rng.uniform(3.0, 6.0) for _ in moved],
        "resistance_parallel_ohm": [rng.uniform(1000.0, 1200.0) for _ in moved],
        "tmr_percent": [rng.uniform(100.0, 130.0) for _ in moved],
        "meter_offset_mv": [rng.uniform(-0.5, 0.5) for _ in moved],
    }
    return content


def raster(bench: Path) -> dict[str, Any]:
    """A raster map of boundaries 30 uA apart."""
    truth = read_bench(bench).simulation.each("critical_current_ap_to_p_ua")
    row_ua = [round(up_ua - at_ua, 1) for up_ua, at_ua in zip(truth, AT_UA, strict=True)]
    staircase = {"input_start_ua": 390.0, "input_stop_ua": 510.0, "input_step_ua": 2.0}
    return {"way": "raster", "cell_ua": 10.0, "times": 30, "staircase": staircase, "controls_ua": [row_ua, row_ua]}


def measured(folder: Path, kind: str, bench: Path, seed: int, **asked: Any) -> Path:
    """The folder of a run of ``kind``."""
    plan = read_plan(CONFIGS / "vowels.toml")
    plan = plan.model_copy(update={"training": TrainingSettings(recognition_every_steps=40)})
    on = OnBench(bench=bench, plan=CONFIGS / "vowels.toml", seed=seed)
    request = prepare(KINDS[kind], KINDS[kind].options.model_validate(asked), on, plan)
    return execute(request, folder).folder


def judged(seed: int) -> tuple[bool, bool, bool, int, float]:
    """Uniform cells, recognition inside its interval, moved twin rejected; number of cells, p of the right twin."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        bench = folder / "chip.toml"
        bench.write_text(tomli_w.dumps(chip(seed)), encoding="utf-8")
        sweep = measured(folder, "sweep", bench, 4 * seed)
        training = measured(folder, "train", bench, 4 * seed + 1)
        fit_twin([sweep, training], folder / "twin.toml")
        mapped = measured(folder, "map", bench, 4 * seed + 2, **raster(bench))
        other = measured(folder, "train", bench, 4 * seed + 3)
        cells = {test["name"]: test for test in check_twin(folder / "twin.toml", mapped)["tests"]}["cells of a map"]
        of_training = {test["name"]: test for test in check_twin(folder / "twin.toml", other)["tests"]}
        recognition = of_training["recognition"]["differences"][0]
        off = read_bench(folder / "twin.toml").model_dump(mode="json", exclude_none=True)
        off["simulation"]["critical_current_ap_to_p_ua"][seed % 3] += MOVED_UA if seed % 2 else -MOVED_UA
        (folder / "off.toml").write_text(tomli_w.dumps(off), encoding="utf-8")
        return (
            cells["p_value"] > P_OF_CELLS,
            abs(recognition["deviations"]) < LEVEL,
            check_twin(folder / "off.toml", mapped)["rejected"],
            cells["number"],
            check_twin(folder / "twin.toml", mapped)["p_value"],
        )


def main() -> None:
    """Judge the twins of all chips, and print in how many of them each bar holds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--chips", type=int, default=100)
    parser.add_argument("--jobs", type=int, default=-1)
    options = parser.parse_args()
    found = Parallel(n_jobs=options.jobs)(delayed(judged)(seed) for seed in range(options.chips))
    uniform, inside, rejected, cells, p_values = np.array(found).T
    print(f"{options.chips} chips, {cells.mean():.0f} cells each")
    print(f"cells uniform (KS p > {P_OF_CELLS}): {uniform.mean():.0%} (bar 95 %)")
    print(f"recognition inside its 95 % interval: {inside.mean():.0%} (bar 90 %)")
    print(f"twins with a threshold off by {MOVED_UA:g} uA rejected: {rejected.mean():.0%} (bar 95 %)")
    print(f"right twins rejected: {np.mean(p_values < P_OF_CELLS):.0%}")


if __name__ == "__main__":
    main()
