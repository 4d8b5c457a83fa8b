"""What a terminal of 80 columns shows: every line fits, and nothing is lost."""

import re
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import import_module
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from click.exceptions import Exit
from rich.cells import cell_len

import mtjlab.terminal as terminal_module
from mtjlab.analysis.scale import ASSUMPTIONS as OF_SCALE
from mtjlab.benches.source_states import SourceState
from mtjlab.cli.baselines import show_baselines
from mtjlab.cli.energy import show_energy
from mtjlab.cli.run_list import show_runs
from mtjlab.cli.run_story import show_story
from mtjlab.cli.safe import show_shutdown
from mtjlab.cli.scale import show_scale
from mtjlab.cli.simulate import instruments_table
from mtjlab.config import InstrumentBenchConfig, read_bench
from mtjlab.console import PlainConsole
from mtjlab.domain import ControlCurrents, Reading, Verdict
from mtjlab.energy import PHASES
from mtjlab.experiment import Shutdown, Story
from mtjlab.procedures.check.terminal import show_check
from mtjlab.procedures.classify.terminal import show_classified
from mtjlab.procedures.dwell.terminal import show_dwells
from mtjlab.procedures.manual.events import JunctionsRead
from mtjlab.procedures.manual.terminal import junctions_table
from mtjlab.procedures.pulse.terminal import show_pulses
from mtjlab.procedures.switching_table import show_switching
from mtjlab.procedures.training.terminal import controls_table
from mtjlab.projection import ASSUMPTIONS, PAPER
from mtjlab.run_status import StatusReport
from mtjlab.runs.run_summary import Rates, RunSummary
from mtjlab.sources_left import AT_ZERO, SourcesLeft
from tests.support.commands import CONFIGS

COLUMNS = 80
PROBLEM = (
    "resource (TCPIP0::192.168.100.100::hislip0::INSTR): sent '*IDN?', nothing came within 0.5 s (VI_ERROR_TMO). Is "
    "it switched on, and is its cable plugged in? /a/path/that/is/longer/than/a/line/of/such/a/terminal/can/be.toml"
)
CURVES = {
    "determined": True,
    "critical_input_ua": -1234.5,
    "critical_input_interval_ua": [-1236.5, -1232.5],
    "spread_ua": 112.5,
    "spread_interval_ua": [100.5, 1125.5],
    "switched": 1000,
    "repetitions": 1000,
}
UNKNOWN = {"determined": False, "reason": "it did not switch in 20 of 20 legs as far as 900 uA. Sweep farther."}
MEASURED: dict[str, Any] = {
    "status": "finished", "simulated": True, "readings": 123_456, "duration_s": 12345.6, "ended": "", "reason": "",
    "outputs_may_be_on": False, "so_far": None, "shift": None, "series": [], "calibration": None,
    "run": "runs/2026-11-29/0001-sweep",
}  # fmt: skip


@pytest.fixture
def terminal() -> PlainConsole:
    return PlainConsole(file=StringIO(), width=COLUMNS, force_terminal=True, no_color=True)


def lines(terminal: PlainConsole) -> list[str]:
    file = terminal.file
    assert isinstance(file, StringIO)
    return [line.rstrip() for line in re.sub(r"\x1b\[[0-9;]*m", "", file.getvalue()).splitlines()]


def holds(terminal: PlainConsole, *texts: str) -> bool:
    """Whether all of each text is there, however it is broken into lines."""
    whole = "".join("".join(lines(terminal)).split())
    return all("".join(text.split()) in whole for text in texts)


def fits(terminal: PlainConsole) -> bool:
    return max(map(len, lines(terminal))) <= COLUMNS and not any("…" in line for line in lines(terminal))


def test_critical_inputs_with_their_intervals(terminal: PlainConsole) -> None:
    row = [CURVES, CURVES, UNKNOWN]
    series = [{"control_currents_ua": [-1234.56] * 3, "up": row, "down": row}]
    show_switching({**MEASURED, "series": series}, [], terminal)
    assert fits(terminal)
    (first, *_) = [line for line in lines(terminal) if line.startswith("J1 AP -> P")]
    assert " ".join(first.split()) == "J1 AP -> P -1234.5 -1236.5 .. -1232.5 112.5 100.5 .. 1125.5 1000/1000"
    assert holds(terminal, "J3 P -> AP not determined", UNKNOWN["reason"])


