"""What is wrong with what was entered: the field in red, and the reason beside it."""

from PyQt5.QtWidgets import QWidget

from mtjlab.gui.look.label import Label


def complain(field: QWidget, reason: Label, complaint: str) -> None:
    """Mark ``field`` and say the ``complaint``; an empty one says that nothing is wrong."""
    reason.setText(complaint)
    reason.setVisible(bool(complaint))
    if field.property("wrong") != (is_wrong := "true" if complaint else "false"):
        field.setProperty("wrong", is_wrong)
        if style := field.style():
            style.unpolish(field)
            style.polish(field)
