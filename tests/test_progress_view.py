"""A run in a terminal while it goes on."""

import io
from collections.abc import Iterable

from rich.console import Console

from mtjlab.config import BenchConfig, SimulatedBenchConfig
from mtjlab.config.section import Section
from mtjlab.events import Event, Presented, ResetFailed
from mtjlab.extent import Times
from mtjlab.procedures.kinds import KINDS
from mtjlab.procedures.sweep.plan import SweepPlan
from mtjlab.terminal import ProgressView
from tests.support.journals import taken_over
from tests.support.tiny_measurements import (
    COARSE,
    CONFIG,
    MAPS,
    START_UA,
    TINY,
    bench_of,
    handed_over_after,
    map_asked,
)

BENCH: BenchConfig = SimulatedBenchConfig(name="chip")


def shown(kind: str, asked: Section, events: Iterable[Event], is_terminal: bool) -> list[str]:
    """Lines that came to stand there."""
    file = io.StringIO()
    console = Console(file=file, force_terminal=is_terminal, width=100, color_system=None, legacy_windows=False)
    meter = KINDS[kind].meter(asked, CONFIG, Times.of(BENCH, CONFIG))
    with ProgressView(meter, console, shown=True) as view:
        for event in events:
            view.show(event)
    return file.getvalue().splitlines()


def last_bar(asked: Section, events: Iterable[Event]) -> str:
    """The bar of a map as it stood in the end."""
    return [line for line in shown("map", asked, events, is_terminal=True) if "measuring" in line][-1]


def test_it_says_how_many_of_its_pieces_are_done() -> None:
    asked = map_asked("raster")
    events = list(MAPS["raster"](bench_of(), ()))
    assert "8 of 8 presentations" in last_bar(asked, events)
    part = events[: [isinstance(e, Presented) for e in events].index(True) + 3]
    assert "3 of 8 presentations" in last_bar(asked, part)


def test_a_resumed_one_begins_with_what_was_done() -> None:
    events = list(MAPS["curves"](bench_of(), ()))
    last = next(n for n, event in enumerate(events) if event.type == "curve-taken")
    assert "1 of 4 curves" in last_bar(map_asked("curves"), taken_over(handed_over_after(events[: last + 1])))


def test_a_resumed_one_counts_nothing_before_all_is_there_that_it_takes_over() -> None:
    events = list(MAPS["raster"](bench_of(), ()))
    third = [n for n, event in enumerate(events) if isinstance(event, Presented)][2]
    meter = KINDS["map"].meter(map_asked("raster"), CONFIG, Times.of(BENCH, CONFIG))
    taking_over = []
    for event in taken_over(handed_over_after(events[: third + 1])):
        meter.take(event)
        taking_over.append(meter.is_taking_over)
    assert taking_over == [True] * (len(taking_over) - 1) + [False]
    assert str(meter) == "3 of 8 presentations"


def test_probes_are_counted_although_nobody_knows_how_many_it_will_take() -> None:
    events = list(MAPS["adaptive"](bench_of(), ()))
    count = sum(event.type == "probed" for event in events)
    bar = last_bar(map_asked("adaptive"), events)
    assert (f"{count} probes of " in bar, "expected" in bar) == (True, True)


def test_troubles_are_sentences_of_their_own() -> None:
    asked = SweepPlan(controls_ua=START_UA, staircase=COARSE)
    failed = ResetFailed(1.0, 2, (), ())
    lines = shown("sweep", asked, [*TINY["sweep"](bench_of(), ()), failed], is_terminal=False)
    assert lines[0].startswith("not reset, look 2")
