"""Chips over all their runs: thresholds, resistances, and what has worn them.

What a finished run tells of its chip is stored in its folder, as its summary is, so that thousands of runs are listed
without reading their journals again.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import groupby
from pathlib import Path

import msgspec

from mtjlab.config import Device
from mtjlab.domain import PerJunction
from mtjlab.energy import Energy
from mtjlab.energy_meter import EnergyMeter
from mtjlab.errors import RefusedError
from mtjlab.events import CalibrationTaken, Event, JunctionsMeasured, Presented, Pulsed, TakenOver
from mtjlab.reading import read_events
from mtjlab.runs.listing import list_runs
from mtjlab.runs.opened import run_of
from mtjlab.runs.run_summary import RunSummary
from mtjlab.runs.summaries import Stamp, stamp_of
from mtjlab.store import content_of
from mtjlab.whole_files import put

CHIP_FILE = "chip.json"
VERSION = 1
LARGEST = 1 << 18


class ChipOfRun(msgspec.Struct, frozen=True):
    """What a run measured of its chip, and what it did to it; empty where it measured or did nothing.

    Critical currents (uA), resistances (ohm), TMR and offsets (mV) are those of its last references. ``charges_c``
    passed each junction, which stood more than 0.5 V for ``stressed_s``; ``pulses`` were given, ``inputs`` applied and
    ``resets`` made.
    """

    critical_up_ua: PerJunction = ()
    critical_down_ua: PerJunction = ()
    resistance_parallel_ohm: PerJunction = ()
    tmr: PerJunction = ()
    offset_mv: PerJunction = ()
    charges_c: PerJunction = ()
    stressed_s: PerJunction = ()
    pulses: int = 0
    inputs: int = 0
    resets: int = 0


class ChipRun(msgspec.Struct, frozen=True):
    """A run, and what it tells of its chip; ``problem`` says why nothing is known."""

    run: RunSummary
    chip: ChipOfRun
    problem: str = ""


class Chip(msgspec.Struct, frozen=True):
    """A chip, real or simulated, with its runs in order of time."""

    name: str
    simulated: bool
    runs: tuple[ChipRun, ...]

    @property
    def title(self) -> str:
        """Name, marked if it is simulated."""
        return f"{self.name} (SIMULATED)" if self.simulated else self.name

    @property
    def measured(self) -> tuple[ChipRun, ...]:
        """Runs that measured its junctions."""
        return tuple(one for one in self.runs if one.chip.critical_up_ua)

    @property
    def charges_c(self) -> PerJunction:
        """Charge that has passed each junction in all runs."""
        return _summed([one.chip.charges_c for one in self.runs])

    @property
    def stressed_s(self) -> PerJunction:
        """Time for which each junction stood more than 0.5 V in all runs."""
        return _summed([one.chip.stressed_s for one in self.runs])

    def total(self, counted: str) -> int:
        """Pulses, inputs or resets of all runs."""
        return sum(getattr(one.chip, counted) for one in self.runs)


class _Stored(msgspec.Struct, frozen=True):
    version: int
    stamp: Stamp
    chip: ChipOfRun


def chips_in(root: Path) -> list[Chip]:
    """All chips of the runs under ``root``: real ones first, by name; runs that took no readings are left out.

    Raises:
        RefusedError: there is no such folder.
    """
    runs = [run for run in list_runs(root) if run.began_at is not None and run.procedure]
    runs.sort(key=lambda run: (bool(run.simulated), run.chip or Device().name, run.order))
    return [
        Chip(name, simulated, tuple(map(_told, of_chip)))
        for (simulated, name), of_chip in groupby(runs, lambda run: (bool(run.simulated), run.chip or Device().name))
    ]


def chip_named(chips: Iterable[Chip], name: str) -> list[Chip]:
    """The chips of this name, real and simulated.

    Raises:
        RefusedError: there is none; the message lists those that there are.
    """
    known = list(chips)
    if found := [one for one in known if one.name == name]:
        return found
    names = ", ".join(dict.fromkeys(repr(one.name) for one in known)) or "none"
    raise RefusedError(f"There are no runs of a chip {name!r}. Chips with runs here: {names}.")


def _told(run: RunSummary) -> ChipRun:
    """What a run tells of its chip: as stored, or from its journal."""
    stamp = stamp_of(run.folder)
    if (known := _read(run.folder, stamp)) is not None:
        return ChipRun(run, known)
    try:
        of_run = run_of(run.folder)
        if of_run.started is not None and of_run.started.derived_from is not None:
            return ChipRun(run, ChipOfRun())
        chip = chip_of(read_events(run.folder), of_run.leads_ohm)
    except Exception as error:  # one folder must not prevent the list of the others
        return ChipRun(run, ChipOfRun(), f"{run.run}: cannot be evaluated: {error}")
    if run.has_settled and stamp == stamp_of(run.folder):
        with suppress(OSError):
            put(run.folder / CHIP_FILE, msgspec.json.encode(_Stored(VERSION, stamp, chip)))
    return ChipRun(run, chip)


def _read(folder: Path, stamp: Stamp) -> ChipOfRun | None:
    try:
        stored = msgspec.json.decode(content_of(folder / CHIP_FILE, LARGEST), type=_Stored)
    except (OSError, ValueError, RecursionError):
        return None
    return stored.chip if (stored.version, stored.stamp) == (VERSION, stamp) else None


def chip_of(events: Iterable[Event], leads_ohm: PerJunction) -> ChipOfRun:
    """What the events of a run tell of its chip."""
    meter, measured, pulses, inputs, resets = EnergyMeter(leads_ohm), None, 0, 0, 0
    for event in events:
        if isinstance(event, TakenOver):  # told by the earlier run
            continue
        meter.take(event)
        match event:
            case JunctionsMeasured():
                measured = event
            case CalibrationTaken():
                measured = None
            case Presented():
                inputs += len(event.outcomes)
                resets += sum(bool(outcome.reset_verdicts) for outcome in event.outcomes)
                pulses += sum(outcome.pulse is not None for outcome in event.outcomes)
            case Pulsed():
                pulses += 1
                resets += event.purpose == "reset"
    return _chip_of_run(None if meter.is_empty else meter.energy, measured, (pulses, inputs, resets))


def _chip_of_run(energy: Energy | None, measured: JunctionsMeasured | None, counts: tuple[int, int, int]) -> ChipOfRun:
    charges_c, stressed_s = (energy.charges_c, energy.stressed_s) if energy else ((), ())
    if measured is None:
        return ChipOfRun((), (), (), (), (), charges_c, stressed_s, *counts)
    return ChipOfRun(
        measured.critical.up_ua,
        measured.critical.down_ua,
        tuple(one.law.r_p_ohm for one in measured.references),
        tuple(one.law.tmr for one in measured.references),
        tuple(one.offset_mv for one in measured.references),
        charges_c,
        stressed_s,
        *counts,
    )


def _summed(rows: Sequence[PerJunction]) -> PerJunction:
    junctions = max(map(len, rows), default=0)
    return tuple(sum(row[k] for row in rows if k < len(row)) for k in range(junctions))


def began(run: ChipRun) -> datetime:
    """When a run began."""
    return run.run.order[0]


__all__ = ["Chip", "ChipOfRun", "ChipRun", "began", "chip_named", "chip_of", "chips_in"]
