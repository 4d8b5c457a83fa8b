"""Requests: files and options -> a checked request, ready to start. All that can be refused is refused here."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from mtjlab.benches import envelope_of
from mtjlab.calibration import Calibration, read_calibration
from mtjlab.config import (
    BenchConfig,
    PlanConfig,
    SeededRunOptions,
    bench_of,
    plan_of,
    plan_of_run,
    read_plan,
    section_of,
)
from mtjlab.config.section import Section
from mtjlab.errors import RefusedError
from mtjlab.experiment.bench_file import checked_bench, read_requested_bench, with_faults, with_field
from mtjlab.experiment.data_of_run import data_of_run
from mtjlab.procedures.handing_over import HandedOver
from mtjlab.procedures.kind import Kind, Times, WatchedRun
from mtjlab.procedures.kinds import KINDS
from mtjlab.provenance import PROVENANCE
from mtjlab.runs.environment import RunEnvironment
from mtjlab.runs.opened import kind_of
from mtjlab.store import REQUEST
from mtjlab.supplied_configs import DEFAULT_BENCH, DEFAULT_PLAN, supplied_file
from mtjlab.text import read_toml
from mtjlab.vowels.data_set import DataSet

OF_A_RUN = (*PROVENANCE, "id", "noise_seed", "parent", "rerun_of", "recovered_from")
TABLES_OF_A_RUN = ("data", "gaussmeter", "measured_by")
"""Tables of ``run.toml`` that the run writes and no request contains."""


@dataclass(frozen=True, slots=True)
class OnBench:
    """Bench, plan, calibration and folder of runs; None takes the value from the files."""

    bench: Path = DEFAULT_BENCH
    plan: Path | None = DEFAULT_PLAN
    calibration: Path | None = None
    seed: int | None = None
    simulate: bool = False
    faults: tuple[str, ...] = ()
    speed: float | None = None
    runs: Path = Path("runs")
    draw: bool = False
    field_mt: float | None = None


class _Run(SeededRunOptions):
    """[run] of a request file, without the keys of its kind."""

    procedure: str
    bench_file: str | None = None
    plan_file: str | None = None
    simulate: bool = False


class _RequestFile(Section):
    run: _Run


@dataclass(frozen=True, slots=True)
class Request:
    """A run that is ready to start, with all files read and checked.

    ``seed`` is that of random draws, ``noise_seed`` that of the simulation. ``simulate`` replaces the instruments of
    the bench file by simulated ones. ``parent`` is the run that it resumes, ``rerun_of`` the one that it repeats.
    """

    kind: Kind[Any]
    plan: Section
    config: PlanConfig
    bench: BenchConfig
    bench_file: Path
    plan_file: Path | None
    calibration_file: Path | None = None
    calibration: Calibration | None = None
    data: DataSet | None = None
    seed: int = 0
    noise_seed: int = 0
    simulate: bool = False
    parent: HandedOver | None = None
    rerun_of: str | None = None

    @property
    def procedure(self) -> str:
        """Name of the kind."""
        return self.kind.name

    @property
    def watched(self) -> WatchedRun[Any]:
        """What a view needs to know before the first event."""
        times = Times.of(self.bench, self.config, self.calibration is not None)
        return WatchedRun(self.kind, self.plan, self.config, times)

    @property
    def files(self) -> dict[str, Any]:
        """Paths of its files, as keys of [run]."""
        plan = {"plan_file": str(self.plan_file.resolve())} if self.plan_file else {}
        calibration = {"calibration": str(self.calibration_file.resolve()) if self.calibration_file else None}
        uses_plan = self.kind.uses_plan
        return {"bench_file": str(self.bench_file.resolve()), **plan, **(calibration if uses_plan else {})}

    @property
    def asked(self) -> dict[str, Any]:
        """Tables of ``run.toml`` with the request, other than [run] and [bench]."""
        tables = self.kind.tables(self.plan)
        return {**tables, "plan": self.config.model_dump(mode="json")} if self.kind.uses_plan else tables


def prepare(kind: Kind[Any], asked: Section, on: OnBench, config: PlanConfig | None = None) -> Request:
    """Read and check a request. ``config`` replaces the plan file.

    Raises:
        RefusedError: something in it is not possible; the message names file, key or option, and remedy.
    """
    on = replace(on, bench=supplied_file(on.bench), plan=on.plan and supplied_file(on.plan))
    bench = with_field(read_requested_bench(on.bench, on.simulate, on.faults, on.speed), on.field_mt)
    if config is None:
        config = read_plan(on.plan) if on.plan else PlanConfig()
    return _request(kind, asked, on, bench, config, Path())


def prepare_file(path: Path, runs: Path) -> Request:
    """Read and check a request file in the format of ``run.toml``, with [bench] or the key ``run.bench_file``.

    Raises:
        RefusedError: something in it is not possible; the message names file, key and remedy.
    """
    content = read_toml(path)
    kind = _kind_asked(path, content)
    if "id" in content["run"] and path.name == REQUEST:
        return restored(path, content)
    own = kind.options_in_file(content)
    passed_over = set(own) - set(_Run.model_fields) | set(OF_A_RUN if _is_of_a_run(content) else ())
    values = {key: value for key, value in content["run"].items() if key not in passed_over}
    run, beside = section_of(path, {"run": values}, _RequestFile).run, path.parent
    on = OnBench(
        bench=path if "bench" in content else _beside(path, run.bench_file) if run.bench_file else DEFAULT_BENCH,
        plan=(_beside(path, run.plan_file) if run.plan_file else path) if kind.uses_plan else None,
        calibration=Path(run.calibration) if run.calibration else None,
        seed=run.seed,
        simulate=run.simulate,
        faults=run.faults,
        speed=run.speed,
        draw=run.draw,
        field_mt=run.field_mt,
        runs=runs,
    )
    if "plan" in content or not run.plan_file:
        config = plan_of(path, content.get("plan", {}))
    else:
        config = read_plan(_beside(path, run.plan_file))
    if "bench" in content:
        bench = with_faults(bench_of(path, content["bench"]), on.simulate, on.faults, on.speed)
        bench = checked_bench(path, bench, on.simulate)
    else:
        bench = read_requested_bench(on.bench, on.simulate, on.faults, on.speed)
    bench = with_field(bench, on.field_mt)
    return _request(kind, section_of(path, own, kind.options), on, bench, config, beside)


def _is_of_a_run(content: Mapping[str, Any]) -> bool:
    """Whether it is a copy of a ``run.toml``, which has more keys than a request."""
    return "software" in content["run"] or "id" in content["run"]


def _beside(path: Path, named: str) -> Path:
    """A file named in ``path``: in the same folder, or a supplied configuration."""
    beside = path.parent / named
    return beside if os.path.exists(beside) or (supplied := supplied_file(Path(named))) == Path(named) else supplied


def _kind_asked(path: Path, content: Mapping[str, Any]) -> Kind[Any]:
    """The kind that a file requests; a table that it does not use is refused."""
    run = content.get("run")
    name = run.get("procedure") if isinstance(run, dict) else None
    if not isinstance(run, dict) or not isinstance(name, str) or name not in KINDS:
        raise RefusedError(f"{path}: run.procedure is {name!r}. Write one of {', '.join(KINDS)}.")
    kind = KINDS[name]
    for table, value in content.items():
        known = ["run", "bench", kind.name, *["plan"] * kind.uses_plan]
        if table not in known and not (_is_of_a_run(content) and table in TABLES_OF_A_RUN):
            raise RefusedError(f"{path}: {table} is not a table for a {name}. Its tables are {', '.join(known)}.")
        if not isinstance(value, dict):
            raise RefusedError(f"{path}: {table} is {value!r}. Write a table, [{table}].")
    return kind


def restored(path: Path, content: Mapping[str, Any]) -> Request:
    """Return the request of a run from its ``run.toml``, with the same bench.

    Raises:
        RefusedError: a file is damaged, or the request is no longer possible.
    """
    run, kind = content.get("run", {}), kind_of(path.parent)
    simulate = bool(run.get("simulate", False))
    bench = checked_bench(path, bench_of(path, content.get("bench", {})), simulate)
    config = plan_of_run(path, content.get("plan", {}))
    calibration = Path(run["calibration"]) if run.get("calibration") else None
    seed = int(run.get("seed", 0))
    data = data_of_run(path.parent) if kind.needs_data_set else None
    request = Request(
        kind,
        kind.restore(path, content),
        config,
        bench,
        Path(run.get("bench_file", "")),
        Path(run["plan_file"]) if "plan_file" in run else None,
        calibration,
        read_calibration(calibration, bench, simulate) if calibration else None,
        data,
        seed,
        int(run.get("noise_seed", seed)),
        simulate,
    )
    around = RunEnvironment(
        bench,
        request.bench_file,
        config,
        request.plan_file or Path(),
        path.parent.parent.parent,
        request.calibration,
        calibration,
        read_data=(lambda: data) if data else None,
    )
    return _demanded(request, around)


def without_faults(request: Request) -> Request:
    """The same request without simulated faults."""
    bench = request.bench
    if bench.kind != "instruments":
        return request
    simulation = bench.simulation.model_copy(update={"faults": ()})
    return replace(request, bench=bench.model_copy(update={"simulation": simulation}))


def _request(
    kind: Kind[Any], asked: Section, on: OnBench, bench: BenchConfig, config: PlanConfig, beside: Path
) -> Request:
    seed = on.seed if on.seed is not None else (config.seed if kind.uses_plan_seed else 0)
    if on.draw:
        from mtjlab.experiment.twin_bench import drawn  # noqa: PLC0415  scipy: slow to import

        bench = drawn(bench, seed)
    config = kind.config_with(asked, config, bench)
    config = config.model_copy(update={"seed": seed}) if kind.uses_plan_seed else config
    around = RunEnvironment(
        bench, on.bench, config, on.plan or Path(), on.runs, folder=beside, simulate=on.simulate
    ).with_calibration(on.calibration)
    calibration, calibration_file = around.calibration, around.calibration_file
    plan = kind.resolve(asked, around)
    data = around.data() if kind.needs_data_set else None
    request = Request(
        kind, plan, config, bench, on.bench, on.plan, calibration_file, calibration, data, seed, seed, on.simulate
    )
    return _demanded(request, around)


def _demanded(request: Request, around: RunEnvironment) -> Request:
    if len(request.bench.chain_sizes) > 1 and not request.kind.runs_on_chains:
        able = ", ".join(name for name, kind in KINDS.items() if kind.runs_on_chains)
        raise RefusedError(
            f"{request.bench_file}: has {len(request.bench.chain_sizes)} chains in parallel, and {request.kind.name} "
            f"does not run on several chains. Nothing was started. Give the bench file of one chain, or one of {able}."
        )
    envelope = envelope_of(request.bench, request.bench_file)
    if request.calibration is not None:
        envelope = envelope.with_laws(request.calibration.laws)
    request.kind.demand(request.plan, request.config, envelope, around)
    return request
