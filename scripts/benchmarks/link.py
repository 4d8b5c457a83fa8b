"""The link: how many messages a presentation takes, and how fast presentations go against a bare PyVISA loop.

Presents tokens through drivers and TCP, everything journalled, and then sends the very same messages (as the simulators
logged them) with plain PyVISA to the same instruments: the ratio is what drivers, detector, bench and journal cost.
The two are run in turn, several times. No dwell and no settling, which a bare loop does not wait for; simulated time
runs so fast that integration times count little.
"""

import argparse
import socket
import statistics
import tempfile
import time
from collections import Counter
from pathlib import Path
from time import perf_counter

import pyvisa
from agreement import OVER_TCP, PLAN, Task, learnt, presenter_on, result_of

from instruments.simulated.client import ControlClient
from instruments.simulated.log_reading import Message, messages
from mtjlab.benches import open_bench, simulators
from mtjlab.config import InstrumentBenchConfig, read_bench
from mtjlab.procedures.present import Presenter
from mtjlab.procedures.safe import connect, go_safe
from mtjlab.store import Journal

SPEED = 500.0


def through_drivers(presenter: Presenter, task: Task, journal: Journal) -> float:
    """Seconds for one presentation of every token, journalled."""
    began_s = perf_counter()
    for token in task.tokens:
        for event in presenter.present(token, 0, "recognition"):
            journal.append(event)
    return perf_counter() - began_s


def bare(lines: dict[str, pyvisa.resources.MessageBasedResource], said: list[Message]) -> float:
    """Seconds for the same messages from plain PyVISA, replies awaited where they were."""
    began_s = perf_counter()
    for message in said:
        if message.reply:
            lines[message.role].read()
        else:
            lines[message.role].write(message.text)
    return perf_counter() - began_s


def without_nagle(manager: pyvisa.ResourceManager, address: str) -> pyvisa.resources.MessageBasedResource:
    """A plain PyVISA session, which would otherwise wait 44 ms after each write."""
    line = manager.open_resource(address, read_termination="\n", write_termination="\n")
    session = line.visalib.sessions[line.session]  # type: ignore[attr-defined]
    session.interface.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return line  # type: ignore[return-value]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tokens", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    config = read_bench(OVER_TCP)
    assert isinstance(config, InstrumentBenchConfig)
    truth = config.simulation.model_copy(update={"speed": SPEED})
    config = config.model_copy(
        update={"simulation": truth, "timing": config.timing.model_copy(update={"settle_s": 0.0})}
    )
    task = learnt(options.tokens, 1)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with simulators.simulated(config, folder / simulators.LOG, seed=0) as running:
            bench = open_bench(simulators.redirected(config, running), simulated=True)
            result_of(connect(bench))
            presenter = presenter_on(bench, task, PLAN.presentation.model_copy(update={"dwell_s": 0.0}))
            manager = pyvisa.ResourceManager("@py")
            lines = {role: without_nagle(manager, address) for role, address in running.addresses.items()}
            ours, theirs = [], []
            with Journal(folder) as journal:
                for _ in range(options.rounds):
                    before = len(list(messages(folder / simulators.LOG)))
                    ours.append(through_drivers(presenter, task, journal))
                    with ControlClient(running.control_port) as control:
                        control.state()
                    said = flushed(folder, before)
                    theirs.append(bare(lines, said))
            report(said, task, ours, theirs)
            result_of(go_safe(bench))
            bench.close()


def flushed(folder: Path, before: int) -> list[Message]:
    """Messages after the first ``before``, once the simulators have written them down."""
    time.sleep(0.2)
    return list(messages(folder / simulators.LOG))[before:]


def report(said: list[Message], task: Task, ours: list[float], theirs: list[float]) -> None:
    """Messages by role and presentations per second."""
    sent = [message for message in said if not message.reply]
    each = len(sent) / len(task.tokens)
    by_role = Counter(message.role for message in sent)
    print(f"{each:.2f} messages a presentation of two inputs (each answered):")
    for role, count in sorted(by_role.items()):
        print(f"  {role:14} {count / len(task.tokens):.2f}")
    rates = [len(task.tokens) / seconds for seconds in ours]
    bare_rates = [len(task.tokens) / seconds for seconds in theirs]
    ratios = [bare_s / our_s for our_s, bare_s in zip(ours, theirs, strict=True)]
    print(f"presentations/s through drivers, journalled: median {statistics.median(rates):.0f}")
    print(f"presentations/s, bare PyVISA, same messages: median {statistics.median(bare_rates):.0f}")
    print(
        f"ratio of each round: {', '.join(f'{ratio:.2f}' for ratio in ratios)}; median {statistics.median(ratios):.2f}"
    )


if __name__ == "__main__":
    main()
