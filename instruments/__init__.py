"""Wires and words: what carries currents and reads voltages. SI units; knows nothing of mtjlab."""
