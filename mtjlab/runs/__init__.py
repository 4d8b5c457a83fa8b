"""Runs as folders: finding, listing, following and stopping them; what is remembered of benches between runs."""

from mtjlab.runs.confirming import confirm_off
from mtjlab.runs.finding import LAST, began_at, find_run, in_order, run_folders
from mtjlab.runs.listing import Listed, list_runs, listed
from mtjlab.runs.memory import field_said, is_known_bench, remember_bench, remember_field
from mtjlab.runs.notes import NOTES, notes_of, write_notes
from mtjlab.runs.watching import ask_to_stop, extent_of, follow, may_go_on

__all__ = [
    "LAST",
    "NOTES",
    "Listed",
    "ask_to_stop",
    "began_at",
    "confirm_off",
    "extent_of",
    "field_said",
    "find_run",
    "follow",
    "in_order",
    "is_known_bench",
    "list_runs",
    "listed",
    "may_go_on",
    "notes_of",
    "remember_bench",
    "remember_field",
    "run_folders",
    "write_notes",
]
