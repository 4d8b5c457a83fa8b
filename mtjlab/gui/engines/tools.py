"""Tools: commands that start no run on a bench, with their options as keys of a model."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Field

from mtjlab.config.keys import Key, keys_of
from mtjlab.config.section import Count, NotNegative, Option, Positive, Section, Shown
from mtjlab.supplied_configs import supplied_names

Junctions: TypeAlias = Annotated[int, Field(ge=1, le=100)]
Inputs: TypeAlias = Annotated[int, Field(ge=1, le=64)]
Classes: TypeAlias = Annotated[int, Field(ge=2, le=1_000_000)]


class NoOptions(Section):
    """Nothing can be chosen."""


class RedetectOptions(Section):
    """Settings of the detector that differ from those of the run."""

    plan: Annotated[str | None, Shown("plan file", "as in the run", offers="file")] = None
    """Plan file with the [detector] table to use."""
    dead_band_ua: Annotated[Annotated[float, Field(ge=1e-3)] | None, Shown(if_empty="as in the run")] = None
    """Junction current below which no state is read."""
    weak_d: Annotated[Positive | None, Shown("minimum jump / noise", "as in the run")] = None
    """Ratio of jump to noise below which samples are averaged."""
    samples: Annotated[Annotated[int, Field(ge=2)] | None, Shown("samples per reading", "as in the run")] = None
    """Samples used of a reading, if it has that many."""
    most_samples: Annotated[Annotated[int, Field(ge=1)] | None, Shown("maximum samples", "as in the run")] = None
    """Maximum number of samples averaged for a verdict."""
    rereads: Annotated[Annotated[int, Field(ge=0)] | None, Shown("repeated readings", "as in the run")] = None
    """Further readings used if the first gives no verdict."""


class BaselinesOptions(Section):
    """Size of the comparison."""

    seeds: Annotated[int, Field(ge=2), Shown("perceptrons of each kind")] = 20
    """Perceptrons of each kind; mean and spread are reported."""


class EnergyOptions(Section):
    """Chain, widths and currents to project for."""

    junctions: Annotated[Count | None, Shown(if_empty="as in the run")] = None
    """Junctions of the chain to project for."""
    inputs: Annotated[Count | None, Shown(if_empty="as in the run")] = None
    """Inputs of a classification."""
    widths_s: Annotated[tuple[Positive, ...] | None, Option("width", is_repeated=True), Shown(if_empty="several")] = (
        None
    )
    """Widths of an input and of its reset to project for."""
    input_current_ua: Annotated[float | None, Shown(if_empty="power of the run")] = None
    """Current of each junction at an input."""
    reset_current_ua: Annotated[float | None, Shown(if_empty="power of the run")] = None
    """Current of each junction at a reset."""


class ScaleOptions(Section):
    """Chains to look at, in all combinations, their junctions and limits."""

    junctions: Annotated[tuple[Junctions, ...], Option(is_repeated=True)] = (3, 10)
    """Junctions of a chain."""
    inputs: Annotated[tuple[Inputs, ...], Option(is_repeated=True)] = (2,)
    """Inputs, each of which may have a chain of its own."""
    spacing_ua: Annotated[tuple[Positive, ...], Option(is_repeated=True)] = (20.0, 24.0, 28.0)
    """Distance of neighbouring boundaries."""
    spread_ua: Annotated[tuple[Positive, ...], Option(is_repeated=True)] = (4.3,)
    """Standard deviation of a threshold."""
    cloud_ua: Annotated[tuple[NotNegative, ...], Option(is_repeated=True)] = (0.0,)
    """Standard deviation of the inputs of a class."""
    classes: Annotated[tuple[Classes, ...], Option(is_repeated=True)] = (7,)
    """Classes to tell apart."""
    up_ua: Annotated[Positive, Shown("AP to P")] = 224.0
    """Current that switches a junction AP -> P."""
    down_ua: Annotated[Annotated[float, Field(le=-1e-3)], Shown("P to AP")] = -57.0
    """Current that switches it back."""
    margin_ua: Annotated[NotNegative, Shown("reset margin")] = 40.0
    """Margin of the reset."""
    current_limit_ua: Annotated[Positive | None, Shown("current limit", "of the bench")] = None
    """Largest current of a junction, on both sides."""
    voltage_limit_mv: Annotated[Positive | None, Shown("voltage limit", "of the bench")] = None
    """Largest voltage of a junction."""
    breakdown_mv: Annotated[Positive | None, Shown("breakdown voltage", "not known")] = None
    """Breakdown voltage of your stack; its source has to be given too."""
    breakdown_source: Annotated[str | None, Shown("source of it", "none")] = None
    """Who measured the breakdown voltage, or where it is published."""
    seed: Annotated[int, Field(ge=0)] = 0
    """Seed of the Monte-Carlo."""
    figure: Annotated[str | None, Shown("figure", "none", offers="file")] = None
    """File of the figure, .png or .svg."""


class ChipsOptions(Section):
    """Which chip, and where its table and figure are written."""

    name: Annotated[str | None, Option(is_argument=True), Shown("chip", "all")] = None
    """Name of a chip, as device.name of its bench file."""
    figure: Annotated[str | None, Shown("figure", "none", offers="file")] = None
    """File of the figure, .png or .svg."""
    csv: Annotated[str | None, Shown("table", "none", offers="file")] = None
    """New CSV file of its runs."""


class TwinFitOptions(Section):
    """Runs besides the selected one, which is the latest; and where the twin is written."""

    run: Annotated[tuple[str, ...], Option(is_argument=True, is_repeated=True), Shown("earlier runs", "none")] = ()
    """Folders or ids of earlier runs of the same chip, with semicolons between."""
    out: Annotated[str, Shown("bench file of the twin", offers="file")] = "twin.toml"
    """New bench file; every command takes it."""


class TwinCheckOptions(Section):
    """The twin that the selected run is compared with."""

    twin: Annotated[str, Option(is_argument=True), Shown("bench file of the twin", offers="file")] = "twin.toml"
    """Bench file of a twin that was not fitted to this run."""


class StudyOptions(Section):
    """A study file, and where its trainings and tables are kept."""

    file: Annotated[str, Option(is_argument=True), Shown("study file", offers="file")] = "study"
    """Study file, or the name of a supplied one."""
    out: Annotated[str | None, Shown("folder", "studies/ and its name", offers="folder")] = None
    """Folder of the study; the same one continues it after a stop."""
    cluster: Annotated[str | None, Shown("Dask cluster", "processes here")] = None
    """Address of the scheduler of a Dask cluster."""


class ExportOptions(Section):
    """Format and folder."""

    to: Annotated[Literal["csv", "netcdf", "pymeasure"], Shown("format")] = "csv"
    """Plain tables, NetCDF data sets, or PyMeasure's results format."""
    out: Annotated[str | None, Shown("folder", "export/ in the run", offers="folder")] = None
    """New or empty folder."""


