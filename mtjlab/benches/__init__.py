"""Benches: junctions simulated in process, or instruments behind VISA; ``open_bench`` makes either from its file."""

from mtjlab.benches.factory import envelope_of, open_bench

__all__ = ["envelope_of", "open_bench"]
