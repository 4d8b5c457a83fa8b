"""One program a bench: locks between real processes."""

import json
import os
import re
import socket
import subprocess
import sys

import psutil
import pytest

from instruments.locks import HeldError, Hold, canonical, held, usual_folder

HOLDER = """
import sys
from pathlib import Path
from instruments.locks import Hold
hold = Hold(sys.argv[2:], Path(sys.argv[1]), "run 0007-train")
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def hold_elsewhere(tmp_path):
    """Start a process that holds addresses until it is told to end or killed."""
    processes = []

    def start(*addresses):
        process = subprocess.Popen(
            [sys.executable, "-c", HOLDER, str(tmp_path), *addresses],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        )
        processes.append(process)
        assert process.stdout.readline() == "held\n"
        return process

    yield start
    for process in processes:
        process.kill()
        process.communicate()


def test_two_programs_cannot_hold_one_instrument_and_the_message_says_who_does(tmp_path, hold_elsewhere):
    other = hold_elsewhere("GPIB0::12::INSTR")
    with pytest.raises(HeldError) as caught:
        Hold(["gpib::12"], tmp_path, "me")
    pattern = r"GPIB0::12::INSTR is held by run 0007-train \(pid (\d+) on (.+)\) since \d{4}-\d\d-\d\d \d\d:\d\d"
    pid, host = re.match(pattern, str(caught.value)).groups()
    assert (int(pid), host) == (other.pid, socket.gethostname())
    assert [(holder.address, holder.pid) for holder in held(tmp_path)] == [("GPIB0::12::INSTR", other.pid)]


def test_other_instruments_are_free_and_a_refusal_gives_back_what_was_taken(tmp_path, hold_elsewhere):
    hold_elsewhere("GPIB0::12::INSTR")
    with pytest.raises(HeldError):
        Hold(["GPIB0::7::INSTR", "GPIB0::12::INSTR", "GPIB0::11::INSTR"], tmp_path, "me")
    with Hold(["GPIB0::7::INSTR", "GPIB0::11::INSTR"], tmp_path, "me"):
        assert {holder.address[7:-7] for holder in held(tmp_path)} == {"7", "11", "12"}


def test_a_killed_holder_leaves_nothing_that_hinders_the_next(tmp_path, hold_elsewhere):
    other = hold_elsewhere("GPIB0::12::INSTR", "GPIB0::13::INSTR")
    other.kill()
    other.wait()
    assert len(list(tmp_path.glob("*.json"))) == 2
    assert held(tmp_path) == ()
    with Hold(["GPIB0::12::INSTR"], tmp_path, "me"):
        assert [holder.program for holder in held(tmp_path)] == ["me"]


def test_a_killed_holder_that_its_parent_has_not_noticed_yet_is_not_alive(tmp_path, hold_elsewhere):
    other = hold_elsewhere("GPIB0::12::INSTR")
    other.kill()
    while psutil.Process(other.pid).status() != psutil.STATUS_ZOMBIE:
        pass
    assert held(tmp_path) == ()


@pytest.mark.parametrize(
    "change",
    [{"pid": 2**22 + 1}, {"created_s": psutil.Process().create_time() - 3600.0}],
    ids=["no such process", "the pid was used again"],
)
def test_a_stale_note_is_recognised_and_overwritten(tmp_path, change):
    with Hold(["GPIB0::12::INSTR"], tmp_path, "me"):
        (note,) = tmp_path.glob("*.json")
        stale = json.loads(note.read_text()) | change
    note.write_text(json.dumps(stale))
    assert held(tmp_path) == ()
    with Hold(["GPIB0::12::INSTR"], tmp_path, "me"):
        assert [holder.pid for holder in held(tmp_path)] == [os.getpid()]


def test_a_holder_on_another_host_is_reported_because_nobody_here_can_tell(tmp_path):
    with Hold(["GPIB0::12::INSTR"], tmp_path, "me"):
        (note,) = tmp_path.glob("*.json")
        foreign = json.loads(note.read_text()) | {"host": "elsewhere", "pid": 2**22 + 1}
    note.write_text(json.dumps(foreign))
    assert [str(holder).split(" since")[0] for holder in held(tmp_path)] == [f"me (pid {2**22 + 1} on elsewhere)"]


def test_a_torn_note_hinders_nobody(tmp_path, hold_elsewhere):
    hold_elsewhere("GPIB0::12::INSTR")
    (path,) = tmp_path.glob("*.json")
    for torn in ("", "{", "[]", '{"pid": 1}'):
        path.write_text(torn)
        assert held(tmp_path) == ()
    with pytest.raises(HeldError, match="held by another program that does not say who it is"):
        Hold(["GPIB0::12::INSTR"], tmp_path, "me")


def test_a_program_does_not_hold_one_instrument_twice(tmp_path):
    with Hold(["GPIB0::12::INSTR"], tmp_path, "me"), pytest.raises(HeldError, match=f"pid {os.getpid()}"):
        Hold(["gpib0::12"], tmp_path, "me")


def test_what_is_released_is_free(tmp_path):
    hold = Hold(["GPIB0::12::INSTR", "gpib::12"], tmp_path, "me")
    hold.release()
    hold.release()
    assert held(tmp_path) == ()
    with Hold(["GPIB0::12::INSTR"], tmp_path, "me"):
        pass


@pytest.mark.parametrize(
    ("spelling", "address"),
    [
        ("gpib::12", "GPIB0::12::INSTR"),
        (" GPIB0::12::INSTR ", "GPIB0::12::INSTR"),
        ("tcpip::127.0.0.1::5025::socket", "TCPIP0::127.0.0.1::5025::SOCKET"),
        ("usb0::0x05e6::0x6500::04432::INSTR", "USB0::0X05E6::0X6500::04432::0::INSTR"),
        ("nonsense", "NONSENSE"),
    ],
)
def test_an_address_has_one_spelling(spelling, address):
    assert canonical(spelling) == address


def test_locks_of_several_hosts_with_one_home_do_not_meet():
    assert usual_folder("mtjlab").name == socket.gethostname()
