"""Numbers shown in the views, as rows of tables with units in the column names."""

import csv
from collections.abc import Iterator, Sequence
from io import StringIO
from math import isnan
from typing import Any, TypeAlias

from mtjlab.domain import NO_CLASS, input_label, junction_label
from mtjlab.events import WiringChecked
from mtjlab.gui.run.snapshot import Snapshot
from mtjlab.gui.views.chain_rows import rows
from mtjlab.gui.views.map_parts import map_results, recognised_classes, tokens_of

Row: TypeAlias = dict[str, Any]
"""Cells by column; None is an empty cell."""


def table_text(table: Sequence[Row], delimiter: str) -> str:
    """Text of a table, with column names in the first line."""
    columns = list(dict.fromkeys(column for row in table for column in row))
    text = StringIO()
    writer = csv.DictWriter(text, columns, delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows({column: _cell(value) for column, value in row.items()} for row in table)
    return text.getvalue()


def chain(snapshot: Snapshot) -> Iterator[Row]:
    """The latest reading of each junction."""
    for k, row in enumerate(rows(snapshot)):
        yield {
            "Junction": junction_label(k),
            "Source current (uA)": row.source_ua,
            "Control current (uA)": row.control_ua,
            "Junction current (uA)": row.current_ua,
            "Voltage (mV)": row.voltage_mv,
            "Resistance (kohm)": row.resistance_kohm,
            "State": row.verdict and row.state,
        }


def recognition(snapshot: Snapshot) -> Iterator[Row]:
    """Rates of both subsets at each step."""
    for one in snapshot.learnt.recognition:
        yield {"Step": one.step, "Recognition train": one.train, "Recognition test": one.test}


def control_currents(snapshot: Snapshot) -> Iterator[Row]:
    """Control currents of each junction and input at each step."""
    for step, controls in enumerate(snapshot.learnt.controls_by_step):
        yield {"Step": step} | {
            f"{input_label(j)} {junction_label(k)} control current (uA)": current_ua
            for j, row_ua in enumerate(controls.by_input_ua)
            for k, current_ua in enumerate(row_ua)
        }


def resistance_curves(snapshot: Snapshot) -> Iterator[Row]:
    """Points of the latest curves, or all points set by hand."""
    for repetition in snapshot.sweep.repetitions:
        points = zip(repetition.rising, repetition.inputs_ua, repetition.resistances_kohm, strict=True)
        for rising, input_ua, resistances_kohm in points:
            yield {
                "Repetition": repetition.number,
                "Direction": "rising" if rising else "falling",
                "Input (uA)": input_ua,
            } | _of_junctions("resistance (kohm)", resistances_kohm)
    for series in snapshot.sweep.by_hand.series:
        for point in series.points:
            yield (
                _of_junctions("control current (uA)", series.controls_ua)
                | {"Direction": "rising" if point.is_rising else "falling", "Input (uA)": point.input_ua}
                | _of_junctions("resistance (kohm)", point.resistances_kohm)
            )


def critical_inputs(snapshot: Snapshot) -> Iterator[Row]:
    """Inputs at which junctions switched, curve by curve or probe by probe; or probes of all junctions at once."""
    for number, probe in enumerate(snapshot.learnt.probes, 1):
        yield (
            {"Probe": number, "Step": probe.step, "Input (uA)": probe.outcome.input_ua}
            | _of_junctions("current (uA)", probe.currents_ua)
            | _of_junctions("state", probe.outcome.verdicts)
            | _of_junctions("critical current (uA)", probe.thresholds_ua)
            | _of_junctions("its standard deviation (uA)", probe.errors_ua)
        )
    for one in snapshot.switching.entries:
        yield (
            {"Series": one.series, "Number": one.number, "Direction": "AP to P" if one.rising else "P to AP"}
            | _of_junctions("control current (uA)", one.controls_ua)
            | _of_junctions("critical input (uA)", one.inputs_ua)
        )


def voltages(snapshot: Snapshot) -> Iterator[Row]:
    """The latest readings, with the verdicts of the detector."""
    for one in snapshot.judged:
        yield (
            {"Time (s)": one.reading.t_s, "Input (uA)": one.reading.input_ua}
            | _of_junctions("current (uA)", one.reading.currents_ua)
            | _of_junctions("voltage (mV)", one.voltages_mv)
            | _of_junctions("state", list(map(str, one.verdicts)))
        )


def switching_map(snapshot: Snapshot) -> Iterator[Row]:
    """Presentations of a map and their configurations; otherwise tokens and the classes last recognised."""
    for one in map_results(snapshot):
        yield _inputs(one.token.inputs_ua) | {"Configuration": str(one.configuration or NO_CLASS)}
    answers = recognised_classes(snapshot)
    for token in tokens_of(snapshot):
        answer = {"Recognised as": answers[token.name] or NO_CLASS} if token.name in answers else {}
        yield {"Token": token.name, "Class": token.label, "Subset": token.subset, **_inputs(token.inputs_ua), **answer}


def log(snapshot: Snapshot) -> Iterator[Row]:
    """All log messages."""
    for entry in snapshot.log:
        yield {"Line": entry.n, "At": entry.at.isoformat(), "What": entry.text}


def wiring(snapshot: Snapshot) -> Iterator[Row]:
    """Findings of a check, then alternative explanations."""
    checked = snapshot.state.last(WiringChecked)
    for one in checked.findings if checked else ():
        yield {"Part": one.role, "Verdict": one.verdict, "Measured": one.measured, "Remedy": one.remedy}
    for other in checked.explanations[1:] if checked else ():
        yield {"Part": other.part, "Verdict": "possible", "Measured": other.mistake, "Remedy": other.remedy}


def bench(snapshot: Snapshot) -> Iterator[Row]:
    """Instruments with identity and settings."""
    for one in snapshot.instruments:
        yield {
            "Role": one.role,
            "Model": one.model,
            "Address": one.address,
            "Identity": one.identity,
            "Settings": one.settings,
        }


def _inputs(inputs_ua: Sequence[float]) -> Row:
    return {f"I_{input_label(j)} (uA)": current_ua for j, current_ua in enumerate(inputs_ua)}


def _of_junctions(name: str, values: Sequence[Any]) -> Row:
    return {f"{junction_label(k)} {name}": value for k, value in enumerate(values)}


def _cell(value: Any) -> Any:
    return None if isinstance(value, float) and isnan(value) else value
