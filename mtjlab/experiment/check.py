"""A check of the wiring: bench file -> bench and procedure."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from mtjlab.benches import envelope_of
from mtjlab.config import BenchConfig, InstrumentBenchConfig
from mtjlab.config.bench import RESET_SHARE
from mtjlab.diagnosis import Expected
from mtjlab.errors import LimitExceededError, RefusedError
from mtjlab.experiment.bench_file import read_asked_bench
from mtjlab.experiment.engine import Order, RunResult, execute
from mtjlab.experiment.results import of_any_run
from mtjlab.procedures.check import CheckPlan, check
from mtjlab.provenance import ROOT
from mtjlab.reading import read_events
from mtjlab.run_state import fold
from mtjlab.runner import Viewer


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """What a person asks for."""

    bench: Path = ROOT / "configs" / "simulated.toml"
    seed: int = 0
    simulate: bool = False
    faults: tuple[str, ...] = ()
    speed: float | None = None


@dataclass(frozen=True, slots=True)
class PreparedCheck:
    """A check that could start."""

    request: CheckRequest
    bench: BenchConfig
    plan: CheckPlan
    rerun_of: str | None = None


def prepare_check(request: CheckRequest) -> PreparedCheck:
    """Read and check all of ``request``.

    Raises:
        RefusedError: something in it cannot be done; the message names file, key and remedy.
    """
    return prepared_check(request, read_asked_bench(request.bench, request.simulate, request.faults, request.speed))


def prepared_check(request: CheckRequest, bench: BenchConfig) -> PreparedCheck:
    """A check of ``bench``. Raises RefusedError for limits that do not allow the few uA it needs."""
    plan = check_plan(bench)
    _demand_inside_limits(request.bench, bench, plan)
    return PreparedCheck(request, bench, plan)


def check_plan(bench: BenchConfig) -> CheckPlan:
    """How the wiring of ``bench`` is checked, and what it should be like."""
    every, device = range(bench.junctions), bench.device
    parallel_ohm, antiparallel_ohm = (
        device.resistance_parallel_ohm * (1 + tmr / 100) for tmr in (0, device.tmr_percent)
    )
    instruments = bench if isinstance(bench, InstrumentBenchConfig) else None
    leads_ohm = [instruments.wiring.lead_ohm(j) if instruments else 0.0 for j in every]
    return CheckPlan(
        Expected(
            to_ground=instruments is not None and instruments.wiring.voltmeters == "to-ground",
            parallel_ohm=tuple(parallel_ohm + lead for lead in leads_ohm),
            antiparallel_ohm=tuple(antiparallel_ohm + lead for lead in leads_ohm),
            reset_mv=(RESET_SHARE * bench.limits.junction_voltage_refuse_mv,) * bench.junctions,
            settle_s=bench.timing.settle_s,
            ranges_mv=tuple(instruments.voltmeters[label].range_mv for label in instruments.labels)
            if instruments
            else None,
            compliances_mv=tuple(instruments.compliance_mv(label) for label in instruments.labels)
            if instruments
            else None,
            source_meters=frozenset(
                k
                for k, label in enumerate(instruments.labels if instruments else ())
                if instruments and instruments.sources[label].address == instruments.voltmeters[label].address
            ),
        )
    )


def _demand_inside_limits(file: Path, bench: BenchConfig, plan: CheckPlan) -> None:
    """Refuse limits that do not allow the few uA of a check."""
    envelope, zero_ua = envelope_of(bench), (0.0,) * bench.junctions
    for current_ua in (plan.expected.probe_ua, -plan.expected.probe_ua):
        try:
            envelope.plan(zero_ua, (current_ua,) * bench.junctions)
        except LimitExceededError as error:
            raise RefusedError(f"{file}: [limits] do not allow a check of the wiring: {error}") from error


def run_check(prepared: PreparedCheck, runs: Path, viewers: Sequence[Viewer] = ()) -> RunResult:
    """Check into a new run folder under ``runs``; ``viewers`` see each event after it is journalled.

    Raises:
        RefusedError: the run folder cannot be made; nothing was started.
    """
    request, plan = prepared.request, prepared.plan
    order = Order(
        procedure="check",
        bench=prepared.bench,
        seed=request.seed,
        plan="wiring",
        data="",
        begin=lambda bench, _field, _folder: check(bench, plan),
        files={"bench_file": str(request.bench.resolve())},
        asked={"check": {"probe_ua": plan.expected.probe_ua, "samples": plan.samples, "hold_s": plan.hold_s}},
        simulate=request.simulate,
        noise_seed=request.seed,
        rerun_of=prepared.rerun_of,
    )
    return execute(order, runs, viewers)


def check_summary(folder: Path) -> dict[str, Any]:
    """The result of a check in plain words and numbers, as ``--json`` prints it.

    Raises:
        RefusedError: ``folder`` is no run folder, or its journal is damaged.
    """
    state = fold(read_events(folder))
    checked = state.checked
    return {
        **of_any_run(folder, state),
        "safe": state.safe,
        "mistakes": len(checked.mistakes) if checked else None,
        "findings": [{"role": one.role, **asdict(one)} for one in checked.findings] if checked else [],
        "explanations": [asdict(one) for one in checked.explanations] if checked else [],
        "quick_look": checked.quick_look if checked else "",
        "matrix_ohm": [list(row) for row in checked.matrix_ohm] if checked else None,
        "probe_ua": checked.probe_ua if checked else None,
    }
