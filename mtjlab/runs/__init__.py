"""Runs as folders: finding, listing, following and stopping them; what is remembered of benches between runs."""

from mtjlab.runs.confirming import confirm_off
from mtjlab.runs.finding import LAST, began_at, find_run, in_order, run_folders
from mtjlab.runs.listing import Listed, list_runs, listed
from mtjlab.runs.memory import field_said, is_known_bench, remember_bench, remember_field
from mtjlab.runs.networks import network_of
from mtjlab.runs.notes import NOTES, notes_of, write_notes
from mtjlab.runs.opened import REDETECTED, kind_of, run_of, watched
from mtjlab.runs.watching import ask_to_stop, follow, may_go_on

__all__ = [
    "LAST",
    "NOTES",
    "REDETECTED",
    "Listed",
    "ask_to_stop",
    "began_at",
    "confirm_off",
    "field_said",
    "find_run",
    "follow",
    "in_order",
    "is_known_bench",
    "kind_of",
    "list_runs",
    "listed",
    "may_go_on",
    "network_of",
    "notes_of",
    "remember_bench",
    "remember_field",
    "run_folders",
    "run_of",
    "watched",
    "write_notes",
]
