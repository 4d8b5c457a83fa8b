"""Tables of a check of the wiring."""

from collections.abc import Iterator

from mtjlab.domain import junction_label
from mtjlab.export.check_data import TOLD
from mtjlab.export.curve_tables import Row
from mtjlab.export.record import Record


def matrix(record: Record) -> Iterator[Row]:
    """Change of each voltage over the change of each source's current."""
    checked = record.measured.state.checked
    for k, row_ohm in enumerate(checked.matrix_ohm if checked else ()):
        row: Row = {"Voltmeter": junction_label(k)}
        yield row | {f"Source {junction_label(s)} (ohm)": entry for s, entry in enumerate(row_ohm)}


def findings(record: Record) -> Iterator[Row]:
    """What was found of each part of the bench."""
    checked = record.measured.state.checked
    for finding in checked.findings if checked else ():
        yield {name.capitalize(): value(finding) or None for name, _, value in TOLD}
