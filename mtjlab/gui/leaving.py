"""The question when the window is closed while something goes on that was started in it."""

from collections.abc import Callable

from mtjlab.counted import counted
from mtjlab.gui.asking import Asking
from mtjlab.gui.engines.engines import Engines
from mtjlab.gui.engines.queue import Queue

LEAVE, STOP, CANCEL = "Leave it running", "Stop it, then close", "Do not close"


def ask_what_becomes(asking: Asking, left: Callable[[], str]) -> str:
    """What shall become of what is ``left``: asked anew when that changes, and CANCEL once it has ended meanwhile."""
    answer = LEAVE
    while asked := left():

        def is_so(asked: str = asked) -> bool:
            return left() == asked

        answer = asking.choice("Close the window", asked, (LEAVE, STOP, CANCEL), is_so)
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
