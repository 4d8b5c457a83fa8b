"""Pulses: how often a junction switches, against amplitude and width."""
