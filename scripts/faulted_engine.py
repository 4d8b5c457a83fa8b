"""A command of mtjlab whose simulated instruments fail at a known point of its run.

``python faulted_engine.py RUNS PHASE FAULT COMMAND...``: the fault strikes after the event that begins PHASE, before
the engine does anything else: an event is shown to its viewers when it is journalled, and the engine waits for them.
Figures are not drawn. A run that pauses because of the fault is asked to stop after some looks; a pause of which the
fault is not the cause is made by another magnetic field, which is right again when the fault strikes.
"""

import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from instruments.simulated.client import ControlClient
from instruments.simulated.log_reading import read_log
from mtjlab.benches.simulators import LOG
from mtjlab.cli import drawing, main
from mtjlab.events import ControlsPlanned, Event, LookedAgain, Presented, RunStarted, Suspended, SweepPoint
from mtjlab.experiment import engine
from mtjlab.procedures.training.events import RecognitionMeasured, StepTrained
from mtjlab.store import STOP

STEPS = 4
CONNECTING, SWEEP, PRESENTATION, CONTROL_MOVE, PAUSE, GOING_SAFE = PHASES = (
    "connecting",
    "sweep",
    "presentation",
    "control move",
    "pause",
    "going safe",
)
POINTS = 5
"""Of the sweep, before the fault strikes."""
LOOKS = 3
"""Of a pause after the fault, before the run is asked to stop."""
RIGHT_MT, WRONG_MT = 6.0, 40.0


class Injector:
    """Sees every event of a run, and lets the fault strike in its phase; one of ``connecting`` was there before."""

    def __init__(self, runs: Path, phase: str, fault: str, tell: Callable[[Event], None]) -> None:
        self._runs = runs
        self._phase = phase
        self._fault = fault
        self._tell = tell
        self._folder = runs
        self._seen: Counter[type] = Counter()
        self._struck = phase == CONNECTING
        self._looks = 0

    def __call__(self, event: Event) -> None:
        """Tell of the event as always; then strike, if it is time."""
        self._tell(event)
        self._seen[type(event)] += 1
        if isinstance(event, RunStarted):
            self._folder = self._runs / event.run
        if self._struck:
            self._end_pause(event)
        elif self._is_time(event):
            self._strike()
        elif self._phase == PAUSE and self._is_mid_training(event):
            with self._control() as control:
                control.field(WRONG_MT)

    def _is_time(self, event: Event) -> bool:
        match self._phase:
            case "sweep":
                return isinstance(event, SweepPoint) and self._seen[SweepPoint] == POINTS
            case "presentation":
                return self._is_mid_training(event)
            case "control move":
                return isinstance(event, ControlsPlanned) and event.step > 0
            case "pause":
                return isinstance(event, Suspended)
            case _:
                return isinstance(event, RecognitionMeasured) and event.step == STEPS

    def _is_mid_training(self, event: Event) -> bool:
        """At the second presentation of the second step."""
        return isinstance(event, Presented) and event.step == 2 and self._seen[StepTrained] == 1

    def _strike(self) -> None:
        self._struck = True
        with self._control() as control:
            if self._phase == PAUSE:
                control.field(RIGHT_MT)
            control.fault(self._fault)

    def _end_pause(self, event: Event) -> None:
        self._looks += isinstance(event, LookedAgain)
        if self._looks == LOOKS:
            (self._folder / STOP).touch()

    def _control(self) -> ControlClient:
        ports = next(line for line in read_log(self._folder / LOG) if line["kind"] == "ports")
        return ControlClient(ports["control_port"])


def run(runs: str, phase: str, fault: str, *command: str) -> None:
    """Carry out ``command`` with the fault."""
    drawing.draw_in_process = lambda *_: []
    engine.log_event = Injector(Path(runs), phase, fault, engine.log_event)
    sys.argv[1:] = command
    main()


if __name__ == "__main__":
    run(*sys.argv[1:])
