"""Ramp a bench that no run holds to zero, as a guardian does, at the request of an operator."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mtjlab.benches.sessions import held
from mtjlab.benches.source_states import SourceState, source_states
from mtjlab.benches.support_check import demand_support
from mtjlab.config import InstrumentBenchConfig, read_bench
from mtjlab.errors import RefusedError
from mtjlab.guardian.rescue import take_to_zero
from mtjlab.runs.confirming import confirm_off
from mtjlab.store import SAFE_AGAIN

PROGRAM = "mtjlab safe"


@dataclass(frozen=True, slots=True)
class Shutdown:
    """Sources of a bench before and after, a report, and the runs whose sources are now known to be off."""

    bench: str
    before: tuple[SourceState, ...]
    after: tuple[SourceState, ...]
    report: str
    confirmed: tuple[Path, ...]

    @property
    def is_safe(self) -> bool:
        """Whether every source was read back at zero before its output was switched off."""
        return self.report.startswith(SAFE_AGAIN)

    def as_json(self) -> dict[str, Any]:
        """The result as ``--json`` prints it; ``found_ua`` is the current before, None if not known."""
        return {
            "bench": self.bench,
            "sources": [
                {
                    "role": now.role,
                    "found_ua": found.delivers_ua,
                    "level_ua": now.level_ua,
                    "output_on": now.output_on,
                }
                for found, now in zip(self.before, self.after, strict=True)
            ],
            "safe": self.is_safe,
            "told": self.report,
            "confirmed": [str(folder) for folder in self.confirmed],
        }


def shut_down(bench: Path, runs: Path) -> Shutdown:
    """Ramp the sources of the bench file ``bench`` to zero and switch them off, its magnet supply too.

    If that succeeds, runs under ``runs`` that may have left these sources on are marked as safe.

    Raises:
        RefusedError: the file is not valid or has no instruments, this computer lacks a driver, or another program
            holds one of them.
    """
    config = read_bench(bench)
    if not isinstance(config, InstrumentBenchConfig):
        raise RefusedError(f"{bench}: has no instruments: the junctions are simulated in process. No output is on.")
    demand_support(bench, config)
    try:
        with held(config, PROGRAM) as claims:
            before = source_states(config, claims)
            report = take_to_zero(config, simulated=False, claims=claims)
            after = source_states(config, claims)
    except RefusedError as error:
        raise RefusedError(
            f"{error} Stop the run to take its bench to zero: `mtjlab stop RUN --now`, or EMERGENCY STOP in the window."
        ) from error
    confirmed = confirm_off(runs, config, f"`{PROGRAM}`") if report.startswith(SAFE_AGAIN) else ()
    return Shutdown(config.name, before, after, report, confirmed)
