"""Benches: junctions simulated in process, or instruments behind VISA; ``open_bench`` makes either from its file."""

from mtjlab.benches.factory import Equipment, envelope_of, open_bench, open_equipment

__all__ = ["Equipment", "envelope_of", "open_bench", "open_equipment"]
