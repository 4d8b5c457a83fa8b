"""Switching by pulses: probability against amplitude and width."""
