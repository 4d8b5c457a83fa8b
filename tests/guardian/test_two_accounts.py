"""Two accounts of one computer on one bench: the second is refused, and the first never notices."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic

import pytest

from instruments.simulated.client import ControlClient
from instruments.simulated.log_reading import messages
from mtjlab.benches.simulators import redirected, simulated
from mtjlab.config import read_bench
from mtjlab.reading import read_events
from mtjlab.store import JOURNAL, STOP
from tests.support.commands import ACROSS, RealBench
from tests.support.engines import PATIENCE_S, UNDRAWN, surrounded
from tests.support.equipment import with_simulation


@pytest.fixture
def real(tmp_path: Path) -> Iterator[RealBench]:
    config = with_simulation(read_bench(ACROSS), speed=1.0)  # as fast as any that a bench file names
    with simulated(config, tmp_path / "log.jsonl", seed=0, linger_s=None) as running:
        yield RealBench(redirected(config, running), running, tmp_path / "log.jsonl")


class Account:
    """Somebody with a home of their own."""

    def __init__(self, home: Path) -> None:
        home.mkdir()
        self._home = home

    def start(self, *command: str | Path) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, str(UNDRAWN), *map(str, command), "--confirm-shorted", "--quiet", "--json"],
            cwd=self._home,
            env=surrounded(self._home) | {"HOME": str(self._home)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self) -> Path:
        return next(self._home.glob("runs/*/*"))

    def says(self, kind: str) -> bool:
        return any(f'"type":"{kind}"' in path.read_text() for path in self._home.glob(f"runs/*/*/{JOURNAL}"))


@pytest.fixture
def first(tmp_path: Path, real: RealBench) -> Iterator[tuple[Account, "subprocess.Popen[str]"]]:
    """Holds the bench by hand."""
    account = Account(tmp_path / "first")
    process = account.start("live", "--bench", real.write(tmp_path / "b.toml"), "--every", "0.05")
    try:
        until(lambda: account.says("junctions-read"), process)
        yield account, process
    finally:
        process.kill()
        process.communicate()


def until(holds: Callable[[], bool], process: "subprocess.Popen[str]") -> None:
    end_s = monotonic() + PATIENCE_S
    while not holds():
        assert process.poll() is None, process.communicate()
        assert monotonic() < end_s
        time.sleep(0.02)


def by_host_name(real: RealBench, role: str) -> str:
    return real.running.addresses[role].replace("127.0.0.1", "localhost")


def by_another_port(real: RealBench, role: str) -> str:
    with ControlClient(real.running.control_port) as control:
        return f"TCPIP0::127.0.0.1::{control.listen(role)}::SOCKET"


def at(real: RealBench, address: Callable[[RealBench, str], str], file: Path) -> Path:
    """A bench file that reaches the same instruments in another way."""
    content = real.config.model_dump(mode="json", exclude_none=True)
    for table, part in (("sources", "source"), ("voltmeters", "voltmeter")):
        for label, section in content[table].items():
            section["address"] = address(real, f"{part} {label}")
    return real.write(file, sources=content["sources"], voltmeters=content["voltmeters"])


def said(real: RealBench, since: int) -> set[str]:
    return {message.text for message in list(messages(real.log))[since:] if not message.reply}


def test_a_bench_in_use_is_refused_to_another_account_at_whatever_address(
    tmp_path: Path, real: RealBench, first: tuple[Account, "subprocess.Popen[str]"]
) -> None:
    account, holder = first
    usual = said(real, 0) - {"*IDN?"}
    for file, code, heard in (
        (at(real, by_host_name, tmp_path / "named.toml"), 2, set()),
        (at(real, by_another_port, tmp_path / "other.toml"), 4, {"*IDN?"}),
    ):
        before = len(list(messages(real.log)))
        second = Account(tmp_path / file.stem).start("check", "--bench", file)
        out, err = second.communicate(timeout=PATIENCE_S)
        told = " ".join(err.split()) if code == 2 else json.loads(out.splitlines()[-1])["reason"]
        assert second.returncode == code
        assert f"is held by mtjlab live, run {account.run().parent.name}/{account.run().name} (pid " in told
        assert said(real, before) - usual == heard
    assert holder.poll() is None
    (account.run() / STOP).touch()
    out, _ = holder.communicate(timeout=PATIENCE_S)
    told = json.loads(out.splitlines()[-1])
    assert (holder.returncode, told["status"], told["safe"]) == (3, "stopped", True)
    assert not any(
        event.type == "bench-connected" for event in read_events(next((tmp_path / "other").glob("runs/*/*")))
    )
