"""Procedures: a plan and a generator of events each. They know no file, thread, clock or screen."""
