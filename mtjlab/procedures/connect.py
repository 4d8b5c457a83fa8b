"""The first procedure of every run: every instrument found, what was on ramped down, field set, outputs on at zero."""

from mtjlab.bench import Bench
from mtjlab.events import BenchConnected, FieldSet, OutputsOn
from mtjlab.procedures.types import Procedure
from mtjlab.rack import MagneticField


def connect(bench: Bench, field: MagneticField | None = None) -> Procedure[None]:
    """Connect ``bench`` and set its field; a bench without instruments has nothing to tell.

    Raises:
        BenchFaultError: an instrument does not answer, is another, or does not take over a setting.
    """
    to_zero = bench.connect()
    if bench.description.kind == "instruments":
        yield BenchConnected(bench.time_s, to_zero.start_ua, to_zero)
        bench.go_safe()
    if field is not None:
        report = field.switch_on()
        yield FieldSet(bench.time_s, report.field_mt, report.how)
    instruments = bench.switch_on()
    if instruments:
        yield OutputsOn(bench.time_s, instruments)
