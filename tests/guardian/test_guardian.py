"""However an engine ends, its sources go to zero: judged by the simulators' own log alone."""

import json
import os
import signal
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path
from time import monotonic

import psutil
import pytest

from instruments.locks import held, usual_folder
from instruments.simulated.log_reading import supply_settings
from mtjlab.guardian.client import SILENT_S
from mtjlab.guardian.protocol import ERRORS
from mtjlab.reading import read_events
from mtjlab.store import EMERGENCY, STOP
from tests.support.engines import BENCH, PATIENCE_S, PLAN, Engine, engine, surrounded

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals to one process are a POSIX thing")

WITHIN_S = 2.0
LOADED = 3.0
"""A machine that runs other tests beside gets this much more."""


def guardian_of(engine: Engine) -> psutil.Process:
    children = psutil.Process(engine.process.pid).children()
    return next(child for child in children if "mtjlab.guardian" in child.cmdline())


def holders_of_pipe(engine: Engine) -> set[int]:
    """Processes beside the engine that hold the pipe from it to its guardian."""
    pipe = os.readlink(f"/proc/{guardian_of(engine).pid}/fd/0")
    return {
        process.pid
        for process in psutil.Process(engine.process.pid).children(recursive=True)
        for link in Path(f"/proc/{process.pid}/fd").iterdir()
        if os.readlink(link) == pipe
    }


def test_no_guardian_and_no_command_waits_for_libraries_that_it_may_never_need() -> None:
    """They take as long to import as all the rest."""
    program = "import sys, mtjlab.guardian.__main__, mtjlab.cli; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, check=True).stdout
    slow = {"scipy.linalg", "scipy.optimize", "scipy.special", "scipy.stats", "sklearn", "xarray", "matplotlib"}
    assert slow.isdisjoint(loaded.split())


LOADED_WHILE_ON = """
import sys
from pathlib import Path
from mtjlab import experiment
from mtjlab.procedures.kinds import KINDS

loaded = {}
bench, plan = map(Path, sys.argv[1:])
train, on = KINDS["train"], experiment.OnBench(bench, plan, simulate=True, speed=1000)
see = lambda event: loaded.setdefault(event.type, set(sys.modules))
experiment.execute(experiment.prepare(train, train.options(steps=1), on), Path("runs"), [see])
print(*loaded["run-ended"] - loaded["outputs-on"])
"""


def test_no_engine_loads_a_library_while_its_guardian_watches(tmp_path: Path) -> None:
    """That may hold up its signs of life for longer than a guardian waits."""
    (tmp_path / "plan.toml").write_text(PLAN)
    command = [sys.executable, "-c", LOADED_WHILE_ON, str(BENCH), "plan.toml"]
    done = subprocess.run(
        command, cwd=tmp_path, stdout=subprocess.PIPE, text=True, check=True, env=surrounded(tmp_path)
    )
    packages = {module.partition(".")[0] for module in done.stdout.split()}
    assert packages.isdisjoint({"scipy", "numpy", "pandas", "pyvisa", "pyvisa_py", "pymeasure", "mtjlab"})


def test_an_engine_that_is_killed_leaves_no_current_on(tmp_path: Path) -> None:
    """Its guardian notices by its pipe, as no other process holds that."""
    with engine(tmp_path) as running:
        running.wait_for_training()
        assert holders_of_pipe(running) == {guardian_of(running).pid}
        guardian, killed_s = guardian_of(running), monotonic()
        running.process.kill()
        assert running.safe_after_s(killed_s) < WITHIN_S * LOADED
        psutil.wait_procs([guardian], PATIENCE_S)
        told = (running.run / "guardian.txt").read_text()
        assert not (running.run / ERRORS).exists(), "it said nothing, so there is no file"
    assert "the engine ended without having taken the bench to zero" in told
    assert "safe: all sources at zero, outputs off, read back" in told


def test_a_field_is_ramped_down_after_the_sources_of_an_engine_that_is_killed(tmp_path: Path) -> None:
    """At 5 mT/s and 100 mA/mT in steps of 0.1 s."""
    with engine(tmp_path, "--bench", str(BENCH.with_name("field.toml"))) as running:
        running.wait_for_training()
        guardian, killed_s = guardian_of(running), monotonic()
        running.process.kill()
        safe_s = running.safe_after_s(killed_s)
        psutil.wait_procs([guardian], PATIENCE_S)
        assert "magnet at zero and off" in (running.run / "guardian.txt").read_text()
        told = [one for one in supply_settings(running.log) if one.at_s > killed_s + safe_s]
    assert safe_s < WITHIN_S * LOADED
    levels = [one.current_a for one in told if one.current_a is not None]
    assert max(abs(a - b) for a, b in pairwise([0.6, *levels])) <= 0.0501
    assert (levels[-1], told[-1].current_a) == (0.0, None)


