"""A measurement in a terminal while it goes on."""

import io

from mtjlab.cli.measuring_view import MeasuringView
from rich.console import Console
from tiny_measurements import COARSE, MAPS, START_UA, TINY, bench_of, map_asked, progress_after, resuming

from mtjlab.config.section import Section
from mtjlab.events import Event, Presented, Progress, ResetFailed
from mtjlab.procedures.sweep.plan import SweepPlan


def last_bar(asked: Section, events: list[Event]) -> str:
    """The bar as it stood in the end."""
    console = Console(file=io.StringIO(), force_terminal=True, width=100, color_system=None, legacy_windows=False)
    with MeasuringView(asked, console, shown=True) as view:
        for event in events:
            view.show(event)
    assert isinstance(console.file, io.StringIO)
    return [line for line in console.file.getvalue().splitlines() if "measuring" in line][-1]


def test_it_says_how_many_of_its_pieces_are_done() -> None:
    asked = map_asked("raster")
    events = list(MAPS["raster"](bench_of(), Progress()))
    assert "8/8" in last_bar(asked, events)
    assert "3/8" in last_bar(asked, events[: [isinstance(e, Presented) for e in events].index(True) + 3])


def test_a_resumed_one_begins_with_what_was_done() -> None:
    events = list(MAPS["curves"](bench_of(), Progress()))
    last = next(n for n, event in enumerate(events) if event.type == "curve-taken")
    assert "1/4" in last_bar(map_asked("curves"), resuming(progress_after(events[: last + 1])))


def test_probes_are_counted_although_nobody_knows_how_many_it_will_take() -> None:
    events = list(MAPS["adaptive"](bench_of(), Progress()))
    count = sum(event.type == "probed" for event in events)
    assert f"{count}/?" in last_bar(map_asked("adaptive"), events)


def test_troubles_are_sentences_of_their_own() -> None:
    console = Console(file=io.StringIO(), width=200)
    failed = ResetFailed(1.0, 2, (), ())
    with MeasuringView(SweepPlan(controls_ua=START_UA, staircase=COARSE), console, shown=True) as view:
        for event in (*TINY["sweep"](bench_of(), Progress()), failed):
            view.show(event)
    assert isinstance(console.file, io.StringIO)
    assert console.file.getvalue().splitlines()[0].startswith("not reset, look 2")
