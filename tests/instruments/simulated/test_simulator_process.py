"""Simulated instruments in a process of their own, over real sockets."""

import json
import os
import signal
import socket
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import psutil
import pytest

from instruments.simulated.client import ControlClient, LineClient
from instruments.simulated.process import RunningSimulators, start_simulators
from tests.instruments.simulated.simulated_samples import source, source_meter, spec_of, voltage_v, voltmeter

PATIENCE_S = 20.0
PREPARE = ":SOUR:CURR:RANG 2e-3;COMP 5;:OUTP 1;*OPC?"


def log_lines(path):
    return [json.loads(line) for line in Path(path).read_text("utf-8").splitlines()]


def of_kind(path, kind):
    return [line for line in log_lines(path) if line["kind"] == kind]


@pytest.fixture
def running(tmp_path):
    """Starts simulators of one source, one meter and one source-meter; all are ended afterwards."""
    started = []

    def start(*instruments, **kwargs) -> RunningSimulators:
        chosen = instruments or (source("6221", 0), source_meter(1), voltmeter("2182A", 0))
        spec = spec_of(*chosen, log_path=str(tmp_path / f"log-{len(started)}.jsonl"), **kwargs)
        started.append(start_simulators(spec))
        return started[-1]

    yield start
    for simulators in started:
        simulators.stop()


@pytest.fixture
def log(tmp_path):
    return tmp_path / "log-0.jsonl"


def test_each_instrument_listens_on_a_port_of_its_own_and_both_parts_of_one_on_the_same(running):
    simulators = running()
    assert set(simulators.ports) == {"source J1", "source J2", "voltmeter J2", "voltmeter J1"}
    assert simulators.ports["source J2"] == simulators.ports["voltmeter J2"]
    assert len({*simulators.ports.values(), simulators.control_port}) == 4
    assert simulators.addresses["source J1"] == f"TCPIP0::127.0.0.1::{simulators.ports['source J1']}::SOCKET"


def test_what_a_source_drives_a_meter_reads(running):
    simulators = running()
    with LineClient(simulators.ports["source J1"]) as a_source, LineClient(simulators.ports["voltmeter J1"]) as meter:
        assert a_source.ask(PREPARE) == "1"
        assert a_source.ask(":SOUR:CURR -5e-4;*OPC?") == "1"
        meter.write(":SENS:VOLT:RANG 1;:SENS:VOLT:NPLC 0.1")
        assert float(meter.ask(":READ?")) == pytest.approx(voltage_v(0, "AP", -5e-4), abs=1e-4)


def test_two_clients_of_one_port_see_the_same_instrument(running):
    simulators = running()
    port = simulators.ports["source J1"]
    with LineClient(port) as engine, LineClient(port) as guardian:
        engine.ask(PREPARE + ";:SOUR:CURR -5e-4;*OPC?")
        assert guardian.ask(":OUTP?;:SOUR:CURR?") == "1;-5.000000E-04"
        guardian.ask(":SOUR:CURR 0;:OUTP 0;*OPC?")
        assert engine.ask(":OUTP?") == "0"


def test_a_client_that_vanishes_leaves_the_output_as_it_is(running):
    simulators = running()
    with LineClient(simulators.ports["source J1"]) as engine:
        engine.ask(PREPARE + ";:SOUR:CURR -5e-4;*OPC?")
    state = simulators.state()
    assert state["sources_a"][0] == -5e-4
    assert state["outputs_on"] == [True, False, False]


def test_what_was_sent_before_hanging_up_is_still_done(running):
    simulators = running()
    with LineClient(simulators.ports["source J1"]) as engine:
        engine.write(PREPARE)
        engine.write(":SOUR:CURR -1e-4")
    with LineClient(simulators.ports["source J1"]) as engine:
        assert engine.ask(":SOUR:CURR?") == "-1.000000E-04"


