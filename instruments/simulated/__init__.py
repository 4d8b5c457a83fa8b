"""Simulated junctions and instruments. Physics, vocabulary and server are never mixed."""
