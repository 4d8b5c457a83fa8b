"""The kind of run for pulses."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from mtjlab.bench import Bench
from mtjlab.config import InstrumentBenchConfig, PlanConfig
from mtjlab.envelope import Envelope
from mtjlab.errors import blamed_on
from mtjlab.events import Event, Pulsed
from mtjlab.procedures.curves import REFERENCE_LOOPS, reference_row_ua
from mtjlab.procedures.kind import Counter, Environment, Extent, Kind, Procedure, ProcedureContext, Reach, Run, Times
from mtjlab.procedures.pulse.events import PulsesMeasured
from mtjlab.procedures.pulse.plan import SLOW_WIDTHS_S, WIDTHS_S, PulseOptions, PulsePlan
from mtjlab.procedures.pulse.procedure import measured, pulse
from mtjlab.procedures.pulse.result import pulses_json
from mtjlab.procedures.pulse.state import PulseState
from mtjlab.procedures.reach import REFERENCE_KEYS, demand_reachable

if TYPE_CHECKING:
    from rich.console import Console

    from mtjlab.figures.named import NamedFigure
    from mtjlab.procedures.redetect import Redetection
    from mtjlab.schema import Table


class Pulse(Kind[PulsePlan]):
    """Measure the switching probability of each junction against amplitude and width of pulses."""

    name = "pulse"
    plan, options = PulsePlan, PulseOptions
    events: ClassVar[tuple[type[Event], ...]] = (PulsesMeasured,)
    hands_over: ClassVar[tuple[type[Event], ...]] = (Pulsed,)
    view_titles = ("Pulses",)
    judged: ClassVar[tuple[type[Event], ...]] = (Pulsed,)
    form = "pulses"

    def resolve(self, options: PulseOptions, environment: Environment) -> PulsePlan:
        """With the default widths of the bench if none are given."""
        is_slow = isinstance(environment.bench, InstrumentBenchConfig)
        widths_s = options.widths_s or (SLOW_WIDTHS_S if is_slow else WIDTHS_S)
        return PulsePlan(**{**dict(options), "widths_s": widths_s})

    def demand(self, plan: PulsePlan, config: PlanConfig, envelope: Envelope, environment: Environment) -> None:
        """Check the widths and the reference sweep; the amplitudes depend on the measured junctions."""
        for key, widths_s in (("widths_s", plan.widths_s), ("reset_s", (plan.reset_s,))):
            with blamed_on(key):
                envelope.limits.demand_width(min(widths_s))
        reference_ua = reference_row_ua(config, environment.bench.junctions)
        demand_reachable(
            Reach((reference_ua,), (0.0,), REFERENCE_KEYS), envelope, environment.bench, config, environment.calibration
        )

    def procedure(self, bench: Bench, context: ProcedureContext[PulsePlan]) -> Procedure[Any]:
        """Measure references, move to rest, then apply pulses."""
        yield from context.record_calibration(bench)
        known = context.calibration.refined if context.calibration else None
        return (yield from pulse(bench, context.config, context.plan, known, context.taken_over))

    def extent(self, plan: PulsePlan, config: PlanConfig, times: Times) -> Extent:
        """Pulses, not counting those of resets."""
        count = plan.probes * len(plan.widths_s)
        width_s = sum(plan.widths_s) / len(plan.widths_s)
        unit_s = times.pulse_s(width_s) + times.reset_pulse_s(plan.reset_s)
        return Extent("pulse", count, count, unit_s, times.references(REFERENCE_LOOPS))

    def counter(self, plan: PulsePlan, config: PlanConfig) -> Counter:
        """Count probing pulses."""
        return lambda event: int(isinstance(event, Pulsed) and event.purpose == "probe")

    def new_state(self) -> PulseState:
        """State with no outcomes yet."""
        return PulseState()

    def reevaluate(self, event: Event, redetection: "Redetection[PulsePlan]") -> Event:
        """Re-evaluate the states after pulses, and the results from them."""
        match event:
            case Pulsed():
                return replace(event, verdicts=redetection.judge.look(event.readings, event.verdicts).verdicts)
            case PulsesMeasured():
                assert isinstance(redetection.state.kind_state, PulseState)
                return measured(event.t_s, redetection.state.kind_state)
            case _:
                return event

    def result(self, run: Run[PulsePlan]) -> dict[str, Any]:
        """I50 with its intervals."""
        assert isinstance(run.kind_state, PulseState)
        return pulses_json(run.kind_state, run.state.safe)

    def show(self, result: dict[str, Any], figures: Sequence[Path], console: "Console") -> None:
        """Print I50 as a table."""
        from mtjlab.procedures.pulse.terminal import show_pulses

        show_pulses(result, figures, console)

    def figures(self, run: Run[PulsePlan]) -> Iterator["NamedFigure"]:
        """Figures of switching probability against current, and of I50 against width."""
        from mtjlab.procedures.pulse.figures import pulse_figures

        assert isinstance(run.kind_state, PulseState)
        return pulse_figures(run.kind_state)

    def export(self, run: Run[PulsePlan]) -> Iterable["Table"]:
        """Tables of I50, of counts at each current, and of every pulse."""
        from mtjlab.procedures.pulse.tables import pulse_tables

        return pulse_tables()
