"""Looking at runs that may be going on elsewhere: find one, follow it, ask it to stop."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from time import sleep

from mtjlab.config import plan_of
from mtjlab.errors import RefusedError, reason_of
from mtjlab.events import Event, RunEnded
from mtjlab.procedures.extent import Extent
from mtjlab.run_status import standing
from mtjlab.runs.listing import run_folders
from mtjlab.store import JOURNAL, REQUEST, STOP, STOP_NOW, Follower, read_request

LAST = "last"
PAUSE_S = 0.2
AT_ONCE = 1000


def find_run(name: Path, root: Path) -> Path:
    """The folder of a run: its path, its id under ``root`` (``2026-11-23/0007-train``), or ``last``.

    Raises:
        RefusedError: there is no such run.
    """
    with suppress(OSError):  # a name that no file can have is the name of no run
        for folder in (name, root / name):
            if (folder / JOURNAL).is_file() or (folder / REQUEST).is_file():
                return folder
    if str(name) == LAST and (runs := run_folders(root)):
        return runs[-1]
    raise RefusedError(
        f"{name}: is no run folder, and no run of that name is in {root}. Give the folder of a run, or `{LAST}`; "
        "`mtjlab runs` lists them."
    )


def follow(folder: Path) -> Iterator[Event]:
    """Events of a run as they come, from its first, until it is over.

    Raises:
        RefusedError: the journal is damaged, or somebody removed it.
    """
    follower = Follower(folder)
    over = False
    while True:
        news = follower.news(AT_ONCE)
        yield from news
        if news and isinstance(news[-1], RunEnded):
            return
        if not news:
            if over:
                return
            over = standing(folder).is_over
            if not over:
                sleep(PAUSE_S)


def ask_to_stop(folder: Path, now: bool) -> None:
    """Leave a stop file: the run ends at its next safe point, or ``now``, in the middle of a wait.

    Raises:
        RefusedError: the run is over, or the file cannot be written.
    """
    stands = standing(folder)
    if stands.is_over:
        raise RefusedError(f"{folder}: the run is {stands.status}, so there is nothing to stop. {stands.why}".strip())
    try:
        (folder / STOP).write_text(STOP_NOW if now else "", encoding="utf-8")
    except OSError as error:
        raise RefusedError(
            f"{folder}: the stop file cannot be written ({reason_of(error)}). Press Ctrl-C where the run was started."
        ) from error


def extent_of(folder: Path) -> Extent:
    """How much the training in ``folder`` is.

    Raises:
        RefusedError: it is no training, or its ``run.toml`` does not tell.
    """
    request = read_request(folder)
    if request.get("run", {}).get("procedure") != "train":
        raise RefusedError(f"{folder}: is no training.")
    data = request.get("data", {})
    plan = plan_of(folder / REQUEST, request.get("plan", {}))
    return Extent.of(plan.training, int(data.get("classes", 0)), int(data.get("tokens", 0)))
