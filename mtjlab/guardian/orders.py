"""What the engine tells its guardian: orders in the first line of the pipe, then beats, last that all is safe."""

from pydantic import BaseModel, ConfigDict

from mtjlab.config import InstrumentBenchConfig

READY = "ready"
HELD = "held"
"""Begins the answer of a guardian that could not get hold of the instruments."""
BEAT = "beat"
SAFE = "safe"
TAKE_OVER = "take over"
"""The engine could not take the bench to zero, and says so while it still can."""


class Orders(BaseModel):
    """Which bench to take to zero, which process to end first, and the folder of the run they belong to.

    ``program`` is what others are told who find the instruments in use.
    """

    model_config = ConfigDict(frozen=True)

    folder: str
    program: str
    engine_pid: int
    engine_created_s: float
    bench: InstrumentBenchConfig
    simulated: bool
