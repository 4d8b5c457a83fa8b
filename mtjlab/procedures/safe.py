"""First and last procedure of every run: outputs on at zero, and off at zero."""

from mtjlab.bench import Bench
from mtjlab.errors import BenchFaultError
from mtjlab.events import BenchConnected, FieldSet, OutputsCut, OutputsOn, WentSafe
from mtjlab.procedures.types import Procedure
from mtjlab.rack import MagneticField


def connect(bench: Bench, field: MagneticField | None = None) -> Procedure[None]:
    """Connect to every instrument, ramp down outputs that are on, set the field, then switch outputs on at zero.

    A bench without instruments yields no events.

    Raises:
        BenchFaultError: an instrument does not respond, is not the expected one, or does not accept a setting.
    """
    to_zero = bench.connect()
    if bench.description.kind == "instruments":
        yield BenchConnected(bench.time_s, to_zero.start_ua, to_zero)
        bench.go_safe()
    if field is not None:
        report = field.switch_on()
        yield FieldSet.of(bench.time_s, report)
    instruments = bench.switch_on()
    if instruments:
        yield OutputsOn(bench.time_s, instruments)


def go_safe(bench: Bench, field: MagneticField | None = None) -> Procedure[None]:
    """Ramp all sources to zero, confirm, switch outputs off, confirm; then switch the field off.

    ``WentSafe``: every source read zero before its output went off; ``OutputsCut``: one did not. The field is switched
    off in both cases, since all outputs are off. A bench that another program uses is left unchanged.

    Raises:
        BenchFaultError: an output may be on, or one was cut at a current; after ``WentSafe``: the field is still on.
    """
    if bench.is_in_use:
        return
    cut, began_s = "", bench.time_s
    try:
        delivered_ua = bench.go_safe()
    except BenchFaultError as error:
        if not bench.is_off:
            raise
        cut = str(error)
        yield OutputsCut(bench.time_s, cut)
    else:
        yield WentSafe(bench.time_s, delivered_ua, began_s)
    try:
        report = field.switch_off() if field is not None else None
    except BenchFaultError as error:
        raise BenchFaultError(f"{cut}. {error}" if cut else str(error)) from error
    if report:
        yield FieldSet.of(bench.time_s, report)
    if cut:
        raise BenchFaultError(cut)
