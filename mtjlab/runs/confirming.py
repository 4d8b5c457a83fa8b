"""Confirmation that outputs which a run may have left on are off, as a note in its folder."""

import socket
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mtjlab.errors import RefusedError
from mtjlab.run_status import status_report
from mtjlab.runs.finding import run_folders
from mtjlab.sources_left import AT_ZERO
from mtjlab.store import CONFIRMED, read_request, write_guardian_note

if TYPE_CHECKING:
    from mtjlab.config import InstrumentBenchConfig


def confirm_off(root: Path, bench: "InstrumentBenchConfig", by: str) -> tuple[Path, ...]:
    """Note that the sources are off in every run under ``root`` that may have left sources of ``bench`` on.

    Returns these runs. ``by`` is the program that read the sources back. Runs of other computers and of simulated
    instruments had other sources.
    """
    seen, confirmed = {source.address for source in bench.sources.values()}, []
    for folder in run_folders(root):
        with suppress(RefusedError):
            if status_report(folder).may_be_on and _left_on(read_request(folder)) <= seen:
                write_guardian_note(folder, f"{CONFIRMED}{AT_ZERO}: {by}, {datetime.now():%Y-%m-%d %H:%M}")
                confirmed.append(folder)
    return tuple(confirmed)


def _left_on(request: Mapping[str, Any]) -> set[str]:
    """Addresses of the sources of a run. Raises RefusedError if they are not connected to this computer."""
    run, sources = request.get("run", {}), request.get("bench", {}).get("sources")
    if run.get("simulate") or run.get("host") != socket.gethostname() or not isinstance(sources, dict):
        raise RefusedError("its sources are not here")
    return {str(source.get("address")) for source in sources.values() if isinstance(source, dict)}
