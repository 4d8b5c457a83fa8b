"""A run in the window: read from its folder, summed up in snapshots, replayed."""
