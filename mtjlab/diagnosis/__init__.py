"""Wiring mistakes from a few microamperes: which voltmeter answers which source, and what that means. Pure science."""
