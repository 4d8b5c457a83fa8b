"""Runs as folders: finding, listing, following and stopping them; what is remembered of benches between runs."""

from mtjlab.runs.listing import Listed, list_runs, listed, run_folders
from mtjlab.runs.memory import field_said, is_known_bench, remember_bench, remember_field
from mtjlab.runs.notes import NOTES, notes_of, write_notes
from mtjlab.runs.watching import LAST, ask_to_stop, extent_of, find_run, follow

__all__ = [
    "LAST",
    "NOTES",
    "Listed",
    "ask_to_stop",
    "extent_of",
    "field_said",
    "find_run",
    "follow",
    "is_known_bench",
    "list_runs",
    "listed",
    "notes_of",
    "remember_bench",
    "remember_field",
    "run_folders",
    "write_notes",
]
