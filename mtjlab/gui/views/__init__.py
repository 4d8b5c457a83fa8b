"""The pictures of a run, one widget each; what they show is a moment of it, live or replayed."""
