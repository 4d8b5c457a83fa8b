"""The check of the wiring, before it costs a chip."""
