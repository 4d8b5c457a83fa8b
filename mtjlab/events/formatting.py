"""Currents as the sentences of events say them."""

from mtjlab.domain import ControlCurrents, PerJunction, input_label


def row_text(currents_ua: PerJunction) -> str:
    """One current for each junction."""
    return f"({', '.join(f'{current:.6g}' for current in currents_ua)})"


def rows_text(controls: ControlCurrents) -> str:
    """A row for each input."""
    return " ".join(f"{input_label(j)} {row_text(row)}" for j, row in enumerate(controls.by_input_ua)) + " uA"
