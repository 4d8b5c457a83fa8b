"""The last procedure of every run."""

from mtjlab.bench import Bench
from mtjlab.errors import BenchFaultError
from mtjlab.events import FieldSet, OutputsCut, WentSafe
from mtjlab.procedures.types import Procedure
from mtjlab.rack import MagneticField


def go_safe(bench: Bench, field: MagneticField | None = None) -> Procedure[None]:
    """Sources ramped to zero and seen there, outputs off, confirmed; only then the field.

    ``WentSafe`` says that every source was seen at zero before its output went off, ``OutputsCut`` that one was not.
    The field goes in both cases: all outputs are off. A bench that another program uses is left to that.

    Raises:
        BenchFaultError: an output may be on, or one went off at a current; after ``WentSafe``, the field stays on.
    """
    if bench.is_elsewhere:
        return
    cut = ""
    try:
        delivered_ua = bench.go_safe()
    except BenchFaultError as error:
        if not bench.is_off:
            raise
        cut = str(error)
        yield OutputsCut(bench.time_s, cut)
    else:
        yield WentSafe(bench.time_s, delivered_ua)
    try:
        report = field.switch_off() if field is not None else None
    except BenchFaultError as error:
        raise BenchFaultError(f"{cut}. {error}" if cut else str(error)) from error
    if report:
        yield FieldSet(bench.time_s, report.field_mt, report.how)
    if cut:
        raise BenchFaultError(cut)
