"""Tables of a check of the wiring."""

from collections.abc import Iterator

from mtjlab.domain import junction_label
from mtjlab.export.check_data import EXPLAINED, TOLD
from mtjlab.export.curve_tables import Row
from mtjlab.export.record import Record


def matrix(record: Record) -> Iterator[Row]:
    """Change of each voltage over the change of each source's current."""
    checked = record.measured.checked
    for k, row_ohm in enumerate(checked.matrix_ohm if checked else ()):
        row: Row = {"Voltmeter": junction_label(k)}
        yield row | {f"Source {junction_label(s)} (ohm)": entry for s, entry in enumerate(row_ohm)}


def findings(record: Record) -> Iterator[Row]:
    """What was found of each part of the bench."""
    checked = record.measured.checked
    for finding in checked.findings if checked else ():
        yield {name.capitalize(): value(finding) or None for name, _, value in TOLD}


def explanations(record: Record) -> Iterator[Row]:
    """What would explain the matrix of a check that found something wrong, the likeliest first."""
    checked = record.measured.checked
    for one in checked.explanations if checked else ():
        yield {"Misfit": one.misfit} | {name.capitalize(): value(one) for name, _, value in EXPLAINED}


def surveys(record: Record) -> Iterator[Row]:
    """Every sample of a check, with the source that was moved, and what a voltmeter complained of."""
    for number, event in enumerate(record.measured.surveys):
        survey = event.survey
        for meter, (samples_mv, complaint) in enumerate(zip(survey.samples_mv, survey.complaints, strict=True)):
            place: Row = {
                "Survey": number,
                "Source moved": None if event.source is None else junction_label(event.source),
                "Moved to (uA)": event.current_ua,
                "Settled": event.settled,
                "Time (s)": survey.t_s,
                "Voltmeter": junction_label(meter),
                "Complaint": complaint or None,
            }
            for sample, voltage_mv in enumerate(samples_mv or (None,)):
                yield {**place, "Sample": sample, "Voltage (mV)": voltage_mv}
