"""Questions to the operator: before a run on a real bench, and when the window is closed during a run."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from mtjlab.config import BenchConfig, InstrumentBenchConfig
from mtjlab.counted import counted
from mtjlab.gui.dialogs import Prompts
from mtjlab.gui.engines.engines import Engines
from mtjlab.gui.engines.queue import Queue
from mtjlab.gui.run.snapshot import run_info
from mtjlab.runs.memory import gaussmeter_reading, is_known_bench, remember_field

SHORTED, NOT_SHORTED = "Yes, it was shorted", "No, do not start"
LEAVE, STOP, CLOSE, CANCEL = "Leave it running", "Stop it, then close", "Close, without these runs", "Do not close"
DISCONNECT, STAY = "Disconnect, then start", "Stay connected"
CONFIRM, REFUSE = "The reading is correct", "Do not start"
FAR_MT = 1.0
"""Deviation from the bench file above which a typed field needs confirmation."""


def answers_for(bench: BenchConfig, prompts: Prompts) -> list[str] | None:
    """Ask the operator what a run on the real ``bench`` needs; returns its options, or None if it must not start."""
    if not isinstance(bench, InstrumentBenchConfig):
        return []
    options: list[str] = []
    if not is_known_bench(bench):
        question = (
            f"Bench {bench.name!r} with chip {bench.device.name!r} differs from that of the last run. A few volts of "
            "static charge destroy a tunnel barrier. Were all sources at zero, and was the chain shorted while it was "
            "connected?"
        )
        if prompts.choice("New bench or chip", question, (SHORTED, NOT_SHORTED)) != SHORTED:
            return None
        options.append("--confirm-shorted")
    if bench.field.asks_operator and gaussmeter_reading(bench) is None and not _ask_for_field(bench, prompts):
        return None
    return options


def answers_again(folder: Path, prompts: Prompts) -> list[str] | None:
    """Ask the same before the run in ``folder`` is resumed or repeated on its bench."""
    info = run_info(folder)
    if info.bench is None or info.request.get("run", {}).get("simulate"):
        return []
    return answers_for(info.bench, prompts)


def _ask_for_field(bench: InstrumentBenchConfig, prompts: Prompts) -> bool:
    set_field_mt = bench.field.field_mt
    question = f"Set the field along the easy axis to {set_field_mt:g} mT. What does the gaussmeter show, in mT?"
    reading_mt = prompts.number("Magnetic field", question, "mT")
    if reading_mt is None:
        return False
    if abs(reading_mt - set_field_mt) > FAR_MT:
        question = f"{reading_mt:g} mT is far from the {set_field_mt:g} mT of the bench file."
        if prompts.choice("Magnetic field", question, (CONFIRM, REFUSE)) != CONFIRM:
            return False
    remember_field(bench, reading_mt)
    return True


def may_disconnect(prompts: Prompts, title: str, is_connected: Callable[[], bool]) -> bool:
    """Whether the run ``title`` may take the bench from manual control; False if that ends before an answer."""
    question = (
        f"The bench is under manual control. To start {title}, all currents are taken to zero and the bench is "
        "disconnected."
    )
    return prompts.choice("The bench is connected", question, (DISCONNECT, STAY), is_connected) == DISCONNECT


@dataclass(frozen=True, slots=True)
class OpenWork:
    """What the window would leave behind, in words (empty: nothing), and whether any of it is under way."""

    text: str
    is_active: bool


def ask_before_closing(prompts: Prompts, work: Callable[[], OpenWork]) -> str:
    """Ask what to do with open ``work``: again when it changes; CANCEL if it has ended in the meantime."""
    answer = LEAVE
    while (question := work()).text:

        def is_valid(question: OpenWork = question) -> bool:
            return work() == question

        answers = (LEAVE, STOP, CANCEL) if question.is_active else (CLOSE, CANCEL)
        answer = prompts.choice("Close the window", question.text, answers, is_valid)
        if is_valid():
            return answer
        answer = CANCEL
    return answer


def open_work(engines: Engines, queue: Queue) -> OpenWork:
    """What is active or waits when the window is closed."""
    parts = []
    if engines.next:
        parts.append(f"Sources are being taken to zero; `mtjlab {engines.next}` will not be started after that.")
    elif engines.running:
        parts.append("A run started here is active. It continues without this window.")
    if engines.holding is not None and not engines.next:
        parts.append("The bench is connected: its currents stay on until it is disconnected.")
    is_active = bool(parts)
    if queue.waiting:
        parts.append(f"{counted(len(queue.waiting), 'run')} in the queue will not be started.")
    return OpenWork(" ".join(parts), is_active)
