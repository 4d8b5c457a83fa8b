"""A bench taken to zero that no run holds: as a guardian does it, but asked for by a person."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mtjlab.benches.sessions import held
from mtjlab.benches.source_states import SourceState, source_states
from mtjlab.config import InstrumentBenchConfig, read_bench
from mtjlab.errors import RefusedError
from mtjlab.guardian.rescue import take_to_zero
from mtjlab.runs.confirming import confirm_off
from mtjlab.store import SAFE_AGAIN

PROGRAM = "mtjlab safe"


@dataclass(frozen=True, slots=True)
class Shutdown:
    """The sources of a bench before and after, what was reached in words, and the runs of which more is known now."""

    bench: str
    before: tuple[SourceState, ...]
    after: tuple[SourceState, ...]
    told: str
    confirmed: tuple[Path, ...]

    @property
    def is_safe(self) -> bool:
        """Whether every source was seen at zero before its output went off."""
        return self.told.startswith(SAFE_AGAIN)

    def as_json(self) -> dict[str, Any]:
        """What ``--json`` says of it; ``found_ua`` is what a source delivered, None where that is not known."""
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
            "told": self.told,
            "confirmed": [str(folder) for folder in self.confirmed],
        }


def shut_down(bench: Path, runs: Path) -> Shutdown:
    """Take the sources in the bench file ``bench`` to zero and off, its magnet too.

    Runs under ``runs`` that may have left these sources on are noted to be safe, if that is reached.

    Raises:
        RefusedError: the file is wrong or names no instruments, or another program holds one of them.
    """
    config = read_bench(bench)
    if not isinstance(config, InstrumentBenchConfig):
        raise RefusedError(f"{bench}: has no instruments, it is simulated in process. Nothing is on.")
    try:
        with held(config, PROGRAM) as claims:
            before = source_states(config, claims)
            told = take_to_zero(config, simulated=False, claims=claims)
            after = source_states(config, claims)
    except RefusedError as error:
        raise RefusedError(
            f"{error} A run takes its own bench to zero: `mtjlab stop RUN --now`, or EMERGENCY STOP in the window."
        ) from error
    confirmed = confirm_off(runs, config, f"`{PROGRAM}`") if told.startswith(SAFE_AGAIN) else ()
    return Shutdown(config.name, before, after, told, confirmed)
