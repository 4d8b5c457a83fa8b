"""Panels for operation: the bench band, forms, the list of runs, manual control."""
