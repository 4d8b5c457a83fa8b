"""How far a run is that is no training: counted in curves, probes, presentations."""

from dataclasses import dataclass

from mtjlab.config import MapAsked, ShiftAsked, SweepAsked
from mtjlab.events import CurveTaken, Presented, Probed
from mtjlab.gui.run.moment import About
from mtjlab.procedures.mapping import cells_ua
from mtjlab.procedures.switching import shifted_rows
from mtjlab.run_state import RunState


@dataclass(frozen=True, slots=True)
class Done:
    """So many of something; ``of`` is None where nobody knows how many there will be."""

    what: str
    count: int
    of: int | None = None

    def __str__(self) -> str:
        return f"{self.what} {self.count}" + (f" of {self.of}" if self.of else "")

    @property
    def share(self) -> float:
        """How much of it is done, 0 to 1; 0 where that is not known."""
        return min(1.0, self.count / self.of) if self.of else 0.0


def done(about: About, state: RunState) -> Done | None:
    """How far a measurement or a classification is; None for everything else."""
    asked = about.asked
    match asked:
        case SweepAsked():
            return Done("curve", state.number(CurveTaken), asked.staircase.repetitions)
        case ShiftAsked():
            return Done("curve", state.number(CurveTaken), asked.staircase.repetitions * len(shifted_rows(asked)))
        case MapAsked(way="curves"):
            return Done("curve", state.number(CurveTaken), asked.staircase.repetitions * len(asked.controls_ua))
        case MapAsked(way="raster"):
            return Done("presentation", state.number(Presented), asked.times * len(cells_ua(asked)) ** 2)
        case MapAsked():
            return Done("probe", state.number(Probed))
    if about.network is None:
        return None
    classify = about.request.get("classify", {})
    return Done(
        "presentation", state.number(Presented), len(classify.get("tokens", ())) * int(classify.get("times", 0))
    )
