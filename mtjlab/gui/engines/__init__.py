"""Engines: their commands, start, queue, and stop."""
