"""A notebook: a bench that is safe at the end of its block, runs into folders, and what they hold as it likes it."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure

import mtjlab
from instruments.simulated.log_reading import safe_since_s
from mtjlab.benches.simulators import LOG
from mtjlab.config import read_plan
from mtjlab.errors import BenchFaultError, RefusedError
from mtjlab.events import ControlsPlanned, Event, Presented, RunEnded
from mtjlab.notebook import OpenBench, events_of
from mtjlab.notebook.pictures import Pictures
from mtjlab.procedures.kinds import KINDS
from mtjlab.procedures.training.events import RecognitionMeasured, StepTrained
from tests.support.engines import BENCH, PATIENCE_S, surrounded
from tests.support.made_runs import plan_in

GOLDEN = Path(__file__).parents[1] / "golden" / "1"
TOUR = """
import sys
import mtjlab

with mtjlab.open_bench(sys.argv[1], simulate=True, speed=20) as bench:
    for event in mtjlab.train(bench, "plan.toml"):
        print(event.type, flush=True)
"""


@pytest.fixture(autouse=True)
def there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a folder that is not the project's, with a plan of few tokens."""
    plan_in(tmp_path)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def bench() -> Iterator[OpenBench]:
    with mtjlab.open_bench() as opened:
        yield opened


class TestABlock:
    def test_carries_out_every_kind_of_run(self) -> None:
        for name in KINDS:
            assert getattr(mtjlab, name).__doc__.startswith(KINDS[name].summary)
            assert name in dir(mtjlab)

    def test_tells_the_events_of_a_run_for_the_same_seed(self) -> None:
        with mtjlab.open_bench(seed=3) as bench:
            of_block = list(mtjlab.train(bench, "plan.toml"))
            of_run = list(mtjlab.run("train", bench, "plan.toml").events())
        kinds = (Presented, StepTrained, RecognitionMeasured)
        assert [e for e in of_block if isinstance(e, kinds)] == [e for e in of_run if isinstance(e, kinds)]

    def test_takes_a_plan_as_it_stands_in_memory_or_in_a_file(self, bench: OpenBench) -> None:
        plan = read_plan(Path("plan.toml"))
        short = plan.model_copy(update={"training": plan.training.model_copy(update={"steps": 1})})
        assert sum(isinstance(e, StepTrained) for e in mtjlab.train(bench, short)) == 1
        assert sum(isinstance(e, StepTrained) for e in mtjlab.train(bench, "plan.toml", steps=0)) == 0

    def test_begins_each_procedure_at_zero(self, bench: OpenBench) -> None:
        row = np.array([-450.0, -460.0, -470.0])
        for _ in range(2):
            last = controls_of(mtjlab.sweep(bench, "plan.toml", controls_ua=row, staircase={"repetitions": 1}))
            assert last[0] == (0.0, 0.0, 0.0)
            assert last[-1] == tuple(row)

    def test_is_safe_at_its_end_whatever_happened(self) -> None:
        with pytest.raises(ZeroDivisionError), mtjlab.open_bench() as bench:
            at_event(5, mtjlab.sweep(bench, "plan.toml"), lambda: 1 / 0)
        assert "at zero, closed" in repr(bench)

    def test_writes_nothing_to_its_bench_once_it_has_ended(self) -> None:
        with mtjlab.open_bench() as bench:
            begun = mtjlab.train(bench, "plan.toml")
            next(begun)
            session = bench.connect()
        not_begun = mtjlab.train(bench, "plan.toml")
        for events in (begun, not_begun):
            with pytest.raises(RefusedError, match=r"The bench is closed, all its sources are at zero\. Open it again"):
                next(events)
        assert session.bench.currents_ua == (0.0, 0.0, 0.0)
        assert "closed" in repr(bench)

    def test_ends_a_procedure_that_somebody_interrupts_between_two_events(self) -> None:
        with mtjlab.open_bench() as bench:
            session = bench.connect()
            with pytest.raises(KeyboardInterrupt):
                at_event(5, mtjlab.sweep(bench, "plan.toml"), lambda: signal.raise_signal(signal.SIGINT))
            assert not session.bench.is_off
            assert list(mtjlab.sweep(bench, "plan.toml", staircase={"repetitions": 1}))
        assert session.bench.is_safe

    def test_gives_its_bench_to_a_run_and_takes_it_again(self, bench: OpenBench) -> None:
        list(mtjlab.sweep(bench, "plan.toml"))
        run = mtjlab.run("check", bench)
        assert "closed" in repr(bench)
        list(mtjlab.sweep(bench, "plan.toml"))
        assert run.result["status"] == "finished"

    def test_says_what_it_cannot_do(self, bench: OpenBench) -> None:
        with pytest.raises(RefusedError, match=r"unknown key stepps\. Did you mean steps"):
            mtjlab.train(bench, stepps=2)
        with pytest.raises(RefusedError, match="give a bench that is open"):
            mtjlab.train("simulated.toml")
        with pytest.raises(RefusedError, match="'sing' is not a kind of run"):
            mtjlab.run("sing", bench)
        with pytest.raises(RefusedError, match=r"no\.toml: cannot be read"):
            mtjlab.run("train", bench, "no.toml")
        with pytest.raises(AttributeError, match="sing"):
            mtjlab.sing  # noqa: B018