def test_messages_may_come_in_pieces_and_several_at_once(running):
    simulators = running()
    with socket.create_connection(("127.0.0.1", simulators.ports["source J1"]), PATIENCE_S) as link:
        link.sendall(b"*ID")
        link.sendall(b"N?\r\n\n*OPC?\n")
        received = b""
        while received.count(b"\n") < 2:
            received += link.recv(4096)
    assert received.split(b"\n")[1] == b"1"
    assert received.startswith(b"KEITHLEY")


def test_a_reply_never_leaves_before_its_bench_time(running, log):
    simulators = running(speed=3.0)
    with LineClient(simulators.ports["voltmeter J1"], PATIENCE_S) as meter:
        meter.write(":SENS:VOLT:NPLC 1")
        for _ in range(5):
            meter.ask(":READ?")
    simulators.stop()
    asked = [line["t_s"] for line in of_kind(log, "in") if line["text"] == ":READ?"]
    answered = [line["t_s"] for line in of_kind(log, "out")]
    assert [late - early for early, late in zip(asked, answered, strict=True)] == pytest.approx([0.02] * 5, abs=1e-6)
    clocks = [(line["t_s"], line["at_s"], line["unix_s"]) for line in log_lines(log)]
    assert all((b - a) / 3.0 == pytest.approx(d - c, abs=3e-6) for (a, c, _), (b, d, _) in pairwise(clocks))


def test_a_late_reply_is_late_over_sockets_too(running, log):
    simulators = running(faults=("source J1:late-reply=0.3,1",))
    with LineClient(simulators.ports["source J1"]) as engine:
        engine.write("*OPC?")
        with pytest.raises(TimeoutError):
            engine.read(timeout_s=0.05)
        assert engine.read(timeout_s=PATIENCE_S) == "1"
    simulators.stop()
    assert of_kind(log, "out")[0]["t_s"] - of_kind(log, "in")[0]["t_s"] >= 0.3


def test_a_disconnected_instrument_hangs_up_and_takes_nobody_until_it_is_back(running):
    simulators = running()
    with LineClient(simulators.ports["source J1"]) as engine:
        engine.ask(PREPARE + ";:SOUR:CURR -5e-4;*OPC?")
        simulators.fault("source J1:disconnect")
        with pytest.raises(ConnectionError):
            engine.read()
    with pytest.raises(OSError, match=r".*"), LineClient(simulators.ports["source J1"]) as again:
        again.ask("*IDN?")
    assert simulators.state()["sources_a"][0] == -5e-4


def test_an_idle_connection_is_closed_and_a_new_one_is_taken(running, log):
    simulators = running(speed=10.0, faults=("source J1:closes-idle=2",))
    port = simulators.ports["source J1"]
    with LineClient(port, PATIENCE_S) as engine, LineClient(simulators.ports["voltmeter J1"]) as meter:
        engine.ask(PREPARE + ";:SOUR:CURR -5e-4;*OPC?")
        with pytest.raises(ConnectionError):
            engine.read()
        assert meter.ask("*OPC?") == "1"
    with LineClient(port) as again:
        assert again.ask(":OUTP?;:SOUR:CURR?") == "1;-5.000000E-04"
    (asked,) = [line for line in of_kind(log, "in") if line["text"].startswith(PREPARE)]
    assert simulators.state()["t_s"] - asked["t_s"] >= 2.0


def test_who_talks_is_not_idle(running):
    simulators = running(speed=10.0, faults=("source J1:closes-idle=5",))
    with LineClient(simulators.ports["source J1"]) as engine:
        while simulators.state()["t_s"] < 10.0:
            assert engine.ask("*OPC?") == "1"


def test_an_instrument_has_as_many_addresses_as_asked_for(running):
    simulators = running()
    with ControlClient(simulators.control_port) as control:
        other = control.listen("source J1")
        with pytest.raises(ValueError, match="there is no source J9"):
            control.listen("source J9")
    assert other not in simulators.ports.values()
    with LineClient(simulators.ports["source J1"]) as one, LineClient(other) as two:
        assert one.ask("*IDN?") == two.ask("*IDN?")
        one.ask(PREPARE + ";:SOUR:CURR -5e-4;*OPC?")
        assert two.ask(":OUTP?;:SOUR:CURR?") == "1;-5.000000E-04"


