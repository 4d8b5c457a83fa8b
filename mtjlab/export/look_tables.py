"""Tables of probes and of looks for the reset: every sample, and what the look that it belongs to shows."""

from collections.abc import Iterable, Iterator

from mtjlab.domain import junction_label
from mtjlab.export.curve_tables import Row, electrical
from mtjlab.export.looks import Looked, by_hand, probes, resets
from mtjlab.export.record import Record


def probe_rows(record: Record) -> Iterator[Row]:
    """Every sample of the probes of an adaptive map."""
    return _rows(probes(record), record.started.bench.junctions)


def reset_rows(record: Record) -> Iterator[Row]:
    """Every sample of the looks whether the junctions are reset."""
    return _rows(resets(record), record.started.bench.junctions)


def rows_by_hand(record: Record) -> Iterator[Row]:
    """Every sample that was read while somebody turned the currents."""
    return _rows(by_hand(record), record.started.bench.junctions)


def _rows(looks: Iterable[Looked], junctions: int) -> Iterator[Row]:
    for look, one in enumerate(looks):
        place: Row = {
            "Look": look,
            "Kind": one.kind,
            "Number": one.number,
            "Series": one.series,
            "Input (uA)": one.input_ua,
            "Applied (s)": one.applied_s,
            "Held until (s)": one.until_s,
            **{f"{junction_label(k)} state": one.verdicts[k] if one.verdicts else None for k in range(junctions)},
        }
        for number, reading in enumerate(one.readings):
            for sample, voltages_mv in enumerate(reading.samples_mv):
                yield {
                    **place,
                    "Reading": number,
                    "Sample": sample,
                    "Time (s)": reading.t_s,
                    "Read at (uA)": reading.input_ua,
                    **electrical(reading, voltages_mv),
                }
