"""Fault campaigns: break runs, and count the defects of what they leave.

``campaigns.py faults``: every fault x every phase of a training over TCP. Each run must end as expected
(continue if the fault passes, otherwise fail or pause), leave its bench safe or report that it cannot, name the faulty
part, and lose no reading. All is checked against the log of the simulators.
``campaigns.py kills``: kill -9 at random instants; see ``fault_campaign.py``.
Exit code 1 if anything is wrong.
"""

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from random import Random

import fault_campaign
from faulted_engine import PHASES, STEPS
from faulted_runs import ASPECTS, CASES, Case, Outcome, carried_out
from followed_engine import PROJECT

AT_A_TIME = 2
TRAINING = f"""steps = {STEPS}
start_control_ua = [[-500, -430, -510], [-500, -450, -490]]"""
"""Every source drives a current: the fault of a source without a current would not show."""
BENCH = PROJECT / "configs" / "keithley-6221-2182a.toml"


def run_with_fault(combination: tuple[Case, str], bench: Path, seed: int) -> Outcome:
    """Outcome of a training with a fault in a phase."""
    case, phase = combination
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        plan = fault_campaign.plan_in(Path(name), Random(seed), TRAINING)
        return carried_out(Path(name), case, phase, bench, plan)


def print_outcome(outcome: Outcome, verbose: bool) -> None:
    """Print a line for a run, and one for each defect."""
    print(f"{outcome.case.fault:32} {outcome.phase:14} {outcome.ended}", flush=True)
    for _, complaint in outcome.wrong:
        print(f"    WRONG: {complaint}", flush=True)
    if verbose or outcome.wrong:
        print("".join(f"    | {line}\n" for line in outcome.text.splitlines()), end="", flush=True)


def table(outcomes: Sequence[Outcome]) -> str:
    """Ends of all runs, a row for each fault, a column for each phase; ``!`` marks a defect."""
    cells = {(one.case.fault, one.phase): one.ended + "!" * bool(one.wrong) for one in outcomes}
    rows = [
        f"{fault:32}" + "".join(f"{cells.get((fault, phase), ''):14}" for phase in PHASES)
        for fault in dict.fromkeys(one.case.fault for one in outcomes)
    ]
    return "\n".join(["", f"{'':32}" + "".join(f"{phase:14}" for phase in PHASES), *rows, ""])


def faults(cases: Sequence[Case], phases: Sequence[str], bench: Path, seed: int, words: bool) -> bool:
    """Run trainings with faults, and print the outcomes; returns whether all are without defects."""
    began_s, outcomes = time.monotonic(), []
    with ProcessPoolExecutor(AT_A_TIME) as pool:
        combinations = [(case, phase) for case in cases for phase in phases if phase in case.phases]
        for outcome in pool.map(partial(run_with_fault, bench=bench, seed=seed), combinations):
            outcomes.append(outcome)
            print_outcome(outcome, words)
    print(table(outcomes))
    failed = Counter(aspect for one in outcomes for aspect in {aspect for aspect, _ in one.wrong})
    exceptions = sum(bool(one.wrong) for one in outcomes)
    print(f"{len(outcomes)} runs on {bench.name} in {time.monotonic() - began_s:.0f} s")
    print(", ".join(f"{aspect} {len(outcomes) - failed[aspect]}" for aspect in ASPECTS))
    print(f"{exceptions} exceptions")
    return exceptions == 0


def main() -> None:
    """Run a campaign, and print the counts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    campaigns = parser.add_subparsers(dest="campaign", required=True)
    of_faults = campaigns.add_parser("faults")
    of_faults.add_argument("--fault", action="append", choices=[case.fault for case in CASES], help="only this one")
    of_faults.add_argument("--phase", action="append", choices=PHASES, help="only this one")
    of_faults.add_argument("--bench", type=Path, default=BENCH)
    of_faults.add_argument("--words", action="store_true", help="print what the operator read, of every run")
    of_kills = campaigns.add_parser("kills")
    of_kills.add_argument("--kills", type=int, default=200)
    for one in (of_faults, of_kills):
        one.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    if options.campaign == "kills":
        well = fault_campaign.campaign(options.kills, options.seed)
    else:
        chosen = [case for case in CASES if not options.fault or case.fault in options.fault]
        well = faults(chosen, options.phase or PHASES, options.bench, options.seed, options.words)
    sys.exit(0 if well else 1)


if __name__ == "__main__":
    main()
