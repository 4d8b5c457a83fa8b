"""Shift of critical inputs with each control current: slope, cross-talk, linearity."""
