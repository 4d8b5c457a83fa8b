"""Before a run: what only a person can know of the bench."""

from mtjlab.cli.field import ask_for_field
from mtjlab.cli.options import Dialogue
from mtjlab.cli.shorted import ask_if_shorted
from mtjlab.experiment import Request


def ask_first(request: Request, dialogue: Dialogue) -> bool:
    """Whether a person just confirmed that the chain was shorted while it was connected; the field is asked for, too.

    Raises:
        RefusedError: what has to be known is not. Nothing was connected.
    """
    file, simulate = request.bench_file, request.simulate
    confirmed = ask_if_shorted(file, request.bench, simulate, dialogue.confirm_shorted)
    ask_for_field(request.bench, simulate)
    return confirmed
