"""The run folder: ``run.toml`` (all that was asked), ``events.jsonl`` (the truth, append-only), figures (made again).

Each line of the journal is one JSON object: ``n``, ``at`` (UTC), ``type`` and the event's fields, last ``crc``, the
CRC-32 of the bytes before ``,"crc"``. A torn last line is dropped; damage anywhere else is an error.
"""

from mtjlab.store.folder import (
    EMERGENCY,
    FIGURES,
    JOURNAL,
    REQUEST,
    STOP,
    STOP_NOW,
    create_run_folder,
    read_request,
    run_id,
    write_request,
)
from mtjlab.store.guardian_notes import ACTING, SAFE_AGAIN, guardian_said, note_of_guardian
from mtjlab.store.heartbeat import HEARTBEAT, beating, last_beat_s
from mtjlab.store.journal import Journal, JournalError
from mtjlab.store.lines import Line
from mtjlab.store.reading import (
    DamagedJournalError,
    Follower,
    event_of,
    glance_of,
    last_line,
    lines_before,
    read_events,
    read_lines,
    span_s,
    torn_bytes,
)
from mtjlab.store.recovery import Recovered, recover_journal
from mtjlab.store.wishes import WISHES, Wishes, ask

__all__ = [
    "ACTING",
    "EMERGENCY",
    "FIGURES",
    "HEARTBEAT",
    "JOURNAL",
    "REQUEST",
    "SAFE_AGAIN",
    "STOP",
    "STOP_NOW",
    "WISHES",
    "DamagedJournalError",
    "Follower",
    "Journal",
    "JournalError",
    "Line",
    "Recovered",
    "Wishes",
    "ask",
    "beating",
    "create_run_folder",
    "event_of",
    "glance_of",
    "guardian_said",
    "last_beat_s",
    "last_line",
    "lines_before",
    "note_of_guardian",
    "read_events",
    "read_lines",
    "read_request",
    "recover_journal",
    "run_id",
    "span_s",
    "torn_bytes",
    "write_request",
]