@pytest.mark.parametrize("junctions", [3, 6])
def test_slopes_of_every_junction(terminal: PlainConsole, junctions: int) -> None:
    slopes = [[-1.001 if j == k else 0.002 for j in range(junctions)] for k in range(junctions)]
    intervals = [[[slope - 0.012, slope + 0.012] for slope in row] for row in slopes]
    slopes[0][1] = None  # type: ignore[call-overload]
    show_switching({**MEASURED, "shift": {"slopes": slopes, "slope_intervals": intervals}}, [], terminal)
    assert fits(terminal)
    shown = " ".join(lines(terminal)).split()
    assert (shown.count("-1.001"), shown.count("0.012")) == (junctions, junctions**2 - 1)


def listed_run(name: str, status: StatusReport, bench: str) -> RunSummary:
    return RunSummary(
        Path(name), name, status, "train", datetime(2026, 11, 29, 12, 34, tzinfo=UTC), bench, True, data="vowels",
        step=80, steps=100, recognition=Rates(1.0, 1.0),
    )  # fmt: skip


@pytest.mark.parametrize("bench", ["simulated", "the bench behind the door with three junctions", "bench\u754c" * 9])
def test_each_run_in_one_line(terminal: PlainConsole, bench: str) -> None:
    """Its bench is shortened, its time left out; the id has the date, and ``--json`` has all."""
    names = ["2026-11-29/0001-train", "2026-11-29/0002-classify"]
    show_runs([listed_run(name, StatusReport("finished"), bench) for name in names], terminal)
    assert max(map(cell_len, lines(terminal))) <= COLUMNS
    assert [line.split()[0] for line in lines(terminal)] == ["run", *names]
    for line in lines(terminal)[1:]:
        assert line.split()[1:5] == ["finished", "80/100", "100.0%", "100.0%"]
        assert f"SIM {bench[:8]}" in line
        assert ("12:34" in line) == ("SIM simulated" in line) == (bench == "simulated")


def test_a_wide_terminal_leaves_nothing_out() -> None:
    terminal = PlainConsole(file=StringIO(), width=200, force_terminal=True, no_color=True)
    show_runs([listed_run("2026-11-29/0001-train", StatusReport("finished"), 60 * "b")], terminal)
    assert lines(terminal)[1].split()[-3:] == ["12:34", "SIM", 60 * "b"]


def test_a_run_with_a_long_name_and_how_it_ended(terminal: PlainConsole) -> None:
    name = "a-copy-of-the-best-training-so-far-for-the-seminar"
    show_runs([listed_run(name, StatusReport("failed", PROBLEM), "bench")], terminal)
    assert fits(terminal)
    assert holds(terminal, "80/100", "failed", PROBLEM)
    first = next(n for n, line in enumerate(lines(terminal)) if line.startswith(f"{name}:"))
    assert "".join(line.split(" ")[0] for line in lines(terminal)[1:first]) == name


def test_the_story_of_a_run(terminal: PlainConsole) -> None:
    asked = {"run": {"id": "2026-11-29/0001-train", "command": ["", "train", "--bench", "/srv/" + 30 * "bench/"]}}
    result = {"status": "stopped", "bench": "three junctions", "simulated": False, "duration_s": 3.0}
    told = "encoded: " + ", ".join(f"class{k} [{k}A, {k}B]" for k in range(20))
    show_story(result, Story(asked, ((1.0, told),), ((2.0, PROBLEM),)), terminal, "a note")
    assert fits(terminal)
    assert holds(terminal, "mtjlab train --bench /srv/" + 30 * "bench/")
    history = lines(terminal)[lines(terminal).index("history") + 1 :]
    assert history[0].startswith(" 0:00:01  encoded: class0")
    assert history[1].startswith(10 * " ")
    assert {word for line in history for word in line.split()} >= {"class19", "switched", "cable"}


LONG = "a-class-with-a-name-of-more-letters-than-any-line-of-such-a-terminal-could-ever-hold-in-one-piece"


