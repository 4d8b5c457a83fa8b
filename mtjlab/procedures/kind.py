"""What a kind of run is: the one description that commands, forms, views, figures and exports go by.

All that is particular to a kind stands in its room; everything else knows only the list ``kinds.KINDS``.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Generic, NamedTuple, Protocol

from mtjlab.calibration import Calibration
from mtjlab.config import BenchConfig, Network, PlanConfig, plan_of, section_of
from mtjlab.config.section import Section
from mtjlab.envelope import Envelope
from mtjlab.errors import RefusedError
from mtjlab.events import Event, JunctionsMeasured, RunStarted, SeriesMeasured
from mtjlab.extent import Extent, ProgressMeter, Times
from mtjlab.procedures.reach import Reach, demand_reachable
from mtjlab.procedures.types import Plan, Procedure
from mtjlab.record import KindState, Record, fold
from mtjlab.requests import ReceivedRequest
from mtjlab.run_status import StatusReport
from mtjlab.vowels.data_set import DataSet

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from rich.console import Console

    from mtjlab.bench import Bench
    from mtjlab.comparison import Panel
    from mtjlab.procedures.redetect import Redetection
    from mtjlab.rack import MagneticField
    from mtjlab.schema import Table
    from mtjlab.terminal import View

Counter = Callable[[Event], int]
"""Says how many units of the extent of a run an event completes; remembers what it needs to."""


class Environment(Protocol):
    """What stands around a request: the bench, the plan file, and runs and files that it may name."""

    @property
    def bench(self) -> BenchConfig:
        """The bench."""

    @property
    def bench_file(self) -> Path:
        """Its file."""

    @property
    def config(self) -> PlanConfig:
        """The plan file."""

    @property
    def plan_file(self) -> Path:
        """Where that is."""

    @property
    def calibration(self) -> Calibration | None:
        """References and critical currents of an earlier measurement."""

    @property
    def calibration_file(self) -> Path | None:
        """Where those are."""

    def path(self, named: str) -> Path:
        """A file that was named relative to where the request was made."""

    def run(self, named: str) -> Path:
        """The folder of a run, named by its folder, its id, or ``last``. Raises RefusedError."""

    def file_or_run(self, named: str) -> Path:
        """The same, or a file. Raises RefusedError."""

    def events(self, folder: Path) -> Iterator[Event]:
        """Events of a run. Raises RefusedError."""

    def network(self, source: Path) -> Network:
        """The network in a file, or what the run in a folder has learnt. Raises RefusedError."""

    def data(self) -> DataSet:
        """What the plan file wants to be learnt. Raises RefusedError."""


@dataclass(frozen=True, slots=True)
class ProcedureContext(Generic[Plan]):
    """What a procedure gets beside the bench that it works on.

    ``config`` is the plan file, ``bench`` the bench file. ``taken_over`` are the events that a run which is
    resumed hands over, ``data`` is what is to be learnt. ``requests`` gives what was asked of the run since it was
    called the last time.
    """

    plan: Plan
    config: PlanConfig
    bench: BenchConfig
    calibration: Calibration | None = None
    taken_over: tuple[Event, ...] = ()
    magnet: "MagneticField | None" = None
    data: DataSet | None = None
    requests: Callable[[], Sequence[ReceivedRequest]] = tuple

    @property
    def calibrated(self) -> JunctionsMeasured | None:
        """References that need not be measured; None without a calibration."""
        return self.calibration.measured if self.calibration else None

    def take_calibration(self, bench: "Bench") -> Procedure[None]:
        """Say which calibration is used, if one is."""
        if self.calibration is not None:
            yield self.calibration.taken(bench.time_s)


class Run(Generic[Plan]):
    """A run as its folder holds it; what is read of it is read once, when it is asked for.

    ``path`` is its ``run.toml``, and ``events`` reads its journal from the beginning.

    Everything that is read raises RefusedError where it is damaged.
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
    def request(self) -> Mapping[str, Any]:
        """What its ``run.toml`` says."""
        return self._request()

    @property
    def folder(self) -> Path:
        """Its folder."""
        return self.path.parent

    @cached_property
    def plan(self) -> Plan:
        """What was asked of its kind."""
        return self.kind.restore(self.path, self.request)

    @cached_property
    def config(self) -> PlanConfig:
        """The plan file."""
        return plan_of(self.path, self.request.get("plan", {}))

    @cached_property
    def state(self) -> Record:
        """All that happened in it, folded."""
        return fold(self.events(), self.kind.tracked, self.kind.new_state())

    @property
    def kind_state(self) -> KindState | None:
        """What its kind keeps of it."""
        return self.state.kind_state

    @property
    def unfinished(self) -> str:
        """How a run stands that is not finished, and how far it came, as "stopped: 37 of 160 curves"; or empty."""
        return f"{self.status_report.status}: {self.so_far}" if self.so_far else ""

    @cached_property
    def so_far(self) -> str:
        """How far a run came that is not finished, such as "37 of 160 curves"; empty if it is, or nothing tells."""
        if self.status_report.status == "finished" or self.started is None:
            return ""
        bench = self.started.bench
        try:
            times = Times(bench.junctions, 0.0, bench.aperture_s, self.config)
            meter = self.kind.meter(self.plan, self.config, times)
        except RefusedError:  # its run.toml does not tell how much it was to be
            return ""
        for event in self.events():
            meter.take(event)
        return str(meter)

    @cached_property
    def started(self) -> RunStarted | None:
        """Its first event; None before there is one, or where it is lost."""
        first = next(self.events(), None)
        return first if isinstance(first, RunStarted) else None


