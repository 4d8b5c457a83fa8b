"""The pictures of a run, one widget each; what they show is a snapshot of it, live or replayed."""