def at_event(number: int, events: Iterator[Event], act: Callable[[], object]) -> None:
    """Follow a procedure, and do something after an event."""
    for n, _ in enumerate(events):
        if n == number:
            act()


def controls_of(events: Iterator[Event]) -> list[tuple[float, ...]]:
    """Control currents from which and to which a procedure moved."""
    moves = [event for event in events if isinstance(event, ControlsPlanned)]
    return [
        junctions(moves[0].transitions[0].start_ua),
        *(move.controls.by_input_ua[0] for move in moves),
    ]


def junctions(sources_ua: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(np.cumsum(sources_ua).tolist())


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> mtjlab.Run:
    folder = tmp_path_factory.mktemp("run")
    return mtjlab.run("train", plan=plan_in(folder), runs=folder, seed=1)


class TestARun:
    def test_is_found_by_its_name(self, run: mtjlab.Run) -> None:
        root = run.folder.parent.parent
        assert mtjlab.read("last", root).folder == mtjlab.read(run.id, root).folder == run.folder
        with pytest.raises(RefusedError, match="no run of that name"):
            mtjlab.read("0009", root)

    def test_holds_what_its_exports_hold(self, run: mtjlab.Run) -> None:
        frames, datasets = run.to_dataframe(), run.to_xarray()
        assert list(frames["steps"]["Step"]) == [0, 1, 2]
        assert datasets["training"].sizes["step"] == 3
        assert datasets["training"].attrs["source"].startswith("simulation")
        assert run.to_dataframe("steps").equals(frames["steps"])
        with pytest.raises(RefusedError, match=r"has no table 'step'\. It has .*steps"):
            run.to_dataframe("step")

    def test_has_its_result_its_events_and_its_figures(self, run: mtjlab.Run) -> None:
        assert run.result["status"] == run.status_report.status == "finished"
        assert sum(isinstance(event, StepTrained) for event in run.events()) == 2
        assert "control-currents" in run.figures()

    def test_shows_itself_as_a_small_table_that_says_what_was_simulated(self, run: mtjlab.Run) -> None:
        shown = run._repr_html_()
        assert shown.count("<tr>") < 20
        assert run.id in shown
        assert "SIMULATED BENCH" in shown
        assert "SIMULATED BENCH" in repr(run)

    def test_that_failed_raises_and_names_its_folder(self) -> None:
        """No junction switches so early: nothing can be fitted."""
        Path("short.toml").write_text("[sweep]\ninput_stop_ua = 200\n", encoding="utf-8")
        with pytest.raises(BenchFaultError, match=r"J1.*holds all measured data"):
            mtjlab.run("sweep", plan="short.toml")
        assert mtjlab.read("last").status_report.status == "failed"


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("train", "recognition  train"),
        ("classify", "95 % interval"),
        ("check", "voltmeter J3"),
        ("sweep", "critical inputs at control currents"),
        ("shift", "slope of the critical input"),
        ("map-curves", "critical inputs of input A"),
        ("dwell", "mean dwells, held repeatedly after a reset"),
        ("live", "6 readings"),
    ],
)
def test_every_kind_of_run_shows_its_result(kind: str, text: str) -> None:
    (folder,) = (GOLDEN / kind).glob("*/*-*")
    run = mtjlab.read(folder)
    shown = run._repr_html_()
    assert text in unescape(shown)
    assert ("SIMULATED" in shown) is run.result["simulated"]


@pytest.mark.parametrize("name", ["train", "dwell"])
def test_without_a_notebook_no_picture_is_promised(name: str) -> None:
    with pytest.raises(RefusedError, match="IPython is not installed"):
        mtjlab.run(name, show="overview")