class DoctorOptions(Section):
    """What is looked at beside the resources that answer."""

    library: Annotated[str, Shown("VISA library")] = "@py"
    """VISA library to search; @ivi is the one of the system."""


class SimulateOptions(Section):
    """Seed, speed and faults of the simulated instruments of the selected bench."""

    seed: Annotated[int, Field(ge=0)] = 0
    """Seed of the junctions and of the noise of the meters."""
    speed: Annotated[float, Field(ge=1e-3), Shown("simulation speed")] = 1.0
    """Bench seconds per second of real time; other programs expect 1."""
    fault: Annotated[tuple[str, ...], Option(is_repeated=True), Shown("simulated faults", "none")] = ()
    """Faults such as voltmeter J2:no-reply@2.5, with semicolons between."""
    log: Annotated[str | None, Shown(if_empty="simulators.jsonl", offers="file")] = None
    """New file for all messages, outputs and true currents."""
    traffic: Annotated[str | None, Shown("answers from", if_empty="a model", offers="file")] = None
    """Recorded traffic (traffic.jsonl of a first day) from which they answer instead."""


class CopyOptions(Section):
    """Which of the supplied configurations is copied, and where."""

    name: Annotated[Literal[supplied_names()], Option(is_argument=True)]  # type: ignore[valid-type]
    """Name of a supplied configuration."""
    to: Annotated[str | None, Option(is_argument=True), Shown("to folder", "this folder", offers="folder")] = None
    """File or folder; an existing file is never overwritten."""


class ImportOptions(Section):
    """The measured file of vowels."""

    path: Annotated[str, Option(is_argument=True), Shown("measured file", "choose vowdata.dat", offers="file")]
    """The measured file, vowdata.dat."""


class DownloadOptions(Section):
    """Where the measured file of vowels is downloaded from."""

    mirror: Annotated[tuple[str, ...], Option(is_repeated=True), Shown("other addresses", "none")] = ()
    """Other addresses to try, with semicolons between."""