def test_the_control_port_tells_the_truth_and_changes_the_field(running):
    simulators = running()
    with ControlClient(simulators.control_port) as control:
        assert control.state()["field_t"] == 6e-3
        control.field(7.5)
        state = control.state()
    assert state["field_t"] == pytest.approx(7.5e-3)
    assert state["states"] == ["AP", "P", "AP"]
    assert set(state) == {
        "t_s", "sources_a", "outputs_on", "limited", "junctions_a", "junctions_v", "states", "field_t",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("request_line", "sentence"),
    [
        ("no JSON", "was not done"),
        ('{"do":"dance"}', "do is one of state, fault, field, listen, stop"),
        ('{"do":"fault"}', "fault"),
        ("[]", "was not done"),
        ('{"do":"fault","fault":"x"}', "TARGET:KIND"),
    ],
)
def test_the_control_port_refuses_with_a_sentence_and_goes_on(running, request_line, sentence):
    with LineClient(running().control_port) as control:
        answer = json.loads(control.ask(request_line))
        assert answer["ok"] is False
        assert sentence in answer["error"]
        assert json.loads(control.ask('{"do":"state"}'))["ok"] is True


def test_the_log_holds_every_message_output_and_current_in_the_order_of_bench_time(running, log):
    simulators = running(source_settling_s=5e-3)
    with LineClient(simulators.ports["source J1"]) as engine:
        engine.ask(PREPARE)
        engine.ask(":SOUR:CURR -5e-4;*OPC?")
        simulators.field(6.5)
        simulators.fault("source J2:dead-output")
        engine.ask(":SOUR:CURR 0;:OUTP 0;*OPC?")
    simulators.stop()
    lines = log_lines(log)
    assert lines[0]["kind"] == "start"
    assert lines[0]["simulated"] is True
    assert lines[-1]["kind"] == "end"
    assert lines[-1]["reason"] == "stopped"
    assert [line["t_s"] for line in lines] == sorted(line["t_s"] for line in lines)
    assert [line["text"] for line in of_kind(log, "out")] == ["1", "1", "1"]
    assert [(line["role"], line["on"]) for line in of_kind(log, "output")] == [
        ("source J1", True),
        ("source J1", False),
    ]
    assert [line["fault"] for line in of_kind(log, "fault")] == ["source J2:dead-output"]
    currents_a = [line["junctions_a"][0] for line in of_kind(log, "currents")]
    assert len(currents_a) > 5
    assert all(-5e-4 <= current_a <= 0.0 for current_a in currents_a)
    assert currents_a[-1] == 0.0
    assert of_kind(log, "states")[0]["states"] == ["AP", "P", "AP"]


def test_the_log_outlives_an_engine_that_is_killed(running, log, tmp_path):
    simulators = running()
    engine = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys; from instruments.simulated.client import LineClient\n"
            f"c = LineClient({simulators.ports['source J1']}); print(c.ask({PREPARE!r}), flush=True)\n"
            "c.ask(':SOUR:CURR -5e-4;*OPC?'); print('set', flush=True); sys.stdin.read()",
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with engine:
        assert engine.stdout.readline() + engine.stdout.readline() == "1\nset\n"
        engine.kill()
    assert simulators.process.poll() is None
    assert simulators.state()["sources_a"][0] == -5e-4
    simulators.stop()
    assert of_kind(log, "currents")[-1]["junctions_a"][0] == -5e-4


