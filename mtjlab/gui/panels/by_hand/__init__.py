"""Turning control currents and input by hand."""

from mtjlab.gui.panels.by_hand.panel import ByHandPanel

__all__ = ["ByHandPanel"]
