"""Carry out any kind of run from a notebook: on an open bench, or into a run folder."""

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

from mtjlab import experiment
from mtjlab.config import PlanConfig, section_of
from mtjlab.errors import BenchFaultError, RefusedError
from mtjlab.events import Event
from mtjlab.experiment.request import OnBench, Request
from mtjlab.notebook.pictures import Pictures
from mtjlab.notebook.runs import Run
from mtjlab.notebook.session import OpenBench, demand_shorted
from mtjlab.procedures.kind import Kind
from mtjlab.procedures.kinds import KINDS
from mtjlab.supplied_configs import supplied_file

Named: TypeAlias = str | Path
Plan: TypeAlias = Named | PlanConfig


def run(
    kind: str,
    bench: Named | OpenBench = experiment.DEFAULT_BENCH,
    plan: Plan | None = None,
    *,
    calibration: Named | None = None,
    seed: int | None = None,
    runs: Named = "runs",
    show: str | None = None,
    **asked: Any,
) -> Run:
    """Carry out a run of ``kind`` into a folder of its own under ``runs``, as its command does.

    An open bench is closed for the run, and connected again when it is next used. ``show`` names a figure that is
    redrawn meanwhile, such as ``"overview"``. ``asked`` are keys of the request of the kind.

    Raises:
        RefusedError: the request is not possible. Nothing was started.
        BenchFaultError: the run failed; its folder holds all measured data.
        KeyboardInterrupt: the run was interrupted at a safe point; its folder holds all measured data.
    """
    on = bench.on if isinstance(bench, OpenBench) else OnBench(bench=supplied_file(Path(bench)), seed=seed)
    request = _request(kind, on, plan, calibration, seed, asked, Path(runs))
    if isinstance(bench, OpenBench):
        bench.close()
    else:
        demand_shorted(on, request.bench, confirmed=False)
    viewers = [Pictures(show, Path(runs)).see] if show else []
    done = experiment.execute(request, Path(runs), viewers)
    sentence = f"{done.status_report.sentence.removesuffix('.')}."
    if done.ended.status == "failed":
        raise BenchFaultError(f"{sentence} {done.folder} holds all measured data.")
    if done.ended.status == "stopped" and threading.current_thread() is threading.main_thread():
        raise KeyboardInterrupt(f"{sentence} {done.folder} holds all measured data.")
    return Run(done.folder)


def events_of(kind: str) -> Callable[..., Iterator[Event]]:
    """Return the function that carries out a kind of run on an open bench and yields its events; no file is written."""

    def carried_out(
        bench: OpenBench,
        plan: Plan | None = None,
        *,
        calibration: Named | None = None,
        seed: int | None = None,
        **asked: Any,
    ) -> Iterator[Event]:
        if not isinstance(bench, OpenBench):
            raise RefusedError(f"mtjlab.{kind}: give a bench that is open: `with mtjlab.open_bench(FILE) as bench:`.")
        return bench.events(_request(kind, bench.on, plan, calibration, seed, asked, Path("runs")))

    carried_out.__name__ = carried_out.__qualname__ = kind
    carried_out.__doc__ = f"{KINDS[kind].summary}\n\nYields events as they happen; no file is written."
    return carried_out


def _request(
    name: str,
    on: OnBench,
    plan: Plan | None,
    calibration: Named | None,
    seed: int | None,
    asked: Mapping[str, Any],
    runs: Path,
) -> Request:
    if name not in KINDS:
        raise RefusedError(f"{name!r} is not a kind of run. The kinds are {', '.join(KINDS)}.")
    kind: Kind[Any] = KINDS[name]
    config, file = (plan, None) if isinstance(plan, PlanConfig) else (None, Path(plan or experiment.DEFAULT_PLAN))
    on = replace(
        on,
        plan=file if kind.uses_plan else None,
        calibration=None if calibration is None else Path(calibration),
        seed=on.seed if seed is None else seed,
        runs=runs,
    )
    return experiment.prepare(kind, section_of(Path(f"mtjlab.{name}"), _plain(asked), kind.options), on, config)


def _plain(value: Any) -> Any:
    """Arrays and tuples as lists, as a file has them."""
    if hasattr(value, "tolist"):
        return value.tolist()
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, tuple | list) else value
