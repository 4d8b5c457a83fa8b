"""Calibrations: references and critical currents of a chip, in a file for later runs."""

import os
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from mtjlab.analysis.estimates import CriticalEstimate
from mtjlab.config import BenchConfig, Device, SimulatedBenchConfig
from mtjlab.counted import counted
from mtjlab.detection.resistance import ResistanceLaw
from mtjlab.domain import CriticalCurrents
from mtjlab.errors import RefusedError, reason_of
from mtjlab.events import CalibrationTaken, JunctionsMeasured, SeriesMeasured, SwitchingMeasured
from mtjlab.events.codec import decoded, encoded
from mtjlab.record import Record
from mtjlab.store import content_of
from mtjlab.text import text_of
from mtjlab.whole_files import put

STALE_H = 24.0
CALIBRATIONS = "calibration-*.json"
"""Files in the folder of a run."""
SECONDS_PER_H = 3600.0


@dataclass(frozen=True, slots=True)
class Calibration:
    """Result of a sweep of a chip: bench, time, run and software."""

    device: str
    bench: str
    simulated: bool
    measured_at: Annotated[datetime, msgspec.Meta(tz=True)]
    run: str
    software: str
    measured: JunctionsMeasured
    switching: SeriesMeasured
    format: Literal[1] = 1

    @property
    def age_h(self) -> float:
        """Age by the clock of this computer."""
        return (datetime.now(UTC) - self.measured_at).total_seconds() / SECONDS_PER_H

    @property
    def laws(self) -> tuple[ResistanceLaw, ...]:
        """Resistance laws that predict the voltage of each junction."""
        return tuple(reference.law for reference in self.measured.references)

    @property
    def refined(self) -> JunctionsMeasured:
        """The measured junctions, with critical currents from all curves, not only from the references."""
        up = [one for one in self.switching.up if isinstance(one, CriticalEstimate)]
        down = [one for one in self.switching.down if isinstance(one, CriticalEstimate)]
        repetitions = min((one.repetitions for one in (*up, *down)), default=0)
        if not len(up) == len(down) == len(self.measured.references):
            return self.measured
        if repetitions <= self.measured.critical.repetitions:
            return self.measured
        critical = CriticalCurrents(
            tuple(one.law.mean_ua for one in up),
            tuple(one.law.mean_ua for one in down),
            tuple(one.law.spread_ua for one in up),
            tuple(one.law.spread_ua for one in down),
            repetitions,
            up[0].law.ramp_ua_per_s,
        )
        return replace(self.measured, critical=critical)

    def taken(self, t_s: float) -> CalibrationTaken:
        """Event that records the use of this calibration by a run."""
        return CalibrationTaken(t_s, self.device, self.run, self.measured_at.isoformat(timespec="seconds"))


def write_calibration(folder: Path, state: Record, device: str) -> Path | None:
    """Save the results of the sweep in ``folder`` as a calibration in the folder; None if results are missing."""
    found = state.last(SwitchingMeasured)
    if state.started is None or state.measured is None or found is None:
        return None
    now = datetime.now(UTC).replace(microsecond=0)
    bench = state.started.bench
    calibration = Calibration(
        device,
        bench.name,
        bench.simulated,
        now,
        state.started.run,
        state.started.software,
        state.measured,
        found.series[0],
    )
    name = re.sub(r"[^\w-]+", "-", device).strip("-").lower() or "chip"
    path = folder / f"calibration-{name}-{now:%Y-%m-%d}.json"
    put(path, msgspec.json.format(encoded(calibration), indent=1) + b"\n")
    return path


def calibration_in(path: Path) -> Calibration:
    """Read the calibration in ``path``, or the one in a run folder, of any chip.

    Raises:
        RefusedError: it cannot be read.
    """
    if os.path.isdir(path):
        path = _of_run(path)
    try:
        return decoded(Calibration, text_of(content_of(path), path).encode())
    except OSError as error:
        message = f"{path}: cannot be read ({reason_of(error)}). `mtjlab sweep` makes calibrations."
        raise RefusedError(message) from error
    except ValueError as error:
        raise RefusedError(
            f"{path}: is not a calibration, or is damaged. `mtjlab sweep` makes calibrations."
        ) from error


def _of_run(folder: Path) -> Path:
    """The calibration that a run has saved in its folder. Raises RefusedError if there is none."""
    saved = sorted(folder.glob(CALIBRATIONS))
    if not saved:
        raise RefusedError(f"{folder}: there is no calibration in this folder. `mtjlab sweep` makes calibrations.")
    return saved[-1]


def read_calibration(path: Path, bench: BenchConfig, simulate: bool) -> Calibration:
    """Read a calibration, and check that it is of the chip of ``bench``, real or simulated.

    Raises:
        RefusedError: it cannot be read, or is of another chip.
    """
    calibration = calibration_in(path)
    junctions = len(calibration.measured.references)
    if calibration.device != bench.device.name or junctions != bench.junctions:
        raise RefusedError(
            f"{path}: is a calibration of {calibration.device!r} ({counted(junctions, 'junction')}); the bench has "
            f"{bench.device.name!r} ({counted(bench.junctions, 'junction')}). Take one of this chip: `mtjlab sweep`."
        )
    simulated = simulate or isinstance(bench, SimulatedBenchConfig)
    if calibration.simulated != simulated:
        was, is_now = ("a simulated", "a real") if calibration.simulated else ("a real", "a simulated")
        raise RefusedError(
            f"{path}: is a calibration of {was} {calibration.device!r}; this is {is_now} one. Take one of this chip: "
            "`mtjlab sweep`."
        )
    return calibration


def calibration_warnings(calibration: Calibration, bench: BenchConfig) -> tuple[str, ...]:
    """Warnings to the operator: an old calibration, another bench, or a chip without a name."""
    warnings = []
    if not 0 <= calibration.age_h <= STALE_H:
        warnings.append(
            f"the calibration is {calibration.age_h:.0f} h old; critical currents change with field and "
            "temperature: `mtjlab compare-chip` tells whether the chip is still as it was"
        )
    if calibration.bench != bench.name:
        warnings.append(f"the calibration was made on bench {calibration.bench!r}, this is {bench.name!r}")
    if calibration.device == Device().name:
        warnings.append(
            "the bench file has no name for its chip (device.name): make sure that the calibration is of this chip"
        )
    return tuple(warnings)
