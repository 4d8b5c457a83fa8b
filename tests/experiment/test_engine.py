"""What happens to a run on instruments when something goes wrong in the middle of a training."""

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import pytest

from instruments.simulated.client import ControlClient
from instruments.simulated.log_reading import read_log
from mtjlab.benches.sessions import held
from mtjlab.config import InstrumentBenchConfig, read_bench
from mtjlab.errors import RefusedError
from mtjlab.reading import read_events
from tests.support.commands import CommandHere
from tests.support.engines import BENCH, PATIENCE_S, PLAN, Engine, engine, surrounded

SCRIPT = Path(__file__).with_name("engine_script.py")
posix = pytest.mark.skipif(sys.platform == "win32", reason="limits of one process are a POSIX thing")


def ended(running: Engine) -> tuple[int, str, str]:
    out, err = running.process.communicate(timeout=PATIENCE_S)
    return running.process.returncode, out, err


@posix
@pytest.mark.parametrize(
    ("what", "told"), [("raises", "nobody thought of this"), ("disk_is_full", "can no longer be written")]
)
def test_whatever_happens_in_a_procedure_the_bench_is_safe_and_the_journal_sound(
    tmp_path: Path, what: str, told: str
) -> None:
    with engine(tmp_path, what, script=SCRIPT) as running:
        running.wait_for_training()
        code, out, err = ended(running)
        assert code != 0
        assert told in out + err
        assert running.safe_after_s(0.0) > 0
        kinds = [event.type for event in read_events(running.run)]
    assert "presented" in kinds
    if what == "raises":
        assert kinds[-2:] == ["went-safe", "run-ended"]


@dataclass(frozen=True)
class Fault:
    """What goes wrong, and what the operator must be told."""

    spec: str
    told: tuple[str, ...]
    survives: bool = False


FAULTS = [
    Fault("voltmeter J2:no-reply", ("voltmeter J2", "TCPIP0::127.0.0.1::", ":READ?", "no reply")),
    Fault("voltmeter J2:late-reply=30,1", (), survives=True),
    Fault("voltmeter J1:garbage", ("voltmeter J1", "TCPIP0::127.0.0.1::", ":READ?", "received")),
    Fault("source J1:garbage", ("source J1", "TCPIP0::127.0.0.1::", ":SOUR:CURR", "received")),
    Fault("voltmeter J1:garbage=1", (), survives=True),
    Fault("source J1:refuses-level", ("source J1", "was set to", "-200", "outputs off; source J1 was cut at")),
    Fault("voltmeter J3:disconnect", ("voltmeter J3", "TCPIP0::127.0.0.1::")),
    Fault("source J2:no-reply", ("source J2", "TCPIP0::127.0.0.1::", "no reply")),
    Fault("voltmeter J1:stuck", ("voltmeter J1", "its display is frozen")),
    Fault("junction J2:open", ("At its compliance: source J2", "open contact")),
    Fault("junction J3:short", ("J3",)),
    Fault("source J1:gain=0.9", ("ource J1 delivers 0.",)),  # as measured: 0.899 or 0.9
    Fault("source J2:output-off", ("source J2 says that its output is off",)),
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.spec)
def test_a_fault_in_the_middle_of_a_training(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], fault: Fault
) -> None:
    """No hang, bench safe, a message with instrument, address, what was sent and what came; all readings kept."""
    for name, value in surrounded(tmp_path).items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("mtjlab.cli.drawing.draw_in_process", lambda *_: [])
    (tmp_path / "plan.toml").write_text(PLAN, encoding="utf-8")
    steps = "12" if fault.survives else "100000"
    command = ("train", "--steps", steps, "--simulate", "--confirm-shorted", "--bench", BENCH, "--plan", "plan.toml")
    with ThreadPoolExecutor() as others:
        struck = others.submit(strike, tmp_path, fault.spec)
        result = CommandHere(monkeypatch, capsys)(*command, "--speed", "100", "--quiet", "--json")
        began_s = struck.result()
    (run,) = tmp_path.glob("runs/*/*")
    told, events = result.json, list(read_events(run))
    assert Engine(None, tmp_path).safe_after_s(began_s) < PATIENCE_S
    assert (result.code, told["status"]) == ((0, "finished") if fault.survives else (4, "failed"))
    for word in fault.told:
        assert word in told["reason"]
    assert sum(event.type == "presented" for event in events) > 0
    assert events[-1].type == "run-ended"


def strike(folder: Path, fault: str) -> float:
    """Wait for the training in ``folder``, and let its instruments fail; when that was."""
    running = Engine(None, folder)
    running.wait_for_training()
    with simulators(running) as control:
        control.fault(fault)
    return monotonic()


def simulators(running: Engine) -> ControlClient:
    """The control of those that an engine started, as another program finds it: in their own log."""
    (port,) = [line["control_port"] for line in read_log(running.log) if line["kind"] == "ports"]
    return ControlClient(port)


def test_outputs_found_on_are_ramped_down_never_cut(tmp_path: Path) -> None:
    with engine(tmp_path, "--fault", "source J1:output-found-on=-200") as running:
        running.wait_for_training()
        events = {event.type: event for event in read_events(running.run)}
        levels = [
            line["level_a"]
            for line in map(json.loads, running.log.read_text().splitlines())
            if line["kind"] == "output" and line["role"] == "source J1" and not line["on"]
        ]
    assert events["bench-connected"].found_ua == (-200, 0, 0)  # type: ignore[union-attr]
    assert set(levels) <= {0.0}
    assert (events["field-set"].field_mt, events["field-set"].how) == (6.0, "SIMULATED")  # type: ignore[union-attr]


def test_an_instrument_of_another_model_is_refused_before_anything_is_set(tmp_path: Path) -> None:
    with engine(tmp_path, "--fault", "voltmeter J3:wrong-identity") as running:
        code, out, _ = ended(running)
        told = json.loads(out.splitlines()[-1])
        texts = running.log.read_text()
    assert code == 4
    assert "voltmeter J3" in told["reason"]
    assert "*IDN?" in told["reason"]
    assert "OUTPut 1" not in texts


def test_two_programs_cannot_use_one_bench(tmp_path: Path) -> None:
    """The second one is told who holds it, and starts nothing."""
    bench = read_bench(BENCH)
    assert isinstance(bench, InstrumentBenchConfig)
    with (
        held(bench, "mtjlab train, run 1"),
        pytest.raises(RefusedError, match="is held by mtjlab train, run 1"),
        held(bench, "mtjlab train, run 2"),
    ):
        pytest.fail("two programs use one bench")
