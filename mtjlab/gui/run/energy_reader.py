"""The energy of a run up to any line of its journal."""

from dataclasses import dataclass, field
from pathlib import Path

from mtjlab.domain import PerJunction
from mtjlab.energy import Energy
from mtjlab.energy_meter import EnergyMeter
from mtjlab.reading import Translation, event_of
from mtjlab.store import Follower

MAX_LINES = 500


@dataclass(slots=True)
class EnergyReader:
    """Reads on from where it is; from the start for another run, or to go back."""

    folder: Path = Path()
    leads_ohm: PerJunction = ()
    lines: int = 0
    _follower: Follower = field(default_factory=lambda: Follower(Path()))
    _translation: Translation = field(default_factory=Translation)
    _meter: EnergyMeter = field(default_factory=EnergyMeter)

    def read(self, folder: Path, leads_ohm: PerJunction, lines: int) -> Energy:
        """Energy of the first ``lines`` of the run in ``folder``.

        Raises:
            RefusedError: the journal cannot be read.
        """
        if (folder, leads_ohm) != (self.folder, self.leads_ohm) or lines < self.lines:
            self.folder, self.leads_ohm, self.lines = folder, leads_ohm, 0
            self._follower, self._translation, self._meter = Follower(folder), Translation(), EnergyMeter(leads_ohm)
        while missing := min(MAX_LINES, lines - self.lines):
            read = self._follower.lines(missing)
            for line in read:
                for event in self._translation.of(event_of(folder, line)):
                    self._meter.take(event)
            if not read:
                break
            self.lines += len(read)
        return self._meter.energy
