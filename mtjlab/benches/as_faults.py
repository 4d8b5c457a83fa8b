"""Where instruments become a bench: their errors become its faults."""

from collections.abc import Iterator
from contextlib import contextmanager

from instruments.interfaces import ComplianceReachedError, InstrumentError, LevelRefusedError
from mtjlab.errors import BenchFaultError, ComplianceFaultError, LevelRefusedFaultError


@contextmanager
def bench_faults() -> Iterator[None]:
    """What an instrument does not do as it must is a fault of the bench."""
    try:
        yield
    except ComplianceReachedError as error:
        raise ComplianceFaultError(str(error)) from error
    except LevelRefusedError as error:
        raise LevelRefusedFaultError(str(error), error.level_a) from error
    except InstrumentError as error:
        raise BenchFaultError(str(error)) from error