class FakeIPython:
    """What is shown in a cell: each content, and what stands in its place later."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.cells: list[list[object]] = []
        self.drawn_by: dict[type, Callable[[Any], bytes]] = {}
        shell = SimpleNamespace(display_formatter=SimpleNamespace(formatters={"image/png": self}))
        monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell, version_info=(9, 0)))  # type: ignore[misc]
        monkeypatch.setitem(sys.modules, "IPython.display", SimpleNamespace(display=self.display))  # type: ignore[misc]

    def lookup_by_type(self, kind: type) -> Callable[[Any], bytes]:
        return self.drawn_by[kind]

    def for_type(self, kind: type, draw: Callable[[Any], bytes]) -> None:
        self.drawn_by[kind] = draw

    def display(self, content: object, display_id: bool) -> SimpleNamespace:
        assert display_id
        self.cells.append([content])
        return SimpleNamespace(update=self.cells[-1].append)


class TestPictures:
    @pytest.fixture
    def ipython(self, monkeypatch: pytest.MonkeyPatch) -> FakeIPython:
        return FakeIPython(monkeypatch)

    def test_of_a_run_come_once_something_was_measured(self, ipython: FakeIPython) -> None:
        mtjlab.run("sweep", plan="plan.toml", show="resistance-curves", staircase={"repetitions": 1})
        (cell,) = ipython.cells
        assert all(isinstance(figure, Figure) for figure in cell)

    def test_of_a_run_in_progress_stand_in_one_place(
        self, ipython: FakeIPython, run: mtjlab.Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("mtjlab.notebook.pictures.PICTURES_EVERY_S", 0.0)
        monkeypatch.setattr("mtjlab.notebook.pictures.PICTURES_SHARE", 0.0)
        pictures = Pictures("recognition", run.folder.parents[1])
        for event in (next(run.events()), *[RunEnded("finished", "")] * 2):
            pictures.see(event)
        (cell,) = ipython.cells
        assert [type(content) for content in cell] == [Figure] * 3

    def test_show_as_pictures_that_say_what_was_simulated(self, ipython: FakeIPython, run: mtjlab.Run) -> None:
        figure = run.figures()["recognition"]
        assert ipython.drawn_by[Figure](figure).startswith(b"\x89PNG")
        assert any("SIMULATED BENCH" in text.get_text() for text in figure.texts)

    def test_show_as_the_notebook_says_if_it_does(self, ipython: FakeIPython, run: mtjlab.Run) -> None:
        ipython.for_type(Figure, bytes)
        run.figures()
        assert ipython.drawn_by == {Figure: bytes}

    def test_that_a_run_does_not_have_are_named_with_those_it_has(self, ipython: FakeIPython) -> None:
        mtjlab.run("sweep", plan="plan.toml", show="overview", staircase={"repetitions": 1})
        ((told,),) = ipython.cells
        assert "no figure 'overview'" in str(told)
        assert "resistance-curves" in str(told)


class TestInstruments:
    """Judged by the log of the simulators alone, in a program of its own."""

    @pytest.mark.skipif(sys.platform == "win32", reason="signals to one process are a POSIX thing")
    @pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
    def test_are_at_zero_however_the_kernel_ends(self, tmp_path: Path, how: signal.Signals) -> None:
        (tmp_path / "temporary").mkdir()
        surroundings = {**surrounded(tmp_path), "TMPDIR": str(tmp_path / "temporary")}
        command = [sys.executable, "-c", TOUR, str(BENCH)]
        with subprocess.Popen(
            command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=surroundings
        ) as kernel:
            assert kernel.stdout is not None
            said = [kernel.stdout.readline().strip() for _ in range(20)]
            (log,) = (tmp_path / "temporary").glob(f"mtjlab-*/{LOG}")
            kept = tmp_path / LOG
            kept.hardlink_to(log)
            kernel.send_signal(how)
            kernel.communicate(timeout=PATIENCE_S)
        assert "junctions-measured" not in said[:5]
        end_s = time.monotonic() + PATIENCE_S
        while safe_since_s(kept) is None:
            assert time.monotonic() < end_s, "a source is still on"
            time.sleep(0.05)

    def test_are_held_while_the_block_lasts(self) -> None:
        with mtjlab.open_bench(BENCH, simulate=True, speed=1000) as bench:
            first = next(mtjlab.sweep(bench, "plan.toml"))
            assert isinstance(first, ControlsPlanned)
            session = bench.connect()
            assert not session.bench.is_off
        assert session.bench.is_safe


def test_the_function_of_a_kind_says_what_it_is() -> None:
    assert events_of("dwell").__name__ == "dwell"