@dataclass(frozen=True, slots=True)
class Tool:
    """A command, its words in menus, and its options.

    ``needs`` is ``run`` for a command on a run, ``bench`` for one on the selected bench, ``runs`` for one on all runs.
    ``makes_run``: it creates a run, which is shown then. ``goes_on``: it goes on until it is stopped.
    """

    command: str
    title: str
    help: str
    model: type[Section] = NoOptions
    needs: Literal["run", "bench", "runs", ""] = ""
    makes_run: bool = False
    goes_on: bool = False

    def arguments(self, content: Mapping[str, Any], run: Path | None, bench: Path, runs: Path) -> list[str]:
        """Arguments of the command for the content of its form."""
        where = [str(run)] if self.needs == "run" else ["--bench", str(bench)] if self.needs == "bench" else []
        folder = ["--runs", str(runs)] if self.needs in ("run", "runs") else []
        options = [part for key in keys_of(self.model) for part in _option(key, content.get(key.key))]
        return [*self.command.split(), *options, *where, *folder, *(["--json"] if self.makes_run else [])]


def _option(key: Key, value: Any) -> list[str]:
    if value is None or value == []:
        return []
    values = value if isinstance(value, list) else [value]
    if key.option.is_argument:
        return list(map(str, values))
    return [part for one in values for part in (f"--{key.option.name}", str(one))]


TOOLS: tuple[Tool, ...] = (
    Tool(
        "redetect",
        "Judge a run again",
        "Apply the detector again to the readings of the run, with other settings, as a new run. No bench is needed.",
        RedetectOptions,
        "run",
        makes_run=True,
    ),
    Tool(
        "baselines",
        "Compare with perceptrons",
        "Train the multilayer perceptrons of the paper on the data, split and steps of the run, and plot both.",
        BaselinesOptions,
        "run",
    ),
    Tool(
        "energy",
        "Energy of a run",
        "Energy in the junctions and from the sources, by phase and for each input; and what other chains, widths and "
        "currents are expected to take, beside the paper.",
        EnergyOptions,
        "run",
    ),
    Tool(
        "scale",
        "Scale of chains",
        "How many junctions a chain can have within the limits of the selected bench, what it is expected to "
        "recognise, and how many chains a number of classes needs. Nothing is measured.",
        ScaleOptions,
        "bench",
    ),
    Tool(
        "chips",
        "Chips over all runs",
        "Thresholds, resistances and stress (charge, time above 0.5 V, pulses) of each chip, over all runs in the "
        "folder of runs.",
        ChipsOptions,
        "runs",
    ),
    Tool(
        "twin fit",
        "Fit a twin of the chip",
        "Fit a simulated chip to the run, and to earlier ones: resistances and switching, with what is uncertain of "
        "them. Its bench file can be selected as any other.",
        TwinFitOptions,
        "run",
    ),
    Tool(
        "twin check",
        "Check a twin",
        "Compare what a twin predicts with the run, which it was not fitted to: thresholds, cells of a map, "
        "recognition.",
        TwinCheckOptions,
        "run",
    ),
    Tool(
        "study",
        "Study of trainings",
        "Many simulated trainings over seeds, chips, rules and plans: tables and a figure of their recognition. After "
        "a stop the same study continues.",
        StudyOptions,
    ),
    Tool("export", "Export a run", "Export the data of the run for other programs.", ExportOptions, "run"),
    Tool(
        "recover",
        "Recover a damaged run",
        "Recover the intact events of a damaged run into a new run; the damaged run is not changed.",
        needs="run",
        makes_run=True,
    ),
    Tool(
        "doctor",
        "Check VISA and instruments",
        "List VISA libraries, ports with the identity of what answers, locks, and the instruments of the selected "
        "bench with their outputs and levels. No setting is written.",
        DoctorOptions,
        "bench",
    ),
    Tool(
        "simulate",
        "Simulated instruments",
        "Start simulated instruments with the models, roles and wiring of the selected bench, for other programs.",
        SimulateOptions,
        "bench",
        goes_on=True,
    ),
    Tool("configs", "Supplied configurations", "List the supplied bench and plan files."),
    Tool("configs copy", "Copy a configuration", "Copy a supplied bench or plan file, to edit it.", CopyOptions),
    Tool("vowels show", "Vowels in use", "Show the vowels that a training would use."),
    Tool("vowels import", "Import vowels", "Check the measured file, and store a copy of it.", ImportOptions),
    Tool("vowels download", "Download vowels", "Download the measured file, check and store it.", DownloadOptions),
)
BY_COMMAND: Mapping[str, Tool] = {tool.command: tool for tool in TOOLS}
"""Tools by their commands."""