def test_an_engine_that_hangs_is_ended_and_leaves_no_current_on(tmp_path: Path) -> None:
    with engine(tmp_path) as running:
        running.wait_for_training()
        hung_s = monotonic()
        running.process.send_signal(signal.SIGSTOP)
        assert running.safe_after_s(hung_s) < WITHIN_S * LOADED
        assert running.process.wait(10) == -signal.SIGKILL
        assert "did not respond" in (running.run / "guardian.txt").read_text()


def test_an_emergency_stop_works_on_an_engine_that_hangs(tmp_path: Path) -> None:
    with engine(tmp_path) as running:
        running.wait_for_training()
        running.process.send_signal(signal.SIGSTOP)
        pressed_s = monotonic()
        (running.run / EMERGENCY).touch()
        assert running.safe_after_s(pressed_s) < WITHIN_S * LOADED


def test_a_signal_stops_the_run_and_the_engine_goes_safe_itself(tmp_path: Path) -> None:
    """Which signals do is a test of the stop switch."""
    with engine(tmp_path) as running:
        running.wait_for_training()
        sent_s = monotonic()
        running.process.send_signal(signal.SIGTERM)
        out, _ = running.process.communicate(timeout=60)
        assert running.safe_after_s(sent_s) < WITHIN_S * LOADED
        assert running.process.returncode == 3
        told = json.loads(out.splitlines()[-1])
        assert (told["status"], told["reason"]) == ("stopped", "SIGTERM")
        assert [event.type for event in read_events(running.run)][-2:] == ["went-safe", "run-ended"]
        assert not (running.run / "guardian.txt").exists()


def test_a_stop_file_that_says_now_ends_a_long_wait(tmp_path: Path) -> None:
    """A dwell of three hours, which is two minutes at this speed."""
    long = f"{PLAN}\n[presentation]\ndwell_s = 12000"
    with engine(tmp_path, plan=long) as running:
        running.wait_until(lambda: running.says("tokens-encoded"))
        time.sleep(0.5)
        (running.run / STOP).write_text("now")
        out, _ = running.process.communicate(timeout=20)
        assert running.process.returncode == 3
        assert json.loads(out.splitlines()[-1])["reason"].startswith("a file named stop")


def test_an_engine_goes_safe_when_its_guardian_dies(tmp_path: Path) -> None:
    with engine(tmp_path) as running:
        running.wait_for_training()
        killed_s = monotonic()
        guardian_of(running).kill()
        out, _ = running.process.communicate(timeout=60)
        assert running.safe_after_s(killed_s) < WITHIN_S * LOADED
        assert running.process.returncode == 4
        assert "guardian" in json.loads(out.splitlines()[-1])["reason"]


def test_an_engine_goes_safe_when_its_guardian_hangs_and_leaves_no_lock_behind(tmp_path: Path) -> None:
    with engine(tmp_path) as running:
        running.wait_for_training()
        guardian = guardian_of(running)
        hung_s = monotonic()
        guardian.suspend()
        out, _ = running.process.communicate(timeout=60)
        assert SILENT_S < running.safe_after_s(hung_s) < (SILENT_S + WITHIN_S) * LOADED
        assert running.process.returncode == 4
        told = json.loads(out.splitlines()[-1])
        assert told["status"] == "failed"
        assert "has not answered for 2 s: it hangs or is suspended" in told["reason"]
        assert [event.type for event in read_events(running.run)][-2:] == ["went-safe", "run-ended"]
        assert not guardian.is_running() or guardian.status() == psutil.STATUS_ZOMBIE
        assert str(running.run) not in str(held(usual_folder()))


def test_when_all_programs_were_stopped_for_a_while_neither_blames_the_other(tmp_path: Path) -> None:
    """As where the computer slept, or was too busy."""
    with engine(tmp_path) as running:
        running.wait_for_training()
        both = (psutil.Process(running.process.pid), guardian_of(running))
        for process in both:
            process.suspend()
        time.sleep(2 * SILENT_S)
        for process in both:
            process.resume()
        before = running.count("presented")
        running.wait_until(lambda: running.count("presented") > before + 50)
        assert not (running.run / "guardian.txt").exists()
