"""Views of a run: widgets that draw a snapshot of it, live or replayed."""
