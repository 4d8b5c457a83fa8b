"""Tables of a training: its steps, its tokens, and what they were recognised as."""

from collections.abc import Iterator

from mtjlab.domain import NO_CLASS, input_label, junction_label
from mtjlab.export.curve_tables import Row
from mtjlab.export.record import Record
from mtjlab.procedures.classify.events import TokensClassified


def steps(record: Record) -> Iterator[Row]:
    """Control currents after each step, votes and moves that led to them, recognition rates where measured."""
    training, controls = record.measured.training, record.controls_by_step
    if training.encoded is None:
        return
    learning = {one.step: one.learning for one in record.measured.learnt}
    rates = {one.step: one for one in training.recognition}
    for step, known in controls.items():
        row: Row = {"Step": step}
        learnt, measured = learning.get(step), rates.get(step)
        for j, currents_ua in enumerate(known.by_input_ua):
            for k, current_ua in enumerate(currents_ua):
                name = f"{input_label(j)} {junction_label(k)}"
                row[f"{name} control current (uA)"] = current_ua
                row[f"{name} move (uA)"] = learnt.moves_ua[j][k] if learnt else None
                row[f"{name} votes"] = learnt.votes[j][k] if learnt else None
        row["Recognition train"] = measured.train if measured else None
        row["Recognition test"] = measured.test if measured else None
        yield row


def tokens(record: Record) -> Iterator[Row]:
    """Tokens as they are presented."""
    encoded, talkers = record.measured.training.encoded, record.talkers
    for token in encoded.tokens if encoded else ():
        row: Row = {"Token": token.name, "Class": token.label, "Subset": token.subset}
        row |= {f"I_{input_label(j)} (uA)": current for j, current in enumerate(token.inputs_ua)}
        yield row | ({"Talker": talkers.get(token.name)} if talkers else {})


def confusion(record: Record) -> Iterator[Row]:
    """How many tokens of each class were recognised as which, step by step."""
    for measured in record.measured.training.recognition:
        for subset, counts in (("train", measured.train_confusion), ("test", measured.test_confusion)):
            for label, recognised_as, count in counts:
                yield {
                    "Step": measured.step,
                    "Subset": subset,
                    "Class": label,
                    "Recognised as": recognised_as or NO_CLASS,
                    "Tokens": count,
                }


def classified(record: Record) -> Iterator[Row]:
    """What the tokens of a classification were recognised as."""
    told = record.measured.state.last(TokensClassified)
    for token in told.tokens if told else ():
        yield {
            "Token": token.name,
            "Class": token.label or None,
            "Recognised as": token.recognised_as or NO_CLASS,
            "Confidence": token.confidence,
            "Configurations": "; ".join(f"{came or NO_CLASS}: {times}" for came, times in token.configurations),
        }
