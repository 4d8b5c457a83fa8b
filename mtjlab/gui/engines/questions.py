"""What the operator is asked: before a run on a real bench, and when the window is closed while something goes on."""

from collections.abc import Callable
from pathlib import Path

from mtjlab.config import BenchConfig, InstrumentBenchConfig
from mtjlab.counted import counted
from mtjlab.gui.dialogs import Prompts
from mtjlab.gui.engines.engines import Engines
from mtjlab.gui.engines.queue import Queue
from mtjlab.gui.run.snapshot import run_info
from mtjlab.runs.memory import field_said, is_known_bench, remember_field

SHORTED, NOT_SHORTED = "Yes, it was shorted", "No, do not start"
LEAVE, STOP, CANCEL = "Leave it running", "Stop it, then close", "Do not close"
BELIEVE, AGAIN = "That is what it shows", "Do not start"
FAR_MT = 1.0
"""A field so far from what the bench file says may be a slip of the finger."""


def answers_for(bench: BenchConfig, prompts: Prompts) -> list[str] | None:
    """Options that a run on the real ``bench`` needs, once the operator has answered; None if it shall not start."""
    if not isinstance(bench, InstrumentBenchConfig):
        return []
    options: list[str] = []
    if not is_known_bench(bench):
        question = (
            f"Bench {bench.name!r} with chip {bench.device.name!r} is not the one of the last run. Tunnel barriers die "
            "of a few volts of static charge. Were all sources at zero, and was the chain shorted while it was "
            "connected?"
        )
        if prompts.choice("New bench or chip", question, (SHORTED, NOT_SHORTED)) != SHORTED:
            return None
        options.append("--confirm-shorted")
    if bench.field.by_hand and field_said(bench) is None and not _ask_for_field(bench, prompts):
        return None
    return options


def answers_again(folder: Path, prompts: Prompts) -> list[str] | None:
    """The same for the run in ``folder`` once more, on the bench that it had."""
    told = run_info(folder)
    if told.bench is None or told.request.get("run", {}).get("simulate"):
        return []
    return answers_for(told.bench, prompts)


def _ask_for_field(bench: InstrumentBenchConfig, prompts: Prompts) -> bool:
    wanted_mt = bench.field.field_mt
    question = f"Set the field along the easy axis to {wanted_mt:g} mT. What does the gaussmeter show, in mT?"
    reads_mt = prompts.number("Magnetic field", question, "mT")
    if reads_mt is None:
        return False
    if abs(reads_mt - wanted_mt) > FAR_MT:
        far = f"{reads_mt:g} mT is far from the {wanted_mt:g} mT of the bench file."
        if prompts.choice("Magnetic field", far, (BELIEVE, AGAIN)) != BELIEVE:
            return False
    remember_field(bench, reads_mt)
    return True


def ask_what_becomes(prompts: Prompts, left: Callable[[], str]) -> str:
    """What shall become of what is ``left``: asked anew when that changes, and CANCEL once it has ended meanwhile."""
    answer = LEAVE
    while asked := left():

        def is_so(asked: str = asked) -> bool:
            return left() == asked

        answer = prompts.choice("Close the window", asked, (LEAVE, STOP, CANCEL), is_so)
        if is_so():
            return answer
        answer = CANCEL
    return answer


def what_is_left(engines: Engines, queue: Queue) -> str:
    """What closing the window has to do with, in words; empty if nothing goes on."""
    told = []
    if engines.next:
        told.append(f"All sources go to zero; `mtjlab {engines.next}`, which waits for that, will not be started.")
    elif engines.running:
        told.append("A run that was started here goes on. It does not need this window.")
    if engines.holding is not None and not engines.next:
        told.append("The bench is connected: it goes on carrying what it was asked to, until it is disconnected.")
    if queue.waiting:
        told.append(f"{counted(len(queue.waiting), 'run')} in the queue will not be started.")
    return " ".join(told)
