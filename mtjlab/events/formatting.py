"""Formatting of currents in the descriptions of events."""

from mtjlab.domain import ControlCurrents, PerJunction, input_label


def row_text(currents_ua: PerJunction) -> str:
    """One current for each junction, as text."""
    return f"({', '.join(f'{current:.6g}' for current in currents_ua)})"


def rows_text(controls: ControlCurrents) -> str:
    """Control currents of each input, as text."""
    return " ".join(f"{input_label(j)} {row_text(row)}" for j, row in enumerate(controls.by_input_ua)) + " uA"
