"""Options of a run of any kind: the table [run] of a request file."""

from typing import Annotated, ClassVar

from pydantic import Field

from mtjlab.config.section import Option, Positive, Section, Shown, When

SIMULATED = When("run.simulate", (True,))


class SimulationOptions(Section):
    """What is simulated where instruments are."""

    title: ClassVar[str] = "this run"

    speed: Annotated[Positive | None, Shown("simulation speed", "as in the bench file"), SIMULATED] = None
    """Simulated instruments: bench seconds per second of real time."""
    faults: Annotated[tuple[str, ...], Shown("simulated faults", "as in the bench file"), SIMULATED] = ()
    """Faults of simulated instruments, such as voltmeter J2:no-reply@2.5, with semicolons between."""
    field_mt: Annotated[float | None, Option("field-mt"), Shown("field", "as in the bench file")] = None
    """Magnetic field, set before any output goes on, in place of that of the bench file."""
    draw: Annotated[bool, Shown("draw the twin"), When("run.twin", (True,))] = False
    """Twin: draw its parameters from what is uncertain of them, by the seed."""


class SeedOptions(SimulationOptions):
    """The same, and the seed of a run that has none in its plan."""

    seed: Annotated[Annotated[int, Field(ge=0)] | None, Shown(if_empty="0")] = None
    """Seed of random draws and of simulated junctions."""


class RunOptions(SimulationOptions):
    """The same as for any run, and what it starts from."""

    calibration: Annotated[str | None, Shown(if_empty="none", offers="calibration")] = None
    """Calibration of an earlier sweep, or its run folder; the references are not measured again."""


class SeededRunOptions(SeedOptions, RunOptions):
    """All options of a run: seed, calibration, and what is simulated."""
