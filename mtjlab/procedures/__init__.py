"""Procedures: each has a plan and a generator of events. They know no files, threads, clocks or screens."""