STARTER = """
import sys
from pathlib import Path
from instruments.simulated.process import start_simulators
from instruments.simulated.spec import SimulatorSpec
running = start_simulators(SimulatorSpec.from_json(sys.argv[1]))
print(running.ports["source J1"], running.process.pid, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def killed_starter(log):
    """Starts simulators from a process of their own, lets somebody connect, and kills that process."""

    def start(linger_s):
        spec = spec_of(source("6221"), log_path=str(log), linger_s=linger_s)
        command = [sys.executable, "-c", STARTER, spec.to_json()]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as starter:
            port, pid = map(int, starter.stdout.readline().split())
            client = LineClient(port, PATIENCE_S)
            assert client.ask(PREPARE) == "1"
            process = psutil.Process(pid)
            starter.kill()
        return client, process

    return start


def test_they_end_with_whoever_started_them_even_if_that_is_killed_and_somebody_is_connected(killed_starter, log):
    client, process = killed_starter(linger_s=None)
    with client, pytest.raises(ConnectionError):
        client.read()
    psutil.wait_procs([process], PATIENCE_S)
    assert not process.is_running()
    assert of_kind(log, "end")[0]["reason"] == "left alone"


def test_they_outlive_a_killed_starter_for_its_rescuer_and_end_when_that_has_nothing_more_to_say(killed_starter, log):
    client, process = killed_starter(linger_s=2.0)
    with client:
        assert client.ask(":OUTP 0;*OPC?") == "1"
        with pytest.raises(ConnectionError):
            client.read()
    psutil.wait_procs([process], PATIENCE_S)
    assert not process.is_running()
    assert of_kind(log, "output")[-1]["on"] is False


def test_they_stay_for_a_rescuer_however_slow_and_end_by_themselves_after_it(running, log):
    simulators = running()
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as rescuer:
        simulators.stay_for(rescuer.pid)
        simulators.leave()
        with LineClient(simulators.ports["source J1"], PATIENCE_S) as client:
            assert client.ask(PREPARE) == "1"
            rescuer.stdin.close()
            with pytest.raises(ConnectionError):
                client.read()
    simulators.process.wait(PATIENCE_S)
    assert of_kind(log, "end")[0]["reason"] == "left alone"


def test_where_nobody_lives_for_whom_they_stay_they_end_at_once(running):
    simulators = running()
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as rescuer:
        simulators.stay_for(rescuer.pid)
        rescuer.stdin.close()
    simulators.leave()
    assert simulators.process.poll() == 0


def test_it_stays_in_a_session_of_its_own_and_ignores_interrupts(running):
    simulators = running()
    if hasattr(os, "getsid"):
        assert os.getsid(simulators.process.pid) != os.getsid(0)
        for number in (signal.SIGINT, signal.SIGHUP):
            simulators.process.send_signal(number)
    assert simulators.state()["t_s"] > 0.0
    assert simulators.process.poll() is None


def test_a_specification_that_cannot_be_simulated_is_refused_before_anything_listens(tmp_path):
    with pytest.raises(ValueError, match=r"did not start: Keithley 2461 cannot be simulated"):
        start_simulators(spec_of(source("Keithley 2461"), log_path=str(tmp_path / "log.jsonl")))
    with pytest.raises(ValueError, match=r"did not start: fault 'junction J9:short'"):
        start_simulators(spec_of(source("6221"), log_path=str(tmp_path / "log2.jsonl"), faults=("junction J9:short",)))


def test_an_existing_log_is_never_overwritten(tmp_path):
    path = tmp_path / "log.jsonl"
    path.write_text("precious")
    with pytest.raises(ValueError, match="did not start"):
        start_simulators(spec_of(source("6221"), log_path=str(path)))
    assert path.read_text() == "precious"


def test_it_can_be_started_by_hand_with_a_file(tmp_path):
    spec_path = tmp_path / "spec.json"
    spec_path.write_text(spec_of(source("6221"), log_path=str(tmp_path / "log.jsonl")).to_json())
    by_hand = subprocess.Popen(
        [sys.executable, "-m", "instruments.simulated", str(spec_path)], stdout=subprocess.PIPE, text=True
    )
    with by_hand:
        ready = json.loads(by_hand.stdout.readline())
        with ControlClient(ready["control_port"]) as control:
            control.stop()
        assert by_hand.wait(PATIENCE_S) == 0
    assert list(ready["ports"]) == ["source J1"]