def critical_inputs(junctions: int) -> dict[str, Any]:
    row = [*[CURVES] * (junctions - 1), UNKNOWN]
    return {**MEASURED, "series": [{"control_currents_ua": [-1234.56] * junctions, "up": row, "down": row}]}


def slopes(junctions: int) -> dict[str, Any]:
    of_each = [[-1.001 if j == k else 0.002 for j in range(junctions)] for k in range(junctions)]
    intervals = [[[slope - 0.012, slope + 0.012] for slope in row] for row in of_each]
    return {**MEASURED, "shift": {"slopes": of_each, "slope_intervals": intervals}}


def dwells(junctions: int) -> dict[str, Any]:
    mean = {"mean_s": 1.23e-3, "low_s": 1.23e-3, "high_s": 1.23e5, "law_s": 1.23e-3, "law_low_s": 1.2e-3}
    one = {"current_ua": -1234.56, "n": 1_234_567, **mean, "law_high_s": 1.23e-2}
    vague = {**one, "n": 0, "mean_s": None, "high_s": None, "law_high_s": 1e9}
    held = [{"junction": f"J{k + 1}", "state": state, **row} for k in range(junctions) for state, row in
            (("AP", one), ("P", vague))]  # fmt: skip
    return {
        **MEASURED, "held_s": 123456.7, "samples": 1_234_567, "dwell": held, "laws": [], "resets": True,
        "control_currents_ua": [-1234.56] * junctions,
    }  # fmt: skip


def pulsed(junctions: int) -> dict[str, Any]:
    one = {"width_s": 1.23456e-6, "n": 1_234_567, "i50_ua": -1234.5, "low_ua": -1236.5, "high_ua": -1232.5}
    series = [{"junction": f"J{k + 1}", **one, "spread_ua": 112.5} for k in range(junctions)]
    return {
        **MEASURED, "pulses": 1_234_567, "reset_pulses": 1_234_567, "failed_resets": 123, "slopes": [],
        "series": [*series, {**series[0], "i50_ua": None}], "rest_currents_ua": [-1234.56] * junctions,
    }  # fmt: skip


def classified(_: int) -> dict[str, Any]:
    token = {
        "name": LONG, "label": "another class", "class": LONG, "confidence": 2 / 3, "confidence_interval": [0.17, 0.96],
        "presentations": 100_000, "configurations": [["[2A, 1B]", 66_666], [None, 33_334]],
    }  # fmt: skip
    return {**MEASURED, "tokens": [token], "recognition": 0.0, "recognition_interval": [0.0, 0.85], "known": 1}


def checked(junctions: int) -> dict[str, Any]:
    finding = {"part": "source", "role": "voltmeter J1", "kind": "swapped", "verdict": "mistake", "measured": PROBLEM,
               "remedy": PROBLEM}  # fmt: skip
    other = {"part": "source J1 and source J2", "misfit": 12.3, "mistake": PROBLEM}
    return {
        **MEASURED, "bench": "a bench", "probe_ua": 10.0, "mistakes": 2, "findings": [finding, finding],
        "matrix_ohm": [[-12345.6] * junctions] * junctions, "explanations": [other, other], "quick_look": PROBLEM,
    }  # fmt: skip


def by_hand(junctions: int) -> JunctionsRead:
    reading = Reading(0.0, -1234.56, (-1234.56,) * junctions, ((-1234.56,) * junctions,))
    return JunctionsRead((reading,), (Verdict.UNDECIDED,) * junctions)


def shut_down(junctions: int) -> Shutdown:
    states = tuple(SourceState(f"source J{k + 1}", -1234.56, True) for k in range(junctions))
    return Shutdown("a bench", states, states, PROBLEM, (Path(LONG),))


def simulated(junctions: int) -> tuple[InstrumentBenchConfig, dict[str, str]]:
    config = read_bench(CONFIGS / "mixed.toml")
    assert isinstance(config, InstrumentBenchConfig)
    return config, dict.fromkeys(
        [f"{part} {label}" for part in ("source", "voltmeter") for label in config.labels], FAR
    )


