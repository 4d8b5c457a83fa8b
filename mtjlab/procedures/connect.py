"""The first procedure of every run: make sure of every instrument, ramp down what was found on, outputs on at zero."""

from mtjlab.bench import Bench
from mtjlab.events import BenchConnected, OutputsOn
from mtjlab.procedures.types import Procedure


def connect(bench: Bench) -> Procedure[None]:
    """Connect ``bench``; a bench without instruments has nothing to tell.

    Raises:
        BenchFaultError: an instrument does not answer, is another, or does not take over a setting.
    """
    to_zero = bench.connect()
    if bench.description.kind == "instruments":
        yield BenchConnected(bench.time_s, to_zero.start_ua, to_zero)
    instruments = bench.switch_on(to_zero)
    if instruments:
        yield OutputsOn(bench.time_s, instruments)
