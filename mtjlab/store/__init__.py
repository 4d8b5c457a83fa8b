"""The run folder: ``run.toml`` (the request), ``events.jsonl`` (the journal, append-only), figures (can be redrawn).

Each line of the journal is one JSON object: ``n``, ``at`` (UTC), ``type`` and the event's fields, last ``crc``, the
CRC-32 of the bytes before ``,"crc"``. A torn last line is dropped; damage anywhere else is an error.
"""

from mtjlab.store.files import (
    append,
    content_of,
    demand_no_link,
    is_file,
    is_there,
    make_folder,
    open_to_append,
    remove_empty,
    text_in,
)
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
from mtjlab.store.guardian_notes import (
    ACTING,
    CONFIRMED,
    GUARDIAN,
    NOT_REACHED,
    NOT_SAFE,
    SAFE_AGAIN,
    read_guardian_notes,
    write_guardian_note,
)
from mtjlab.store.heartbeat import HEARTBEAT, beating, heartbeat_age_s, heartbeat_s
from mtjlab.store.journal import Journal, JournalError
from mtjlab.store.lines import Line
from mtjlab.store.manual_requests import MANUAL_REQUESTS, RequestFollower, add_request
from mtjlab.store.reading import (
    DamagedJournalError,
    Follower,
    UnreadableJournalError,
    decode_line,
    first_lines,
    last_line,
    last_lines,
    lines_before,
    read_lines,
    torn_bytes,
)
from mtjlab.store.recovery import Recovered, recover_journal
from mtjlab.store.stop_files import StopFiles, StopRequest, request_emergency_stop, request_stop
from mtjlab.store.timing import RunClock, span_s, timed_lines

__all__ = [
    "ACTING",
    "CONFIRMED",
    "EMERGENCY",
    "FIGURES",
    "GUARDIAN",
    "HEARTBEAT",
    "JOURNAL",
    "MANUAL_REQUESTS",
    "NOT_REACHED",
    "NOT_SAFE",
    "REQUEST",
    "SAFE_AGAIN",
    "STOP",
    "STOP_NOW",
    "DamagedJournalError",
    "Follower",
    "Journal",
    "JournalError",
    "Line",
    "Recovered",
    "RequestFollower",
    "RunClock",
    "StopFiles",
    "StopRequest",
    "UnreadableJournalError",
    "add_request",
    "append",
    "beating",
    "content_of",
    "create_run_folder",
    "decode_line",
    "demand_no_link",
    "first_lines",
    "heartbeat_age_s",
    "heartbeat_s",
    "is_file",
    "is_there",
    "last_line",
    "last_lines",
    "lines_before",
    "make_folder",
    "open_to_append",
    "read_guardian_notes",
    "read_lines",
    "read_request",
    "recover_journal",
    "remove_empty",
    "request_emergency_stop",
    "request_stop",
    "run_id",
    "span_s",
    "text_in",
    "timed_lines",
    "torn_bytes",
    "write_guardian_note",
    "write_request",
]