class Answer(NamedTuple):
    """The answer of an engine to the manual requests up to a number: whether it grants them, in words."""

    number: int
    is_granted: bool
    sentence: str


class Kind(ABC, Generic[Plan]):
    """Base class of the kinds of runs. Methods import slow modules themselves, so that they load only when needed.

    ``name`` identifies the kind in run folders, commands and files and never changes. ``plan`` is the complete plan, as
    stored in ``run.toml``; ``options`` the same as entered by a person (options, form, request file), with more values
    optional. ``form`` is the title in the window's measurement form, empty if the form does not offer the kind. A
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
    """What its runs call their plan, where that is not a plan file."""
    uses_plan_seed: ClassVar[bool] = False
    """Whether the seed that is not asked for is that of the plan file; or else 0."""
    gives_way: ClassVar[bool] = False
    measures_curves: ClassVar[bool] = False
    """Whether it sweeps again once references are known: journals of older versions do not say what points are for."""
    has_lines: ClassVar[bool] = False
    """Whether its view prints lines where there is no terminal."""
    has_figures: ClassVar[bool] = True
    """Whether figures are drawn at the end of a run."""
    uses_plan: ClassVar[bool] = True
    """Whether a plan file and a calibration count for it."""
    plan_tables: ClassVar[tuple[str, ...]] = ("sweep", "detector", "presentation")
    """Tables of the plan file that count; empty for all."""
    needs_data_set: ClassVar[bool] = False
    """Whether its runs need the data set that the plan file names."""

    @property
    def summary(self) -> str:
        """What it does, in one line."""
        return (type(self).__doc__ or "").strip().partition("\n")[0]

    # what is asked

    def config_with(self, options: Any, config: PlanConfig) -> PlanConfig:
        """The plan file as ``options`` changes it."""
        return config

    @abstractmethod
    def resolve(self, options: Any, environment: Environment) -> Plan:
        """``options`` with everything filled in that was left out, and files read that it names.

        Raises:
            RefusedError: something in it cannot be done; the message names option or key, and remedy.
        """

    def tables(self, plan: Plan) -> dict[str, Any]:
        """What ``run.toml`` says of ``plan``: tables by their names; keys of [run] under ``run``."""
        return {self.name: plan.model_dump(mode="json")}

    def restore(self, path: Path, content: Mapping[str, Any]) -> Plan:
        """The plan in a ``run.toml``.

        Raises:
            RefusedError: it is damaged; the message names file and key.
        """
        return section_of(path, content.get(self.name, {}), self.plan)

    def options_of_run(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """What its form holds of a run, by ``request``, its ``run.toml``."""
        return dict(request.get(self.name, {}))

    def options_in_file(self, content: Mapping[str, Any]) -> dict[str, Any]:
        """What a file in the form of ``run.toml`` asks, as ``options`` has it."""
        return dict(content.get(self.name, {}))

    def reach(self, plan: Plan) -> Reach | None:
        """What its runs will apply, as far as it is known beforehand; None for nothing that a limit may refuse."""
        return None

    def demand(self, plan: Plan, config: PlanConfig, envelope: Envelope, environment: Environment) -> None:
        """Make sure that the limits allow ``plan``; without a calibration also the reference sweep before it.

        Raises:
            RefusedError: they do not; the message says what which junction would carry.
        """
        if (reach := self.reach(plan)) is not None:
            demand_reachable(reach, envelope, environment.bench, config, environment.calibration)

    # what is done

    @abstractmethod
    def procedure(self, bench: "Bench", context: ProcedureContext[Plan]) -> Procedure[Any]:
        """The generator of its events, on a bench that is connected and stands at zero."""

    @abstractmethod
    def extent(self, plan: Plan, config: PlanConfig, times: Times) -> Extent:
        """How much it is."""

    def estimated(self, options: Any, environment: Environment) -> Extent:
        """How much it would be, told while it is entered.

        Raises:
            RefusedError: something in it cannot be done.
        """
        config = self.config_with(options, environment.config)
        times = Times.of(environment.bench, config, environment.calibration is not None)
        return self.extent(self.resolve(options, environment), config, times)

    @abstractmethod
    def counter(self, plan: Plan, config: PlanConfig) -> Counter:
        """Counts what its extent is told in."""

    # what came of it

    def new_state(self) -> KindState | None:
        """What keeps its own events while a run is looked at; None for a kind without any."""
        return None

    def completes(self, event: Event, kind_state: KindState | None) -> bool:
        """Whether ``event``, which led to ``kind_state``, completes a part that a resumed run need not repeat."""
        return isinstance(event, self.hands_over)

    def answer(self, event: Event) -> Answer | None:
        """The answer to manual requests that ``event`` is; None if it is none."""
        return None

    def steps_done(self, kind_state: KindState | None) -> int | None:
        """How many training steps are complete; None where nothing is learnt."""
        return None

    def reevaluate(self, event: Event, redetection: "Redetection[Plan]") -> Event | None:
        """One of its own events as other settings of the detector would have had it; None for one that is lost."""
        return event

    def save(self, folder: Path, run: "EndedRun[Plan]") -> None:
        """Write beside the journal what others will read of a run that has just ended."""

    @abstractmethod
    def result(self, run: Run[Plan]) -> dict[str, Any]:
        """What came of a run beside what every run has, as ``--json`` prints it."""

    @abstractmethod
    def show(self, result: dict[str, Any], figures: Sequence[Path], console: "Console") -> None:
        """Print the result of a run, and where its figures are."""

    def reports_fault(self, result: dict[str, Any]) -> bool:
        """Whether a run that ended well has found what must not be."""
        return False

    def meter(self, plan: Plan, config: PlanConfig, times: Times) -> ProgressMeter:
        """Counts how far a run is, from its first event on."""
        return ProgressMeter(self.extent(plan, config, times), self.counter(plan, config))

    def view(self, watched: "WatchedRun[Plan]", console: "Console", shown: bool) -> "View":
        """What shows a run in a terminal while it goes on."""
        from mtjlab.terminal import ProgressView

        return ProgressView(watched.meter, console, shown)

    def network(self, run: Run[Plan]) -> Network | None:
        """The network that a run has learnt; None where it has learnt none."""
        return None

    def series(self, run: Run[Plan]) -> tuple[SeriesMeasured, ...]:
        """Critical currents under each set of control currents; of a run that was broken off, from what there is."""
        return ()

    def panels(self, runs: Sequence[Run[Plan]]) -> Iterable["Panel"]:
        """Plots that show several runs of the kind beside each other; what has none is compared by its numbers."""
        return ()

    def figures(self, run: Run[Plan]) -> Iterator[tuple[str, "Figure"]]:
        """Name and picture of each figure, as far as there is something to draw."""
        return iter(())

    def export(self, run: Run[Plan]) -> Iterable["Table"]:
        """Tables of what is its own, beside those that any run may have; they are filled event by event."""
        return ()


@dataclass(frozen=True, slots=True)
class WatchedRun(Generic[Plan]):
    """A run that is about to be shown: what was asked."""

    kind: Kind[Plan]
    plan: Plan
    config: PlanConfig
    times: Times

    @property
    def meter(self) -> ProgressMeter:
        """Counts how far it is."""
        return self.kind.meter(self.plan, self.config, self.times)


@dataclass(frozen=True, slots=True)
class EndedRun(Generic[Plan]):
    """A run that has just ended: what was asked, and what it came to, so that its journal need not be read again."""

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
    "Plan",
    "Procedure",
    "ProcedureContext",
    "Reach",
    "Run",
    "Times",
    "WatchedRun",
]
