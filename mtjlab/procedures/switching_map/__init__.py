"""Switching map of two inputs: the configuration that each pair of inputs gives."""
