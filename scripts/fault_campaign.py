"""Kill -9 of engines at random instants: is all that was measured kept, told honestly, left safe, and gone on with?

Half of the runs are in process, half over TCP on simulated instruments. What the journal must hold is known from
others: the simulators' own log of what voltmeters answered, and a follower that had read the journal before the kill.
Each killed run must be told as crashed, leave no source on, and be resumed to its end with the tokens of a run that
nobody killed, in the same order. Prints counts; exit code 1 if anything is wrong.
"""

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from killed_runs import (
    ENDED,
    IN_PROCESS,
    OVER_TCP,
    Engine,
    Kill,
    drawn_instant,
    killed,
    tokens_presented,
    train,
    wrong_status,
)
from witnesses import is_left_on, missing_events, missing_readings

from mtjlab import experiment
from mtjlab.benches import open_bench
from mtjlab.events import Event
from mtjlab.procedures import training
from mtjlab.store import read_events

AT_A_TIME = 2
STEPS = 8
PLAN = f"""
name = "fault campaign"
seed = 1

[data]
table = "table.csv"

[sweep]
repetitions = 1
input_step_ua = 10

[training]
steps = {STEPS}
recognition_every_steps = 4
"""
CLASSES = {"a": (1.0, 1.0), "b": (1.0, 2.0), "c": (2.0, 1.0), "d": (2.0, 2.0)}
TWICE_EVERY = 5
"""Of so many runs one is killed again after it was resumed."""


@dataclass(frozen=True, slots=True)
class Fate:
    """A run in ``door`` that is killed ``kills`` times in all before it is resumed to its end."""

    door: str
    kills: int
    seed: str


@dataclass(frozen=True, slots=True)
class Life:
    """All kills of a run, and what was wrong with it when it had been resumed to its end."""

    kills: tuple[Kill, ...]
    lost: tuple[str, ...]
    wrong_statuses: tuple[str, ...]
    left_on: int
    not_resumed: tuple[str, ...]

    @property
    def hits(self) -> list[Kill]:
        """Those that were in time."""
        return [kill for kill in self.kills if kill.where != ENDED]

    @property
    def complaints(self) -> list[str]:
        """All that is wrong."""
        of_kills = [told for kill in self.kills for told in (*kill.lost, *kill.wrong_statuses)]
        return [*of_kills, *self.lost, *self.wrong_statuses, *self.not_resumed]


def live(fate: Fate) -> Life:
    """A run, killed, and resumed to its end."""
    rng = random.Random(fate.seed)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        place = Path(name)
        plan = plan_in(place)
        whole = uninterrupted(plan)
        crashed: list[Engine] = []
        kills: list[Kill] = []
        engine = train(place, fate.door, plan)
        while len(crashed) < fate.kills:
            kills.append(killed(engine, fate.door, drawn_instant(rng, fate.door, len(whole))))
            if kills[-1].where != ENDED:
                crashed.append(engine)
            engine = Engine(place, "resume", str(crashed[-1].folder)) if crashed else train(place, fate.door, plan)
        engine.follow()
        return judged(kills, crashed, engine, whole)


def judged(kills: Sequence[Kill], crashed: Sequence[Engine], last: Engine, whole: Sequence[Event]) -> Life:
    """What is wrong with runs that crashed and the one that resumed them to the end."""
    result, events = last.result(), list(read_events(last.folder))
    runs = [*(list(read_events(engine.folder)) for engine in crashed), events]
    not_resumed = []
    if (result["status"], result.get("steps"), last.process.returncode) != ("finished", STEPS, 0):
        not_resumed.append(f"{last.folder}: {result}")
    elif tokens_presented(runs) != tokens_presented([whole]):
        not_resumed.append(f"{last.folder}: other tokens, or another order, than in a run that nobody killed")
    wrong = [told for engine in crashed for told in wrong_status(engine.folder, "crashed")]
    logs = [engine.log for engine in (*crashed, last) if engine.log.is_file()]
    lost = missing_events(events, last.seen)
    if last.log.is_file():
        lost += missing_readings(last.log, events, ended=True)
    wrong += wrong_status(last.folder, "finished")
    return Life(tuple(kills), tuple(lost), tuple(wrong), sum(map(is_left_on, logs)), tuple(not_resumed))


def plan_in(place: Path) -> Path:
    """A small plan, and its table beside it."""
    rng = random.Random(0)
    rows = [
        f"{label}{k},{label},{rng.gauss(x, 0.1):.4f},{rng.gauss(y, 0.1):.4f}"
        for label, (x, y) in CLASSES.items()
        for k in range(5)
    ]
    (place / "table.csv").write_text("\n".join(["name,label,x,y", *rows]), encoding="utf-8")
    plan = place / "plan.toml"
    plan.write_text(PLAN, encoding="utf-8")
    return plan


def uninterrupted(plan: Path) -> list[Event]:
    """What a run says that nobody kills."""
    prepared = experiment.prepare_training(experiment.TrainingRequest(plan=plan))
    return list(training.train(open_bench(prepared.bench, prepared.noise_seed), prepared.plan))


def fates(kills: int, seed: int) -> list[Fate]:
    """Of ``kills`` kills half in process and half over TCP; every so many runs are killed twice."""
    drawn: list[Fate] = []
    left = {IN_PROCESS: kills // 2, OVER_TCP: kills - kills // 2}
    while any(left.values()):
        for door in left:
            again = min(left[door], 2 if len(drawn) // 2 % TWICE_EVERY == 1 else 1)
            if again:
                drawn.append(Fate(door, again, f"{seed} {len(drawn)}"))
                left[door] -= again
    return drawn


def tell(life: Life, number: int) -> None:
    """A line for each kill of a run."""
    for kill in life.kills:
        print(f"{number:4}  {kill.door:10}  {kill.where:12}  {kill.events:4} events left", flush=True)
    for complaint in life.complaints:
        print(f"      WRONG: {complaint}", flush=True)


def conclude(lives: Sequence[Life], seconds: float) -> bool:
    """Print the counts; whether all is well."""
    hits = [kill for life in lives for kill in life.hits]
    late = sum(len(life.kills) for life in lives) - len(hits)
    doors, places = Counter(kill.door for kill in hits), Counter(kill.where for kill in hits)
    lost = sum(len(life.lost) + sum(len(kill.lost) for kill in life.kills) for life in lives)
    wrong = sum(len(life.wrong_statuses) + sum(len(kill.wrong_statuses) for kill in life.kills) for life in lives)
    left_on = sum(life.left_on + sum(kill.left_on for kill in life.kills) for life in lives)
    resumed = sum(len(life.hits) for life in lives if not life.not_resumed)
    print(f"{len(hits)} kills: {', '.join(f'{n} {door}' for door, n in doors.items())}; {late} more came too late")
    print(f"where: {', '.join(f'{n} {place}' for place, n in places.most_common())}")
    print(f"events lost {lost}, wrong statuses {wrong}, sources left on {left_on}, resumed to the end {resumed}")
    print(f"{seconds:.0f} s in all")
    return resumed == len(hits) and not lost + wrong + left_on


def main() -> None:
    """Kill, and print the counts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    began_s = time.monotonic()
    lives = []
    with ProcessPoolExecutor(AT_A_TIME) as pool:
        for number, life in enumerate(pool.map(live, fates(options.kills, options.seed)), 1):
            lives.append(life)
            tell(life, number)
    well = conclude(lives, time.monotonic() - began_s)
    print("nothing was lost" if well else "SOMETHING IS WRONG")
    sys.exit(0 if well else 1)


if __name__ == "__main__":
    main()
