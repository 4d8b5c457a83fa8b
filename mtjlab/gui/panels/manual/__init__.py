"""Manual control of control currents and input."""

from mtjlab.gui.panels.manual.panel import ManualPanel

__all__ = ["ManualPanel"]
