"""Wiring check, before a mistake damages a chip."""
