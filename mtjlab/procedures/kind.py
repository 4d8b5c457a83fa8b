"""Base class of the kinds of runs, used by commands, forms, views, figures and exports.

Everything particular to a kind is in its own package; all other modules know only the mapping ``kinds.KINDS``.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Generic, NamedTuple

from mtjlab.calibration import Calibration
from mtjlab.config import BenchConfig, Network, PlanConfig, bench_of, plan_of_run, section_of
from mtjlab.config.section import Section
from mtjlab.domain import LinkStudy, PerJunction
from mtjlab.envelope import Envelope
from mtjlab.errors import RefusedError
from mtjlab.events import Event, JunctionsMeasured, RunStarted
from mtjlab.extent import Extent, ProgressMeter, Times
from mtjlab.procedures.environment import Environment
from mtjlab.procedures.reach import Reach, demand_reachable
from mtjlab.procedures.types import Plan, Procedure
from mtjlab.record import KindState, Record, fold
from mtjlab.requests import ReceivedRequest
from mtjlab.run_status import StatusReport
from mtjlab.vowels.data_set import DataSet

if TYPE_CHECKING:
    from rich.console import Console

    from mtjlab.bench import Bench
    from mtjlab.comparison import Panel
    from mtjlab.energy import Energy
    from mtjlab.figures.named import NamedFigure
    from mtjlab.procedures.redetect import Redetection
    from mtjlab.rack import MagneticField
    from mtjlab.schema import Table
    from mtjlab.terminal import View

Counter = Callable[[Event], int]
"""Returns how many units of the extent of a run an event completes; may have a state of its own."""


@dataclass(frozen=True, slots=True)
class ProcedureContext(Generic[Plan]):
    """Inputs of a procedure besides the bench.

    ``config`` is the plan file, ``bench`` the bench file. ``taken_over`` are events handed over by the resumed run,
    ``data`` is the data set to learn. ``requests`` returns the manual requests since its last call.
    ``study_link`` tells what is known from the traffic with instruments so far, of a kind that ``keeps_traffic``.
    """

    plan: Plan
    config: PlanConfig
    bench: BenchConfig
    calibration: Calibration | None = None
    taken_over: tuple[Event, ...] = ()
    magnet: "MagneticField | None" = None
    data: DataSet | None = None
    requests: Callable[[], Sequence[ReceivedRequest]] = tuple
    study_link: Callable[[], LinkStudy] = LinkStudy

    @property
    def calibrated(self) -> JunctionsMeasured | None:
        """References from the calibration, which need not be measured; None without one.

        Pulses need critical currents from all its curves: the spread tells by how much shorter pulses need more.
        """
        if self.calibration is None:
            return None
        return self.calibration.refined if self.config.presentation.is_pulsed else self.calibration.measured

    def record_calibration(self, bench: "Bench") -> Procedure[None]:
        """Yield the event that names the calibration, if one is used."""
        if self.calibration is not None:
            yield self.calibration.taken(bench.time_s)


class Run(Generic[Plan]):
    """A recorded run; its files are read once, on first access.

    ``path`` is its ``run.toml``; ``events`` reads its journal from the beginning.

    Every access raises RefusedError if the file is damaged.
    """

    def __init__(
        self,
        kind: "Kind[Plan]",
        path: Path,
        request: Callable[[], Mapping[str, Any]],
        events: Callable[[], Iterator[Event]],
        status_report: StatusReport,
    ) -> None:
        self.kind, self.path, self.status_report, self.events = kind, path, status_report, events
        self._request = request

    @cached_property
    def energy(self) -> "Energy":
        """Its energy; its journal is read for it once more."""
        from mtjlab.energy_meter import energy_of

        return energy_of(self.events(), self.leads_ohm)

    def figures(self) -> "list[NamedFigure]":
        """Figures for which there is data: those of its kind, then its energy."""
        from mtjlab.energy_meter import takes_energy
        from mtjlab.figures.energy import energy_figure
        from mtjlab.figures.named import NamedFigure

        figures = list(self.kind.figures(self))
        if any(map(takes_energy, self.events())):
            figures.append(NamedFigure("energy", lambda: energy_figure(self.energy)))
        return figures

    @cached_property
    def request(self) -> Mapping[str, Any]:
        """Content of its ``run.toml``."""
        return self._request()

    @property
    def folder(self) -> Path:
        """Its run folder."""
        return self.path.parent

    @cached_property
    def plan(self) -> Plan:
        """Plan of the run, as its kind stored it."""
        return self.kind.restore(self.path, self.request)

    @cached_property
    def config(self) -> PlanConfig:
        """The plan file."""
        return plan_of_run(self.path, self.request.get("plan", {}))

    @cached_property
    def bench(self) -> BenchConfig | None:
        """Its bench file; None where its request does not hold that."""
        with suppress(RefusedError):
            return bench_of(self.path, self.request.get("bench", {}))
        return None

    @property
    def leads_ohm(self) -> PerJunction:
        """Resistance in series with each junction by its bench file; empty where its request does not hold that."""
        return self.bench.leads_ohm if self.bench else ()

    @cached_property
    def state(self) -> Record:
        """Record of all its events."""
        return fold(self.events(), self.kind.tracked, self.kind.new_state())

    @property
    def kind_state(self) -> KindState | None:
        """State tracked by its kind."""
        return self.state.kind_state

    @property
    def unfinished(self) -> str:
        """Status and progress of an unfinished run, such as "stopped: 37 of 160 curves"; empty if finished."""
        return f"{self.status_report.status}: {self.so_far}" if self.so_far else ""

    @cached_property
    def so_far(self) -> str:
        """Progress of an unfinished run, such as "37 of 160 curves"; empty if it is finished or has no first event."""
        if self.status_report.status == "finished" or self.started is None:
            return ""
        bench = self.started.bench
        try:
            times = Times(bench.junctions, 0.0, bench.aperture_s, self.config)
            meter = self.kind.meter(self.plan, self.config, times)
        except RefusedError:  # its run.toml does not define its extent
            return ""
        for event in self.events():
            meter.take(event)
        return str(meter)

    @cached_property
    def started(self) -> RunStarted | None:
        """Its first event; None if it is not written yet, or lost."""
        first = next(self.events(), None)
        return first if isinstance(first, RunStarted) else None


class Answer(NamedTuple):
    """Answer of an engine to the manual requests up to a number: granted or refused, with a sentence."""

    number: int
    is_granted: bool
    sentence: str


class Outlook(NamedTuple):
    """What is expected of a run before it starts: a sentence, and the same as keys of its ``--json``."""

    sentence: str
    as_json: Mapping[str, Any]


class Kind(ABC, Generic[Plan]):
    """Base class of the kinds of runs. Methods import slow modules themselves, so that they load only when needed.

    ``name`` identifies the kind in run folders, commands and files and never changes. ``plan`` is the complete plan, as
    stored in ``run.toml``; ``options`` the same as entered by a person (options, form, request file), with more values
    optional. ``form`` is the title in the window's measurement form; empty if the form does not offer the kind. A
    resumed run takes over the events of the types ``hands_over``; if there are none, a run of the kind is repeated, not
    resumed. ``tracked`` are the types of which results, figures and resumed runs need every event; of other types the
    last event is enough. ``view_titles`` are the titles of the views that show data of the kind. ``judged`` are the
    event types whose verdicts can be re-evaluated with other detector settings. ``gives_way``: the run only holds the
    bench and gives way to any other run.
    """

    name: ClassVar[str]
    plan: type[Plan]
    options: type[Section]
    events: ClassVar[tuple[type[Event], ...]] = ()
    hands_over: ClassVar[tuple[type[Event], ...]] = ()
    tracked: ClassVar[tuple[type[Event], ...]] = ()
    view_titles: ClassVar[tuple[str, ...]] = ()
    judged: ClassVar[tuple[type[Event], ...]] = ()
    form: ClassVar[str] = ""
    plan_name: ClassVar[str] = ""
    """Name of the plan in its journals, if it does not use a plan file."""
    uses_plan_seed: ClassVar[bool] = False
    """Whether the default seed is that of the plan file; otherwise 0."""
    gives_way: ClassVar[bool] = False
    keeps_traffic: ClassVar[bool] = False
    """Whether all that is said to instruments goes into a file of the run folder."""
    confirmations: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    """Questions to the operator, by the key of the options that is true after a yes to all of them."""
    measures_curves: ClassVar[bool] = False
    """Whether it sweeps after the references are known: needed to read journals of older versions."""
    has_lines: ClassVar[bool] = False
    """Whether its view prints lines when the output is not a terminal."""
    has_figures: ClassVar[bool] = True
    """Whether figures are drawn at the end of a run."""
    uses_plan: ClassVar[bool] = True
    """Whether it uses a plan file and a calibration."""
    loads: ClassVar[tuple[str, ...]] = ()
    """Modules that its procedure imports when it starts: an engine does so before it connects to a bench."""
    plan_tables: ClassVar[tuple[str, ...]] = ("sweep", "detector", "presentation")
    """Tables of the plan file that it uses; empty for all."""
    runs_on_chains: ClassVar[bool] = False
    """Whether it runs on several chains in parallel."""
    needs_data_set: ClassVar[bool] = False
    """Whether its runs need the data set named in the plan file."""

    @property
    def summary(self) -> str:
        """One-line description of the kind."""
        return (type(self).__doc__ or "").strip().partition("\n")[0]

    # request

    def config_with(self, options: Any, config: PlanConfig, bench: BenchConfig) -> PlanConfig:
        """Plan file with the changes in ``options``."""
        return config

    @abstractmethod
    def resolve(self, options: Any, environment: Environment) -> Plan:
        """Return the complete plan: ``options`` with defaults filled in and the files it names read.

        Raises:
            RefusedError: the request is not possible; the message names option or key, and what to do.
        """

    def tables(self, plan: Plan) -> dict[str, Any]:
        """Tables of ``run.toml`` that store ``plan``, by name; keys of [run] under ``run``."""
        return {self.name: plan.model_dump(mode="json")}

    def restore(self, path: Path, content: Mapping[str, Any]) -> Plan:
        """Read the plan from the content of a ``run.toml``.

        Raises:
            RefusedError: it is damaged; the message names file and key.
        """
        return section_of(path, content.get(self.name, {}), self.plan)

    def options_of_run(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Values of the form from ``request``, the ``run.toml`` of a run."""
        return dict(request.get(self.name, {}))

    def options_in_file(self, content: Mapping[str, Any]) -> dict[str, Any]:
        """Values of ``options`` from a request file, which has the form of a ``run.toml``."""
        return dict(content.get(self.name, {}))

    def reach(self, plan: Plan) -> Reach | None:
        """Currents that a run will apply, as far as known beforehand; None if there is nothing to check."""
        return None

    def demand(self, plan: Plan, config: PlanConfig, envelope: Envelope, environment: Environment) -> None:
        """Check ``plan`` against the limits; without a calibration, also the reference sweep before it.

        Raises:
            RefusedError: a limit would be exceeded; the message names the junction and its current.
        """
        if (reach := self.reach(plan)) is not None:
            demand_reachable(reach, envelope, environment.bench, config, environment.calibration)

    def demand_options(self, options: Any, envelope: Envelope, environment: Environment) -> None:
        """Check ``options`` as far as that is quick: it is done while they are entered.

        Raises:
            RefusedError: they are not possible; its ``keys`` are those to blame.
        """
        config = self.config_with(options, environment.config, environment.bench)
        self.demand(self.resolve(options, environment), config, envelope, environment)

    # execution

    @abstractmethod
    def procedure(self, bench: "Bench", context: ProcedureContext[Plan]) -> Procedure[Any]:
        """Generator of its events, on a bench that is connected, all currents at zero."""

    @abstractmethod
    def extent(self, plan: Plan, config: PlanConfig, times: Times) -> Extent:
        """Size of the run."""

    def estimated(self, options: Any, environment: Environment) -> Extent:
        """Size of the run for options that are still being entered.

        Raises:
            RefusedError: the request is not possible.
        """
        config = self.config_with(options, environment.config, environment.bench)
        times = Times.of(environment.bench, config, environment.calibration is not None)
        return self.extent(self.resolve(options, environment), config, times)

    def outlook(self, plan: Plan, config: PlanConfig, junctions: int, data: DataSet | None) -> Outlook | None:
        """What limits the result, as far as that is quickly known before the start; None if nothing is."""
        return None

    @abstractmethod
    def counter(self, plan: Plan, config: PlanConfig) -> Counter:
        """Counter of the units of its extent."""

    # results

    def new_state(self) -> KindState | None:
        """Empty state that takes in the events of this kind; None if the kind needs none."""
        return None

    def completes(self, event: Event, kind_state: KindState | None) -> bool:
        """Whether ``event``, the latest in ``kind_state``, completes a part that a resumed run need not repeat."""
        return isinstance(event, self.hands_over)

    def answer(self, event: Event) -> Answer | None:
        """Answer to manual requests given by ``event``; None if it is no answer."""
        return None

    def steps_done(self, kind_state: KindState | None) -> int | None:
        """Number of complete training steps; None if the kind does not train."""
        return None

    def reevaluate(self, event: Event, redetection: "Redetection[Plan]") -> Event | None:
        """Re-evaluate an event of this kind with other detector settings; None if the readings it needs are lost."""
        return event

    def save(self, folder: Path, run: "EndedRun[Plan]") -> None:
        """Write result files for use outside the run, such as a network or a calibration, at its end."""

    @abstractmethod
    def result(self, run: Run[Plan]) -> dict[str, Any]:
        """Result particular to the kind, as printed by ``--json``."""

    @abstractmethod
    def show(self, result: dict[str, Any], figures: Sequence[Path], console: "Console") -> None:
        """Print the result of a run and the folder of its figures."""

    def reports_fault(self, result: dict[str, Any]) -> bool:
        """Whether a finished run found a fault, such as a wiring mistake."""
        return False

    def meter(self, plan: Plan, config: PlanConfig, times: Times) -> ProgressMeter:
        """Progress meter for a run, from its first event on."""
        return ProgressMeter(self.extent(plan, config, times), self.counter(plan, config))

    def view(self, watched: "WatchedRun[Plan]", console: "Console", shown: bool) -> "View":
        """Terminal view of a run in progress."""
        from mtjlab.terminal import ProgressView

        return ProgressView(watched.meter, console, shown)

    def network(self, run: Run[Plan]) -> Network | None:
        """Network learnt by a run; None if there is none."""
        return None

    def panels(self, runs: Sequence[Run[Plan]]) -> Iterable["Panel"]:
        """Plots that show several runs of the kind beside each other; what has none is compared by its numbers."""
        return ()

    def figures(self, run: Run[Plan]) -> Iterator["NamedFigure"]:
        """Figures for which there is data. Those that an operator looks at first are key figures."""
        return iter(())

    def export(self, run: Run[Plan]) -> Iterable["Table"]:
        """Tables particular to the kind, besides those common to all runs; they are filled event by event."""
        return ()


@dataclass(frozen=True, slots=True)
class WatchedRun(Generic[Plan]):
    """Request of a run that is shown in a terminal."""

    kind: Kind[Plan]
    plan: Plan
    config: PlanConfig
    times: Times

    @property
    def meter(self) -> ProgressMeter:
        """Progress meter of the run."""
        return self.kind.meter(self.plan, self.config, self.times)


@dataclass(frozen=True, slots=True)
class EndedRun(Generic[Plan]):
    """Plan and final record of a run that has just ended, so that its journal need not be read again."""

    plan: Plan
    bench: BenchConfig
    state: Record


__all__ = [
    "Counter",
    "EndedRun",
    "Environment",
    "Extent",
    "Kind",
    "KindState",
    "Outlook",
    "Plan",
    "Procedure",
    "ProcedureContext",
    "Reach",
    "Run",
    "Times",
    "WatchedRun",
]
