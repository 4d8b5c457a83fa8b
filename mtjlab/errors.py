"""What can go wrong, sorted by what the operator has to do about it.

Messages speak to the operator: what happened, where (instrument, or file and key), what the bench did, what to do next.
"""


class RefusedError(Exception):
    """A request or a file asks for something that cannot be done.

    Found before a run begins, nothing was started (exit code 2); within a run, it ends safe and failed (exit code 4).
    """


class LimitExceededError(RefusedError):
    """A current or a predicted voltage outside the limits of the bench; nothing was written to a source."""


class BenchFaultError(Exception):
    """The bench does not do what it must; the run ends safe and is marked failed (exit code 4)."""


class ComplianceFaultError(BenchFaultError):
    """A source was at its compliance, so junctions carried less than was asked for; what was written is set."""


class LevelRefusedFaultError(BenchFaultError):
    """A source answers but did not take a level: it says that it delivers ``delivered_a``."""

    def __init__(self, message: str, delivered_a: float) -> None:
        super().__init__(message)
        self.delivered_a = delivered_a


class StopRequestedError(Exception):
    """Thrown into a procedure at a safe point when somebody asked the run to stop (exit code 3)."""
