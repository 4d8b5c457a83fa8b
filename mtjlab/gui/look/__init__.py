"""Appearance of the window: colours, formats of quantities, small widgets."""
