"""A kind of run is one package: everything particular to it is there, and nowhere else."""

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path

import pytest

import mtjlab
from mtjlab.benches import open_bench
from mtjlab.config import PlanConfig, SimulatedBenchConfig
from mtjlab.events.base import type_of
from mtjlab.extent import Extent, Times
from mtjlab.procedures.kinds import KINDS, MADE_BY, SUMMARIES
from mtjlab.procedures.manual.procedure import manual
from mtjlab.reading import read_events
from mtjlab.runs.opened import run_of, watched
from mtjlab.store import REQUEST

PACKAGE = Path(mtjlab.__file__).parent
ROOMS = {name: Path(inspect.getfile(type(kind))).parent for name, kind in KINDS.items()}
GOLDEN = sorted(path.parent for path in (Path(__file__).parents[1] / "golden").glob(f"*/*/*/*/{REQUEST}"))
LIST = PACKAGE / "procedures" / "kinds.py"
PLANS = {kind.plan.__name__ for kind in KINDS.values()} | {kind.options.__name__ for kind in KINDS.values()}
ALSO_NAMED_SO = {"purpose", "subset", "model_fields", "role"}
"""Other uses of the names of kinds: purposes of presentations, subsets of tokens, keys of a plan, roles."""


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_agrees_with_its_entry_in_the_list(name: str) -> None:
    kind = KINDS[name]
    assert kind.name == name
    assert kind.summary == SUMMARIES[name]
    assert {type_of(event) for event in kind.events} == {event for event, made_by in MADE_BY.items() if made_by == name}


def test_each_kind_has_its_own_package() -> None:
    assert len(set(ROOMS.values())) == len(KINDS)
    assert all(room.parent == PACKAGE / "procedures" for room in ROOMS.values())


@pytest.mark.parametrize("folder", GOLDEN, ids=lambda folder: folder.parents[1].name)
def test_a_plan_survives_run_toml(folder: Path) -> None:
    run = run_of(folder)
    assert run.kind.restore(run.path, run.kind.tables(run.plan)) == run.plan


@pytest.mark.parametrize("folder", GOLDEN, ids=lambda folder: folder.parents[1].name)
def test_a_run_is_counted_in_the_units_of_its_extent(folder: Path) -> None:
    run, meter = run_of(folder), watched(folder).meter
    shares = []
    for event in run.events():
        meter.take(event)
        shares.append(meter.share)
    assert shares == sorted(shares)
    if run.status_report.status == "finished" and run.started and not run.started.derived_from:
        assert meter.extent.low <= meter.done <= (meter.extent.high or meter.done), str(meter)
    assert list(read_events(folder))


def test_progress_never_exceeds_the_extent() -> None:
    extent = Extent("presentation", 4, 4, 1.0)
    assert (extent.so_far(12), extent.share(12)) == ("4 of 4 presentations", 1.0)


def test_the_extent_of_an_adaptive_map_is_a_range_and_a_manual_run_has_no_end() -> None:
    times = Times.of(SimulatedBenchConfig(), PlanConfig())
    row = (-500.0, -500.0, -500.0)
    adaptive = KINDS["map"].extent(KINDS["map"].plan(controls_ua=(row, row)), PlanConfig(), times)
    assert (adaptive.low, adaptive.high) == (268, 436)
    assert adaptive.so_far(37) == "37 probes of 268 to 436 expected"
    narrow = KINDS["map"].extent(KINDS["map"].plan(controls_ua=(row, row), width_ua=1e-9), PlanConfig(), times)
    assert str(narrow).endswith("000 probes, too few for intervals of 1e-09 uA")
    held = KINDS["live"].extent(KINDS["live"].plan(), PlanConfig(), times)
    assert (held.high, held.share(50), held.so_far(1)) == (None, 0.0, "1 reading")


@pytest.mark.parametrize(("for_s", "every_s", "seconds"), [(5.0, 0.2, 5), (3.1, 0.2, 3), (0.5, 0.1, 1), (2.0, 10.0, 2)])
def test_a_manual_run_of_some_seconds_counts_seconds(for_s: float, every_s: float, seconds: int) -> None:
    kind = KINDS["live"]
    plan = kind.plan(for_s=for_s, every_s=every_s)
    count = kind.counter(plan, PlanConfig())
    looks = list(manual(open_bench(SimulatedBenchConfig()), PlanConfig(), plan, tuple))
    assert sum(map(count, looks)) == seconds
    extent = kind.extent(plan, PlanConfig(), Times.of(SimulatedBenchConfig(), PlanConfig()))
    assert extent.so_far(1) == f"1 of {seconds} {'second' if seconds == 1 else 'seconds'}"


def strings(node: ast.AST | None) -> set[str]:
    return (
        {one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str)}
        if node
        else set()
    )


def names_in(node: ast.AST) -> set[str]:
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)} | {
        one.attr for one in ast.walk(node) if isinstance(one, ast.Attribute)
    }


def is_of_kinds(named: set[object]) -> bool:
    """Whether only kinds are named."""
    return len(named) > 1 and named <= set(KINDS)


def keyed_on_a_kind(tree: ast.AST) -> Iterator[ast.AST]:
    """Comparisons with names of kinds, tables with such keys, and cases on their plans."""
    for node in ast.walk(tree):
        match node:
            case ast.Compare() if strings(node) & set(KINDS) and not names_in(node) & ALSO_NAMED_SO:
                yield node
            case ast.Dict() if is_of_kinds({key.value for key in node.keys if isinstance(key, ast.Constant)}):
                yield node
            case ast.Tuple() | ast.List() | ast.Set():
                named = {one.value for one in node.elts if isinstance(one, ast.Constant)}
                if is_of_kinds(named) and not named <= {"map", "classify"}:  # purposes
                    yield node
            case ast.MatchValue() if strings(node) & set(KINDS):
                yield node
            case ast.MatchClass() | ast.Call():
                called = node.cls if isinstance(node, ast.MatchClass) else node.func
                is_asked = isinstance(called, ast.Name) and called.id == "isinstance"
                if isinstance(node, ast.MatchClass) and names_in(node.cls) & PLANS:
                    yield node
                if is_asked and isinstance(node, ast.Call) and names_in(node.args[1]) & PLANS:
                    yield node


def modules_outside() -> list[Path]:
    """Except views, which belong to their kind, and the registry, which names all kinds."""
    at_home = (*ROOMS.values(), PACKAGE / "gui" / "views")
    return [
        path
        for path in sorted(PACKAGE.rglob("*.py"))
        if path != LIST and not any(path.is_relative_to(home) for home in at_home)
    ]


@pytest.mark.parametrize("path", modules_outside(), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_no_module_outside_depends_on_a_kind(path: Path) -> None:
    found = list(keyed_on_a_kind(ast.parse(path.read_text(encoding="utf-8"))))
    assert [f"{path.name}:{getattr(node, 'lineno', 0)}: {ast.unparse(node)}" for node in found] == []


@pytest.mark.parametrize(
    "code",
    [
        'if procedure == "sweep": pass',
        'if run.procedure in ("train", "map"): pass',
        'SHOWN = {"check": 1, "map": 2}',
        'match procedure:\n    case "live": pass',
        "match asked:\n    case MapPlan(way=way): pass",
        "isinstance(asked, (SweepPlan, int))",
    ],
)
def test_a_module_that_did_would_be_found(code: str) -> None:
    assert list(keyed_on_a_kind(ast.parse(code)))
