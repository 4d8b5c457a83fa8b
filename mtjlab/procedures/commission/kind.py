"""The kind of run for the first day of a rack."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from mtjlab.bench import Bench
from mtjlab.config import InstrumentBenchConfig, PlanConfig, read_bench
from mtjlab.envelope import Envelope
from mtjlab.errors import LimitExceededError, RefusedError
from mtjlab.events import Event
from mtjlab.extent import Preparation
from mtjlab.procedures.commission.events import Commissioned, MetersSampled, SourceStepped
from mtjlab.procedures.commission.plan import STEPS, CommissionOptions, CommissionPlan
from mtjlab.procedures.commission.result import commissioned_json, report_lines
from mtjlab.procedures.kind import (
    Counter,
    EndedRun,
    Environment,
    Extent,
    Kind,
    Procedure,
    ProcedureContext,
    Run,
    Times,
)
from mtjlab.text import normalised
from mtjlab.whole_files import put

if TYPE_CHECKING:
    from rich.console import Console

    from mtjlab.figures.named import NamedFigure
    from mtjlab.schema import Table

REPORT = "commissioning.txt"
BENCH_FILE = "bench.toml"


class Commission(Kind[CommissionPlan]):
    """Try every instrument on its first day: link, noise, settling; write a bench file with what was measured.

    Connect with the chain shorted and all sources at zero, then open the short: --confirm-opened says so. No junction
    carries more than 10 uA. All that is said to instruments is kept in traffic.jsonl of the run folder.
    """

    name = "commission"
    plan, options = CommissionPlan, CommissionOptions
    events: ClassVar[tuple[type[Event], ...]] = (MetersSampled, SourceStepped, Commissioned)
    tracked: ClassVar[tuple[type[Event], ...]] = (SourceStepped,)
    form = "first day"
    plan_tables = ("detector",)
    keeps_traffic = True
    confirmations: ClassVar[Mapping[str, tuple[str, ...]]] = {"confirm_opened": STEPS}
    loads = ("mtjlab.procedures.commission.procedure", "mtjlab.benches.traffic")

    def options_of_run(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """The operator gives the word for each run anew."""
        return {}

    def resolve(self, options: CommissionOptions, environment: Environment) -> CommissionPlan:
        """Return the plan; refused without instruments, without the word of the operator, or over an old file."""
        if not isinstance(environment.bench, InstrumentBenchConfig):
            raise RefusedError(
                f"{environment.bench_file}: has no instruments: the junctions are simulated in process. Give a bench "
                "file of kind 'instruments'."
            )
        if not options.confirm_opened:
            raise RefusedError(
                "The chain is to be shorted while it is connected, with all sources at zero, and opened before "
                "instruments are tried. Nothing was connected. Do so, then give --confirm-opened.",
                keys=("confirm_opened",),
            )
        out = environment.path(options.out)
        if os.path.exists(out):
            raise RefusedError(f"{out}: exists, and is not overwritten. Name another file with --out.", keys=("out",))
        if not os.path.isdir(out.parent):
            raise RefusedError(f"{out}: its folder does not exist. Make it, or name another with --out.", keys=("out",))
        return CommissionPlan(out=str(out.resolve()), bench_file=str(environment.bench_file.resolve()))

    def demand(self, plan: CommissionPlan, config: PlanConfig, envelope: Envelope, environment: Environment) -> None:
        """Check that the limits allow the probe current."""
        zero_ua = (0.0,) * envelope.junctions
        try:
            envelope.plan(zero_ua, (plan.probe_ua,) * envelope.junctions)
        except LimitExceededError as error:
            raise RefusedError(f"{environment.bench_file}: [limits] do not allow a few uA: {error}") from error

    def procedure(self, bench: Bench, context: ProcedureContext[CommissionPlan]) -> Procedure[Any]:
        """Try the voltmeters, then the sources in turn."""
        from mtjlab.procedures.commission.procedure import commission

        return commission(bench, context)

    def extent(self, plan: CommissionPlan, config: PlanConfig, times: Times) -> Extent:
        """Steps of all sources."""
        count = times.junctions * plan.steps
        step_s = 2 * plan.hold_s + plan.step_samples * times.aperture_s * plan.step_nplc
        samples = plan.samples * (1 + sum(plan.nplcs)) + 2 * times.junctions * sum((7, 31))
        return Extent("step", count, count, step_s, Preparation(samples * times.aperture_s))

    def counter(self, plan: CommissionPlan, config: PlanConfig) -> Counter:
        """Count steps."""
        return lambda event: int(isinstance(event, SourceStepped))

    def save(self, folder: Path, run: EndedRun[CommissionPlan]) -> None:
        """Write the new bench file, in the run folder too, and the report."""
        done, started = run.state.last(Commissioned), run.state.started
        if done is None or started is None or not isinstance(run.bench, InstrumentBenchConfig):
            return
        from mtjlab.procedures.commission.bench_file import commissioned_text

        old = normalised(Path(run.plan.bench_file).read_bytes()).decode("utf-8")
        content = commissioned_text(old, run.bench, done, started.run).encode()
        lines = [f"{started.bench.name}, run {started.run}, {started.software}", "", *report_lines(done)]
        put(folder / REPORT, ("\n".join(lines) + "\n").encode())
        put(folder / BENCH_FILE, content)
        read_bench(folder / BENCH_FILE)
        if not os.path.exists(run.plan.out):  # where it is repeated, the first one stays
            put(Path(run.plan.out), content)

    def result(self, run: Run[CommissionPlan]) -> dict[str, Any]:
        """Differences and what was measured."""
        return commissioned_json(run.state.last(Commissioned), run.state.safe, run.plan.out)

    def show(self, result: dict[str, Any], figures: Sequence[Path], console: "Console") -> None:
        """Print what was measured and what differs."""
        from mtjlab.procedures.commission.terminal import show_commissioned

        show_commissioned(result, figures, console)

    def figures(self, run: Run[CommissionPlan]) -> Iterator["NamedFigure"]:
        """Noise of voltmeters and steps of sources."""
        from mtjlab.procedures.commission.figures import commission_figures

        return commission_figures(run.state.last(Commissioned), run.state.each(SourceStepped))

    def export(self, run: Run[CommissionPlan]) -> Iterable["Table"]:
        """Table of differences."""
        from mtjlab.procedures.commission.tables import commission_tables

        return commission_tables()
