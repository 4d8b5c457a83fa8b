"""Engines: how they are asked for, started, queued, and stopped."""