def compared(_: int) -> dict[str, Any]:
    rate = {"mean": 1.0, "std": 0.1234}
    rates = {"train": rate, "test": rate}
    perceptron = {"name": "12-100-100-7", "parameters": 123_456, "final": rates, "converged": rates}
    return {
        **MEASURED, "steps": [0, 100_000], "network": {"parameters": 32, "final": {"train": 1.0, "test": 1.0}},
        "rivals": [perceptron], "surrogate": False, "data": "a table", "seeds": 1000,
        "ceilings": [{"name": "linear discriminant", "parameters": 123_456, "train": 1.0, "test": 1.0}],
    }  # fmt: skip


def energy(junctions: int) -> dict[str, Any]:
    parts = range(junctions)
    of_phase = {"duration_s": 123_456.7, "junctions_j": 1.234e-3, "estimated_j": 1.234e-3}
    shorter = ("input_j", "reset_j", "total_j", "paper_j", "classification_j", "classification_with_reset_j")
    return {
        "simulated": True, "total_j": 123.4, "leads_j": 1.234e-3, "estimated_share": 0.123,
        "phases": dict.fromkeys(PHASES, of_phase), "per_input_j": dict.fromkeys(PHASES, 1.234e-6),
        "junctions_j": [{"junction": f"J{k + 1}", "energy_j": 1.234e-3} for k in parts],
        "sources_j": [{"delivered_j": 1.234e-3, "absorbed_j": -1.234e-3} for _ in parts],
        "projection": [{"width_s": 1.23e-7, **dict.fromkeys(shorter, 1.234e-12)}] * 2,
        "projected_for": {
            "junctions": junctions, "inputs": 16, "assumptions": ASSUMPTIONS,
            "paper": {"source": PAPER, "classification_j": [1.234e-12, 2.345e-12]},
        },
    }  # fmt: skip


def scaled(junctions: int) -> dict[str, Any]:
    side = {"drive": 100, "reset": 100, "largest": 100, "binding": "reset", "limit": "limits.junction_current_min_ua"}
    classes = [{"classes": 10**k, "chains": 12, "junctions": junctions} for k in range(1, 7)]
    return {
        "rows": [{
            "junctions": 100, "inputs": 64, "spacing_ua": 123.4, "spread_ua": 123.4, "cloud_ua": 123.4, "expected": 1.0,
            "monte_carlo": 1.0,
        }],
        "largest": [{"spacing_ua": 123.4, "equal": side, "graded": side, "classes": classes}],
        "assumptions": OF_SCALE, "figure": None,
    }  # fmt: skip


ADDRESS = "USB0::0x05E6::0x2280::1234567890::INSTR"
FAR = f"visa://192.168.100.100/{ADDRESS}"
SHOWN: dict[str, Callable[[int, PlainConsole], None]] = {
    "critical inputs": lambda n, console: show_switching(critical_inputs(n), [], console),
    "slopes": lambda n, console: show_switching(slopes(n), [], console),
    "dwells": lambda n, console: show_dwells(dwells(n), [], console),
    "pulses": lambda n, console: show_pulses(pulsed(n), [], console),
    "classified": lambda n, console: show_classified(classified(n), console),
    "check": lambda n, console: show_check(checked(n), console),
    "by hand": lambda n, console: console.print(junctions_table(by_hand(n))),
    "safe": lambda n, console: show_shutdown(shut_down(n), console),
    "simulated instruments": lambda n, console: console.print(instruments_table(*simulated(n))),
    "control currents": lambda n, console: console.print(controls_table(ControlCurrents(((-1234.56,) * n,) * 2))),
    "energy": lambda n, console: show_energy(energy(n), console),
    "scale": lambda n, console: show_scale(scaled(n), console),
    "baselines": lambda n, console: show_baselines(compared(n), [Path("figures/baselines.pdf")], console),
}
"""Everything that a command shows as a table, as wide as it gets, by the number of junctions."""


@pytest.mark.parametrize("width", [COLUMNS, 120])
@pytest.mark.parametrize("junctions", [3, 6])
@pytest.mark.parametrize("name", SHOWN)
def test_every_table_fits_and_loses_no_word(name: str, junctions: int, width: int) -> None:
    narrow, wide = (
        PlainConsole(file=StringIO(), width=columns, force_terminal=True, no_color=True) for columns in (width, 1000)
    )
    for console in (narrow, wide):
        SHOWN[name](junctions, console)
    assert max((len(line) for line in lines(narrow) if line not in lines(wide)), default=0) <= width
    letters = [Counter("".join("".join(lines(console)).split()).replace("─", "")) for console in (narrow, wide)]
    assert letters[0] == letters[1]


