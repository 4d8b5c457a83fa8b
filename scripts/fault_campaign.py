"""Kill -9 of engines at random instants: no reading is lost, the status is right, the bench is safe, and runs resume.

Half of the runs are in process, half over TCP on simulated instruments. The journal is checked against the log of the
simulators, and against the events that a follower read before the kill. Each killed run must have the status crashed,
leave no source on, and be resumed to its end with the tokens of a run that was not killed, in the same order. Prints
counts; exit code 1 if anything is wrong.
"""

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from followed_engine import FollowedEngine
from kills import ENDED, IN_PROCESS, OVER_TCP, Kill, Life, drawn_instant, findings, killed, resumed, started
from kills import tokens_presented as presented

from mtjlab.benches import open_bench
from mtjlab.events import Event
from mtjlab.experiment import OnBench, prepare
from mtjlab.procedures.kind import ProcedureContext
from mtjlab.procedures.kinds import KINDS
from mtjlab.reading import read_events

AT_A_TIME = 2
STEPS = 8
PLAN = """
name = "fault campaign"

[data]
table = "table.csv"

[sweep]
repetitions = 1
input_step_ua = 10

[training]
{training}
recognition_every_steps = 4
"""
CLASSES = {"a": (1.0, 1.0), "b": (1.0, 2.0), "c": (2.0, 1.0), "d": (2.0, 2.0)}
TOKENS = 5
AGAIN_EVERY = 5
"""One of this number of runs is killed again after it was resumed."""


@dataclass(frozen=True, slots=True)
class Fate:
    """A run through ``door`` that is killed so many times before it is resumed to its end."""

    number: int
    door: str
    kills: int
    seed: str


def fates(kills: int, seed: int) -> list[Fate]:
    """Of ``kills`` kills half in process, half over TCP; some runs are killed twice."""
    drawn: list[Fate] = []
    for door, wanted in ((IN_PROCESS, kills // 2), (OVER_TCP, kills - kills // 2)):
        left, number = wanted, 0
        while left > 0:
            number += 1
            times = min(left, 2 if number % AGAIN_EVERY == 0 else 1)
            drawn.append(Fate(number, door, times, f"{seed} {door} {number}"))
            left -= times
    return sorted(drawn, key=lambda fate: fate.number)


def live(fate: Fate) -> Life:
    """A run, killed, and resumed to its end."""
    rng = random.Random(fate.seed)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        place = Path(name)
        plan = plan_in(place, rng)
        whole = uninterrupted(plan)
        crashed: list[FollowedEngine] = []
        kills: list[Kill] = []
        engine = started(place, fate.door, plan)
        while len(crashed) < fate.kills:
            kills.append(killed(engine, fate.door, drawn_instant(rng, fate.door, whole)))
            if kills[-1].where != ENDED:
                crashed.append(engine)
            engine = resumed(place, crashed[-1]) if crashed else started(place, fate.door, plan)
        engine.follow()
        return judged(kills, crashed, engine, whole)


def judged(kills: Sequence[Kill], crashed: Sequence[FollowedEngine], last: FollowedEngine, whole: list[Event]) -> Life:
    """A life whose ``last`` run should have come to its end, with all that a ``whole`` one presents."""
    result = last.result()
    runs = [list(read_events(engine.folder)) for engine in (*crashed, last)]
    not_resumed = ""
    if (result["status"], result.get("steps"), result["code"]) != ("finished", STEPS, 0):
        not_resumed = f"{last.folder}: not resumed to the end: {result}"
    elif presented(runs) != presented([whole]):
        not_resumed = f"{last.folder}: other tokens, or another order, than in a run that nobody killed"
    *broken, end = zip((*crashed, last), runs, strict=True)
    found = [*(findings(*one, "crashed") for one in broken), findings(*end, "finished")]
    return Life(tuple(kills), tuple(found), not_resumed)


def plan_in(place: Path, rng: random.Random, training: str = f"steps = {STEPS}") -> Path:
    """A small plan with a seed of its own, and a table beside it; ``training`` are lines of its [training]."""
    rows = [
        f"{label}{k},{label},{rng.gauss(x, 0.1):.4f},{rng.gauss(y, 0.1):.4f}"
        for label, (x, y) in CLASSES.items()
        for k in range(TOKENS)
    ]
    (place / "table.csv").write_text("\n".join(["name,label,x,y", *rows]), encoding="utf-8")
    plan = place / "plan.toml"
    plan.write_text(f"seed = {rng.randrange(10**6)}\n{PLAN.format(training=training)}", encoding="utf-8")
    return plan


def uninterrupted(plan: Path) -> list[Event]:
    """What a run says that nobody kills."""
    kind = KINDS["train"]
    asked = prepare(kind, kind.options(), OnBench(plan=plan))
    context = ProcedureContext(asked.plan, asked.config, asked.bench, data=asked.data)
    return list(kind.procedure(open_bench(asked.bench, asked.noise_seed), context))


def tell(life: Life) -> None:
    """A line for each kill of a run, and for all that is wrong with it."""
    for kill in life.kills:
        print(f"{kill.door:10}  {kill.where:12}  {kill.events:4} events left", flush=True)
    for found in life.all_findings:
        for complaint in (*found.lost, *found.wrong_statuses, *["a source was left on"] * found.left_on):
            print(f"    WRONG: {complaint}", flush=True)
    if life.not_resumed:
        print(f"    WRONG: {life.not_resumed}", flush=True)


def conclude(lives: Sequence[Life]) -> bool:
    """Print the counts; whether all is well."""
    hits = [kill for life in lives for kill in life.hits]
    found = [one for life in lives for one in life.all_findings]
    late = sum(len(life.kills) for life in lives) - len(hits)
    lost, wrong = sum(len(f.lost) for f in found), sum(len(f.wrong_statuses) for f in found)
    left_on, to_the_end = sum(f.left_on for f in found), sum(len(life.hits) for life in lives if not life.not_resumed)
    print(f"{len(hits)} kills: {_counted(kill.door for kill in hits)}; {late} more came when the run had ended")
    print(f"where they fell: {_counted(kill.where for kill in hits)}")
    print(f"events lost {lost}, wrong statuses {wrong}, sources left on {left_on}, resumed to the end {to_the_end}")
    return lost + wrong + left_on == 0 and to_the_end == len(hits)


def _counted(words: Iterable[str]) -> str:
    return ", ".join(f"{n} {word}" for word, n in Counter(words).most_common())


def campaign(kills: int, seed: int) -> bool:
    """Kill so often, and tell; whether all is well."""
    began_s, lives = time.monotonic(), []
    with ProcessPoolExecutor(AT_A_TIME) as pool:
        for life in pool.map(live, fates(kills, seed)):
            lives.append(life)
            tell(life)
    well = conclude(lives)
    print(f"{time.monotonic() - began_s:.0f} s in all: {'nothing was lost' if well else 'SOMETHING IS WRONG'}")
    return well


def main() -> None:
    """Kill, and print the counts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    sys.exit(0 if campaign(options.kills, options.seed) else 1)


if __name__ == "__main__":
    main()
