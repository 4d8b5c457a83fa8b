"""What a run that goes on is waiting for before it has anything to show."""

from mtjlab.config import BenchConfig, InstrumentBenchConfig
from mtjlab.gui.run.moment import Moment


def awaited(moment: Moment) -> str:
    """What comes next, by the event that came last; empty while a run shows by itself what it does."""
    match moment.last:
        case "run-started":
            return _opening(moment.about.bench)
        case "bench-connected":
            return "Instruments are open; outputs that were found on are taken to zero, and the field is set"
        case "field-set":
            return "The field is set; instruments are being prepared, then outputs are switched on, at zero"
        case "outputs-on":
            return "Outputs are on, at zero; the first reading is taken"
        case "went-safe":
            return "All sources are at zero; the run is being closed"
        case _:
            return ""


def _opening(bench: BenchConfig | None) -> str:
    if not isinstance(bench, InstrumentBenchConfig):
        return "Preparing the bench"
    parts = [*(f"source {label}" for label in bench.sources), *(f"voltmeter {label}" for label in bench.voltmeters)]
    return f"Opening {', '.join(parts)} of {bench.name}"
