"""Turning control currents and input by hand."""

from mtjlab.gui.panels.manual.panel import ManualPanel

__all__ = ["ManualPanel"]