def test_what_is_assumed_of_an_energy_is_broken_between_words(terminal: PlainConsole) -> None:
    show_energy(energy(3), terminal)
    whole = "".join(f"{line} " for line in lines(terminal))
    assert max(map(len, lines(terminal))) <= COLUMNS
    assert all(text in whole for text in (*ASSUMPTIONS, PAPER))


def test_the_title_of_a_table_may_be_wider_than_the_table(terminal: PlainConsole) -> None:
    show_switching(critical_inputs(3), [], terminal)
    assert any(re.fullmatch(r"critical inputs .*at control currents .* uA", line) for line in lines(terminal))


def test_every_table_of_a_command_is_of_the_kind_that_loses_no_word() -> None:
    house = Path(terminal_module.__file__).parent
    makers = {
        str(file.relative_to(house)) for file in house.rglob("*.py") if "rich.table import Table" in file.read_text()
    }
    assert makers == {"terminal.py", "console.py"}


@pytest.fixture(params=[ADDRESS, FAR])
def found(terminal: PlainConsole, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> PlainConsole:
    """What ``mtjlab doctor`` shows of a bus where much is wrong."""
    address = request.param
    told = {
        "back_ends": [{"library": "@py", "about": PROBLEM}],
        "resources": [{"address": address, "identity": None, "problem": PROBLEM}],
        "locks": [{"address": address, "held_by": "mtjlab train, run 2026-11-29/0001-train (pid 4242 of somebody)"}],
        "bench": [
            {
                "role": f"voltmeter J{k}", "model": "Keithley 2182A", "address": address,
                "identity": "KEITHLEY INSTRUMENTS INC.,MODEL 2182A,1234567,C05", "output_on": None,
                "level_ua": None, "problem": PROBLEM,
            }
            for k in (1, 2)
        ],
    }  # fmt: skip
    monkeypatch.setattr("mtjlab.cli.bus.examined", lambda bench, library: iter(told.items()))
    module = import_module("mtjlab.cli.doctor")
    monkeypatch.setattr(module, "results", terminal)
    with pytest.raises(Exit):
        module.doctor.callback(Path("b.toml"), "@py", as_json=False, quiet=False)
    return terminal


def test_what_a_doctor_found(found: PlainConsole) -> None:
    assert fits(found)
    shown = lines(found)
    assert sum(line.startswith("voltmeter J") for line in shown) == 2
    assert sum(ADDRESS in line for line in shown) == 4
    assert holds(found, "KEITHLEY INSTRUMENTS INC.,MODEL 2182A,1234567,C05", PROBLEM, "run 2026-11-29/0001-train (pid")
    assert "".join("".join(shown).split()).count("".join(PROBLEM.split())) == 3
    assert [line.strip() for line in shown].count("as above") == 1


def test_a_list_of_other_runs_has_no_columns_of_trainings(terminal: PlainConsole) -> None:
    run = RunSummary(Path("1"), "1", StatusReport("finished"), "sweep", bench="b", step=0, steps=80)
    show_runs([run], terminal)
    assert lines(terminal)[0].split() == ["run", "status", "began", "bench"]


def test_output_of_no_known_width_has_whole_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    pipe = PlainConsole(file=StringIO())
    result = {"status": "stopped", "bench": "b", "simulated": False, "duration_s": 3.0}
    show_story(result, Story({}, ((1.0, PROBLEM),), ()), pipe)
    assert f" 0:00:01  {PROBLEM}" in lines(pipe)


def test_a_list_says_who_stopped_a_run_and_how_it_left_its_sources(terminal: PlainConsole) -> None:
    stopped = StatusReport("stopped", "`mtjlab stop`", SourcesLeft(False, AT_ZERO))
    finished = StatusReport("finished", "", SourcesLeft(False, AT_ZERO))
    show_runs([RunSummary(Path("1"), "1", stopped), RunSummary(Path("2"), "2", finished)], terminal)
    assert lines(terminal)[-1] == "1: stopped by `mtjlab stop`; all sources at zero, outputs off"
