"""The last procedure of every run."""

from mtjlab.bench import Bench
from mtjlab.events import WentSafe
from mtjlab.procedures.types import Procedure


def go_safe(bench: Bench) -> Procedure[None]:
    """Sources ramped to zero, outputs off, confirmed by reading back."""
    delivered_ua = bench.go_safe()
    yield WentSafe(bench.time_s, delivered_ua)
