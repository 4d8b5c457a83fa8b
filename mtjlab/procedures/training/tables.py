"""A training as tables: control currents and recognition against step, tokens, and confusion."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, NamedTuple

from mtjlab.domain import NO_CLASS, ControlCurrents
from mtjlab.encoding.fitted import Encoding
from mtjlab.events import (
    ControlsPlanned,
    RunStarted,
    TokensEncoded,
)
from mtjlab.learning import LearningStep
from mtjlab.procedures.kind import Run
from mtjlab.procedures.training.events import (
    Confusion,
    ControlsAveraged,
    RecognitionMeasured,
    Refreshed,
    StepTrained,
    ThresholdsProbed,
    WarmStarted,
)
from mtjlab.procedures.training.plan import TrainPlan
from mtjlab.procedures.training.state import TrainingState
from mtjlab.schema import Axis, Column, DataSet, Each, Table
from mtjlab.tables.axes import INPUT, JUNCTION

TRAINING = DataSet("training", "Training")
SUBSETS = ("train", "test")
SUBSET = Axis("subset", "subset of the tokens", SUBSETS.__getitem__, len(SUBSETS))
CLASS, ANSWER, FEATURE, LEVEL = Axis("class"), Axis("answer"), Axis("feature"), Axis("level")
ENTRY = Axis("entry")


def training_tables(run: Run[TrainPlan]) -> Iterator[Table]:
    """All tables of a training, including steps taken over from the run that it resumes."""
    data = run.request.get("data", {})
    yield _encoding(data.get("features", ()))
    yield _steps()
    yield _tokens(data.get("talkers", {}))
    yield _confusion()
    yield _probes()
    yield _refreshes()


@dataclass(frozen=True, slots=True)
class _Step:
    """Results of a training step; parts may be lost in a recovered journal."""

    step: int
    controls: ControlCurrents | None
    learning: LearningStep | None
    measured: RecognitionMeasured | None
    classes: Sequence[str]

    @property
    def rates(self) -> tuple[float | None, float | None]:
        """Recognition rate of each subset."""
        return (self.measured.train, self.measured.test) if self.measured else (None, None)

    @property
    def confusions(self) -> list[list[list[int]]] | None:
        """``[subset][class][answer]``."""
        by_subset = (self.measured.train_confusion, self.measured.test_confusion) if self.measured else None
        return by_subset and [_counted(confusion, self.classes) for confusion in by_subset]


def _counted(confusion: Confusion, classes: Sequence[str]) -> list[list[int]]:
    counts = [[0] * (len(classes) + 1) for _ in classes]
    for label, recognised_as, times in confusion:
        answer = len(classes) if recognised_as is None else classes.index(recognised_as)
        counts[classes.index(label)][answer] += times
    return counts


BY_CURRENT, OF = (INPUT, JUNCTION), (JUNCTION,)
_STEP = (
    Column("Step", "training steps done", attrgetter("step"), holds=int),
    Each(
        INPUT,
        (
            Each(
                JUNCTION,
                (
                    Column(
                        "{input} {junction} control current",
                        "control current after the step",
                        lambda row: row.controls and row.controls.by_input_ua,
                        "uA",
                        variable="control_current",
                        by=BY_CURRENT,
                    ),
                    Column(
                        "{input} {junction} move",
                        "move of the control current in the step",
                        lambda row: row.learning and row.learning.moves_ua,
                        "uA",
                        variable="move",
                        by=BY_CURRENT,
                    ),
                    Column(
                        "{input} {junction} votes",
                        "sum of the votes in the step: above 0 to be easier to switch",
                        lambda row: row.learning and row.learning.votes,
                        variable="votes",
                        by=BY_CURRENT,
                    ),
                ),
            ),
        ),
    ),
    Column(
        "Recognition {subset}",
        "share of the tokens that was recognised",
        attrgetter("rates"),
        variable="recognition_rate",
        by=(SUBSET,),
    ),
    Column(
        "",
        "tokens of the class that were recognised as the answer",
        attrgetter("confusions"),
        holds=int,
        variable="confusion",
        by=(SUBSET, CLASS, ANSWER),
    ),
)


def _steps() -> Table:
    """Table of control currents, votes and moves of each step, and of recognition rates where measured."""
    learnt = TrainingState()
    trained: dict[int, StepTrained] = {}
    taken_over = -1

    def take(event: Any) -> tuple[()]:
        learnt.take(event)
        return ()

    def begin(event: RunStarted) -> tuple[()]:
        nonlocal taken_over
        if event.parent is not None and event.parent.step is not None:
            taken_over = event.parent.step
        return ()

    def learn(event: StepTrained) -> tuple[()]:
        trained[event.step] = event
        return take(event)

    def rows() -> Iterator[_Step]:
        if learnt.encoded is None or not (learnt.controls_by_step or trained):
            return
        classes = learnt.encoded.encoding.table.classes
        controls = {**{step: one.controls for step, one in trained.items()}, **dict(enumerate(learnt.controls_by_step))}
        learning = {step: one.learning for step, one in trained.items() if step > taken_over}
        rates = {one.step: one for one in learnt.recognition}
        for step in sorted({*controls, *rates}):
            yield _Step(step, controls.get(step), learning.get(step), rates.get(step), classes)

    takes = dict.fromkeys(
        (ControlsPlanned, WarmStarted, Refreshed, ControlsAveraged, RecognitionMeasured, TokensEncoded), take
    )
    return Table(
        "steps",
        _STEP,
        {**takes, RunStarted: begin, StepTrained: learn},
        rows,
        TRAINING,
        ("step",),
        is_keyed=True,
        results="steps",
        without_cells=lambda row: row.controls is None,
    )


class _Latest:
    """Rows from the latest encoding."""

    def __init__(self, rows: Callable[[TokensEncoded], Iterable[Any]]) -> None:
        self._rows = rows
        self._encoded: TokensEncoded | None = None

    def take(self, event: TokensEncoded) -> tuple[()]:
        self._encoded = event
        return ()

    def rows(self) -> Iterable[Any]:
        """Rows; none before there is an encoding."""
        return () if self._encoded is None else self._rows(self._encoded)


def _encoding(features: Sequence[object]) -> Table:
    """Table of the coefficients of the encoding, and of the configurations of the classes."""

    def classes(encoding: Encoding) -> tuple[str, ...]:
        return encoding.table.classes

    latest = _Latest(lambda event: (event.encoding,))
    in_data_sets = (
        Column("", SUBSET.long_name, lambda _: SUBSETS, holds=str, variable="subset", by=(SUBSET,)),
        Column("", "class", classes, holds=str, variable="class", by=(CLASS,)),
        Column(
            "",
            f"class recognised; {NO_CLASS} if none",
            lambda encoding: [*classes(encoding), NO_CLASS],
            holds=str,
            variable="answer",
            by=(ANSWER,),
        ),
        Column(
            "",
            "feature of the tokens",
            lambda encoding: encoding.feature_names(features),
            holds=str,
            variable="feature",
            by=(FEATURE,),
        ),
        Column(
            "",
            "junctions that the input is to switch for the class, most probably",
            lambda encoding: [encoding.table.of_class(label)[0].counts for label in classes(encoding)],
            holds=int,
            variable="assigned",
            by=(CLASS, INPUT),
        ),
        Column(
            "",
            "junctions that the input switches in a configuration that stands for a class",
            lambda encoding: [configuration.counts for _, configuration in encoding.configurations],
            holds=int,
            variable="table_configuration",
            by=(ENTRY, INPUT),
        ),
        Column(
            "",
            "class that the configuration stands for",
            lambda encoding: [label for label, _ in encoding.configurations],
            holds=str,
            variable="table_class",
            by=(ENTRY,),
        ),
        Column(
            "",
            "input current of a token whose features are all 0",
            lambda encoding: [row[0] for row in encoding.coefficients_ua],
            "uA",
            variable="constant",
            by=(INPUT,),
        ),
        Column(
            "",
            "its change per unit of the feature",
            lambda encoding: [row[1:] for row in encoding.coefficients_ua],
            "uA",
            variable="coefficient",
            by=(INPUT, FEATURE),
        ),
        Column(
            "",
            "input between levels, where the encoding has it",
            attrgetter("boundaries_ua"),
            "uA",
            variable="boundary",
            by=(INPUT, LEVEL),
        ),
    )
    return Table("", in_data_sets, {TokensEncoded: latest.take}, latest.rows, TRAINING, ())


def _tokens(talkers: Mapping[str, str]) -> Table:
    """Table of the tokens as presented, with their talkers if known."""
    latest = _Latest(lambda event: event.tokens)
    columns = (
        Column("Token", "token", attrgetter("name"), holds=str),
        Column("Class", "class of the token", attrgetter("label"), holds=str, variable="token_class"),
        Column("Subset", "subset of the token", attrgetter("subset"), holds=str, variable="token_subset"),
        Column(
            "I_{input}",
            "input current of the token",
            attrgetter("inputs_ua"),
            "uA",
            variable="token_input",
            by=(INPUT,),
        ),
        Column(
            "Talker" if talkers else "",
            "talker of the token",
            lambda token: talkers.get(token.name),
            holds=str,
            variable="token_talker",
        ),
    )
    return Table("tokens", columns, {TokensEncoded: latest.take}, latest.rows, TRAINING, ("token",))


def _probes() -> Table:
    """Table of the probes of all junctions at once, with what was known of each threshold then."""
    return Table(
        "threshold-probes",
        (
            Column("Time", "bench time after the probe", attrgetter("t_s"), "s"),
            Column("Step", "training steps done", attrgetter("step"), holds=int),
            Column(
                "First", "whether it was before the control currents were computed", attrgetter("is_first"), holds=bool
            ),
            Column("Input", "input current", attrgetter("outcome.input_ua"), "uA"),
            Each(
                JUNCTION,
                (
                    Column(
                        "{junction} current", "junction current at the input", attrgetter("currents_ua"), "uA", by=OF
                    ),
                    Column("{junction} state", "state found", attrgetter("outcome.verdicts"), holds=str, by=OF),
                    Column(
                        "{junction} critical current",
                        "what is known then of the current that switches as often as not",
                        attrgetter("thresholds_ua"),
                        "uA",
                        by=OF,
                    ),
                    Column("{junction} error", "its standard deviation", attrgetter("errors_ua"), "uA", by=OF),
                ),
            ),
        ),
        {ThresholdsProbed: lambda event: (event,)},
    )


def _refreshes() -> Table:
    """Table of the drifts that control currents have followed."""
    return Table(
        "drift",
        (
            Column("Time", "bench time", attrgetter("t_s"), "s"),
            Column("Step", "training steps done", attrgetter("step"), holds=int),
            Column(
                "Common",
                "drift of all thresholds, as of the field, since the last refresh",
                attrgetter("common_ua"),
                "uA",
            ),
            Each(JUNCTION, (Column("{junction} own", "drift beyond it", attrgetter("own_ua"), "uA", by=OF),)),
        ),
        {Refreshed: lambda event: (event,)},
    )


class _Confused(NamedTuple):
    """Number of tokens of a class recognised as another."""

    step: int
    subset: str
    label: str
    recognised_as: str
    tokens: int


def _confusion() -> Table:
    """Table of confusions at each step."""
    return Table(
        "confusion",
        (
            Column("Step", "training steps done", attrgetter("step"), holds=int),
            Column("Subset", SUBSET.long_name, attrgetter("subset"), holds=str),
            Column("Class", "class", attrgetter("label"), holds=str),
            Column("Recognised as", "class recognised", attrgetter("recognised_as"), holds=str),
            Column("Tokens", "how many", attrgetter("tokens"), holds=int),
        ),
        {RecognitionMeasured: _confused},
    )


def _confused(event: RecognitionMeasured) -> Iterator[_Confused]:
    for subset, counts in zip(SUBSETS, (event.train_confusion, event.test_confusion), strict=True):
        for label, recognised_as, times in counts:
            yield _Confused(event.step, subset, label, recognised_as or NO_CLASS, times)
