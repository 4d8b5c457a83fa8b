"""Tables of presentations, of every sample read for them, and of the cells of a map that were presented."""

from collections.abc import Iterator

from mtjlab.domain import NO_CLASS, input_label, junction_label
from mtjlab.events import InputOutcome, Presented
from mtjlab.export.curve_tables import Row, electrical
from mtjlab.export.record import Record
from mtjlab.export.samples import flips, read_at_s, samples_of

WITH_CLASSES = ("training", "recognition")
"""Purposes of presentations whose configurations stand for classes."""


def presentations(record: Record) -> Iterator[Row]:
    """What each presentation gave; cells of an input that was not applied, or not read, are empty."""
    junctions = record.started.bench.junctions
    for number, one in enumerate(record.measured.presented):
        row: Row = {"Presentation": number, **_told(one)}
        for j, input_ua in enumerate(one.token.inputs_ua):
            outcome = one.outcomes[j] if j < len(one.outcomes) else None
            row[f"I_{input_label(j)} (uA)"] = input_ua
            row |= {f"{input_label(j)} {name}": cell for name, cell in _seen(outcome, junctions).items()}
        row["Configuration"] = str(one.configuration) if one.configuration else NO_CLASS
        row["Recognised as"] = one.recognised_as or (NO_CLASS if one.purpose in WITH_CLASSES else None)
        yield row


def _told(presented: Presented) -> Row:
    token = presented.token
    return {
        "Step": presented.step,
        "Purpose": presented.purpose,
        "Token": token.name,
        "Class": token.label or None,
        "Subset": token.subset if token.label else None,
        "Attempt": presented.attempt,
    }


def _seen(outcome: InputOutcome | None, junctions: int) -> Row:
    row: Row = {
        "time (s)": read_at_s(outcome) if outcome else None,
        "held (s)": (outcome.held_s or None) if outcome else None,
        "switched": outcome.switched if outcome else None,
        "flips AP to P": flips(outcome, "ap_to_p") if outcome else None,
        "flips P to AP": flips(outcome, "p_to_ap") if outcome else None,
    }
    seen = outcome.verdicts if outcome else ()
    after = outcome.reset_verdicts if outcome else ()
    for name, verdicts in (("state", seen), ("state after", after)):
        row |= {f"{junction_label(k)} {name}": verdicts[k] if verdicts else None for k in range(junctions)}
    return row


def readings(record: Record) -> Iterator[Row]:
    """Every sample that was read for a presentation, at an input and back at zero."""
    for sample in samples_of(record.measured.presented):
        yield {
            "Presentation": sample.presentation,
            "For": input_label(sample.input),
            "At": sample.stage,
            "Reading": sample.reading,
            "Sample": sample.number,
            "Time (s)": sample.of.t_s,
            "Input (uA)": sample.of.input_ua,
            **electrical(sample.of, sample.voltages_mv),
        }


def cells(record: Record) -> Iterator[Row]:
    """How often each configuration came at each pair of inputs of a map."""
    counts: dict[tuple[float, ...], dict[str, int]] = {}
    for one in (one for one in record.measured.presented if one.purpose == "map"):
        of_cell = counts.setdefault(one.token.inputs_ua, {})
        name = str(one.configuration) if one.configuration else NO_CLASS
        of_cell[name] = of_cell.get(name, 0) + 1
    for inputs_ua, came in counts.items():
        for name, times in came.items():
            row: Row = {f"I_{input_label(j)} (uA)": current for j, current in enumerate(inputs_ua)}
            yield row | {"Configuration": name, "Presentations": times}
