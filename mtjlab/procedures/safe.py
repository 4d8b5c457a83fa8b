"""The last procedure of every run."""

from mtjlab.bench import Bench
from mtjlab.events import FieldSet, WentSafe
from mtjlab.procedures.types import Procedure
from mtjlab.rack import MagneticField


def go_safe(bench: Bench, field: MagneticField | None = None) -> Procedure[None]:
    """Sources ramped to zero, outputs off, confirmed by reading back; only then the field.

    A bench that another program uses is left to that.

    Raises:
        BenchFaultError: before ``WentSafe``, the sources are not known to be safe; after it, the field stays on.
    """
    if bench.is_elsewhere:
        return
    delivered_ua = bench.go_safe()
    yield WentSafe(bench.time_s, delivered_ua)
    if field is not None and (report := field.switch_off()):
        yield FieldSet(bench.time_s, report.field_mt, report.how)
