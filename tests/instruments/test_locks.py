"""One program a bench: locks between real processes, of one user and of several."""

import json
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
import pytest

from instruments.interfaces import HeldError, Identity
from instruments.lock_file import take
from instruments.locks import SHARED_FOLDERS, Hold, held, usual_folder

GPIB12, GPIB13 = "GPIB0::12::INSTR", "GPIB0::13::INSTR"
SOURCE = Identity("KEITHLEY", "MODEL 6221", "1234567", "D01")
NOBODY = 65534
PROGRAM = "run 0007-train"

HOLDER = """
import os, sys
from pathlib import Path
from instruments.interfaces import Identity
from instruments.lock_names import canonical
from instruments.locks import Hold
canonical("GPIB0::12::INSTR")  # loads all it needs: another user may not read these files
os.umask(0o077)
user = int(sys.argv[2])
if user:
    os.setgroups([])
    os.setgid(user)
    os.setuid(user)
hold = Hold(Path(sys.argv[1]), sys.argv[3])
try:
    hold.take(*sys.argv[5:])
    if sys.argv[4]:
        hold.recognise(sys.argv[5], Identity("KEITHLEY", "MODEL 6221", sys.argv[4], "D04"))
    print("held", flush=True)
except Exception as error:
    print(type(error).__name__, error, flush=True)
sys.stdin.read()
"""

for_root = pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="only root may become another user")


@pytest.fixture
def folder():
    """As a system has it: everybody may write, nobody may remove what is another's. (pytest's own is for one user.)"""
    with TemporaryDirectory() as name:
        Path(name).chmod(0o1777)
        yield Path(name)


@pytest.fixture
def said_elsewhere(folder):
    """Start a process that holds addresses until it is ended or killed; returns it and what it said."""
    processes = []

    def start(*addresses, serial="", user=0):
        process = subprocess.Popen(
            [sys.executable, "-c", HOLDER, str(folder), str(user), PROGRAM, serial, *addresses],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        )
        processes.append(process)
        return process, process.stdout.readline().strip()

    yield start
    for process in processes:
        process.kill()
        process.communicate()


@pytest.fixture
def hold_elsewhere(said_elsewhere):
    def start(*addresses, **how):
        process, said = said_elsewhere(*addresses, **how)
        assert said == "held"
        return process

    return start


def addresses_held(folder):
    return sorted(address for holder in held(folder) for address in holder.addresses)


def refusal(folder, *addresses):
    with Hold(folder, "me") as hold, pytest.raises(HeldError) as caught:
        hold.take(*addresses)
    return str(caught.value)


def test_two_programs_cannot_hold_one_instrument_and_the_message_says_who_does(folder, hold_elsewhere):
    other = hold_elsewhere(GPIB12)
    begins = f"gpib::12 is held by {PROGRAM} (pid {other.pid} on {socket.gethostname()}) since 20"
    assert refusal(folder, "gpib::12").startswith(begins)
    assert [(holder.addresses, holder.pid) for holder in held(folder)] == [((GPIB12,), other.pid)]


def test_other_instruments_are_free_and_a_refusal_gives_back_what_was_taken(folder, hold_elsewhere):
    hold_elsewhere(GPIB12)
    refusal(folder, "GPIB0::7::INSTR", GPIB12, "GPIB0::21::INSTR")
    with Hold(folder, "me") as hold:
        hold.take("GPIB0::7::INSTR", "GPIB0::21::INSTR")
        assert addresses_held(folder) == [GPIB12, "GPIB0::21::INSTR", "GPIB0::7::INSTR"]


def test_a_second_address_of_an_instrument_is_met_when_it_has_said_who_it_is(folder, hold_elsewhere):
    other = hold_elsewhere("TCPIP::10.0.0.7::inst0::INSTR", serial=SOURCE.serial)
    with Hold(folder, "me") as hold:
        hold.take("TCPIP::10.0.0.7::5025::SOCKET")
        with pytest.raises(HeldError, match=rf"5025::SOCKET \(KEITHLEY .* is held by .*pid {other.pid}"):
            hold.recognise("TCPIP::10.0.0.7::5025::SOCKET", SOURCE)
        hold.recognise("TCPIP::10.0.0.8::5025::SOCKET", Identity("KEITHLEY", "MODEL 6221", "1234568", "D01"))


def test_one_instrument_does_not_play_two_parts_at_two_addresses(folder):
    with Hold(folder, "me") as hold:
        hold.recognise(GPIB12, SOURCE)
        hold.recognise("gpib::12", SOURCE)
        with pytest.raises(HeldError, match=rf"{GPIB13} and {GPIB12} are the same instrument"):
            hold.recognise(GPIB13, SOURCE)


def test_instruments_without_a_serial_number_are_as_many_as_their_addresses(folder):
    clone = Identity("NOBODY", "CLONE", "0", "1")
    with Hold(folder, "me") as hold, Hold(folder, "another") as another:
        hold.recognise(GPIB12, clone)
        hold.recognise(GPIB13, clone)
        another.recognise("GPIB0::14::INSTR", clone)


def test_a_killed_holder_leaves_nothing_that_hinders_the_next(folder, hold_elsewhere):
    other = hold_elsewhere(GPIB12, GPIB13, serial=SOURCE.serial)
    other.kill()
    other.wait()
    assert len(list(folder.glob("*.json"))) == 1
    assert held(folder) == ()
    with Hold(folder, "me") as hold:
        hold.take(GPIB12, GPIB13)
        hold.recognise(GPIB12, SOURCE)
        assert [holder.program for holder in held(folder)] == ["me"]
        assert len(list(folder.glob("*.json"))) == 1
    assert list(folder.iterdir()) == []


def test_the_next_program_tidies_up_what_a_killed_one_held_and_nobody_else_wants(folder, hold_elsewhere):
    other = hold_elsewhere(GPIB12, GPIB13, serial=SOURCE.serial)
    other.kill()
    other.wait()
    with Hold(folder, "me") as hold:
        hold.take("GPIB0::7::INSTR")
        assert len(list(folder.iterdir())) == 2
    assert list(folder.iterdir()) == []


def test_locks_that_come_and_go_are_never_held_by_two(folder):
    """The file of a lock is removed with it, while others may just have opened it."""
    holders, most, counting = 0, 0, threading.Lock()

    def take_and_release():
        nonlocal holders, most
        for _ in range(300):
            lock = take(folder / "one.lock")
            if lock is None:
                continue
            with counting:
                holders += 1
                most = max(most, holders)
            with counting:
                holders -= 1
            lock.release()

    threads = [threading.Thread(target=take_and_release) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1
    assert list(folder.iterdir()) == []


def test_a_killed_holder_that_its_parent_has_not_noticed_yet_is_not_alive(folder, hold_elsewhere):
    other = hold_elsewhere(GPIB12)
    other.kill()
    while psutil.Process(other.pid).status() != psutil.STATUS_ZOMBIE:
        pass
    assert held(folder) == ()


@pytest.mark.parametrize(
    "change",
    [{"pid": 2**22 + 1}, {"created_s": psutil.Process().create_time() - 3600.0}],
    ids=["no such process", "the pid was used again"],
)
def test_a_stale_note_is_recognised(folder, change):
    with Hold(folder, "me") as hold:
        hold.take(GPIB12)
        (note,) = folder.glob("*.json")
        note.write_text(json.dumps(json.loads(note.read_text()) | change))
        assert held(folder) == ()


def test_a_holder_on_another_host_is_reported_because_nobody_here_can_tell(folder):
    with Hold(folder, "me") as hold:
        hold.take(GPIB12)
        (note,) = folder.glob("*.json")
        note.write_text(json.dumps(json.loads(note.read_text()) | {"host": "elsewhere", "pid": 2**22 + 1}))
        assert [str(holder).split(" since")[0] for holder in held(folder)] == [f"me (pid {2**22 + 1} on elsewhere)"]


def torn(note):
    note.write_text('{"pid": 1')


def of_another_shape(note):
    note.write_text('[{"program": "me"}]')


def huge(note):
    note.write_text(note.read_text() + " " * 10**6)


def a_link(note):
    elsewhere = note.with_name("elsewhere")
    note.rename(elsewhere)
    note.symlink_to(elsewhere)


def a_pipe(note):
    note.unlink()
    os.mkfifo(note)


@pytest.mark.skipif(sys.platform == "win32", reason="pipes and links in a folder are a POSIX thing")
@pytest.mark.parametrize("change", [torn, of_another_shape, huge, a_link, a_pipe])
def test_a_note_that_is_none_hinders_nobody_and_hides_no_lock(folder, hold_elsewhere, change):
    hold_elsewhere(GPIB12)
    (path,) = folder.glob("*.json")
    change(path)
    assert held(folder) == ()
    assert "held by an unknown program" in refusal(folder, GPIB12)


def test_what_a_note_says_reaches_a_terminal_as_plain_short_text(folder):
    with Hold(folder, "\x1b[31mred\n\u202e" + "x" * 10_000) as hold:
        hold.take(GPIB12)
        (holder,) = held(folder)
        assert holder.program.startswith("[31mredxxx")
        assert len(holder.program) == 200


@pytest.mark.skipif(sys.platform == "win32", reason="pipes and links in a folder are a POSIX thing")
@pytest.mark.parametrize("change", [a_link, a_pipe, lambda lock: (lock.unlink(), lock.mkdir())])
def test_a_lock_that_somebody_put_something_else_for_is_refused_and_nothing_is_followed(folder, change):
    with Hold(folder, "me") as hold:
        hold.take(GPIB12)
        (lock,) = folder.glob("*.lock")
    lock.touch()
    change(lock)
    assert "no lock on an instrument can be taken there" in refusal(folder, GPIB12)


def test_a_lock_that_is_removed_while_it_is_held_is_no_reason_for_a_second_to_wait_for_ever(folder):
    with Hold(folder, "me") as hold:
        hold.take(GPIB12)
        (lock,) = folder.glob("*.lock")
        lock.unlink()
        hold.renew()
    with Hold(folder, "me") as hold:
        hold.take(GPIB12)


def test_a_long_run_keeps_its_locks_from_programs_that_remove_old_files(folder):
    with Hold(folder, "me") as hold:
        hold.take(GPIB12)
        (lock,) = folder.glob("*.lock")
        os.utime(lock, (1, 1))
        hold.renew()
        assert lock.stat().st_mtime > 1e9


def test_a_program_does_not_hold_one_instrument_twice(folder):
    with Hold(folder, "me") as hold:
        hold.take(GPIB12)
        hold.take("gpib::12", GPIB13)
        assert f"pid {os.getpid()}" in refusal(folder, "gpib0::12")


def test_what_is_released_is_free(folder):
    hold = Hold(folder, "me")
    hold.take(GPIB12, "gpib::12")
    hold.recognise(GPIB12, SOURCE)
    for _ in range(2):
        hold.release()
    assert held(folder) == ()
    with Hold(folder, "me") as again:
        again.take(GPIB12)
        again.recognise(GPIB13, SOURCE)


def test_a_folder_where_no_lock_can_be_taken_is_a_sentence(tmp_path):
    (tmp_path / "file").touch()
    told = refusal(tmp_path / "file" / "locks", GPIB12)
    assert told.startswith(
        f"{tmp_path / 'file' / 'locks'}: no lock on an instrument can be taken there (Not a directory)"
    )


@for_root
@pytest.mark.parametrize(("first", "second"), [(0, NOBODY), (NOBODY, 0), (NOBODY, NOBODY - 1)])
def test_users_of_one_computer_meet_whoever_made_the_lock(folder, hold_elsewhere, said_elsewhere, first, second):
    """Under a sticky folder, with an umask that shares nothing."""
    made = hold_elsewhere(GPIB12, serial=SOURCE.serial, user=first)
    for address, serial in ((GPIB12, ""), ("gpib::12", ""), (GPIB13, SOURCE.serial)):
        _, said = said_elsewhere(address, serial=serial, user=second)
        assert said.startswith("HeldError ")
        assert f"is held by {PROGRAM} (pid {made.pid}" in said
    made.kill()
    made.wait()
    hold_elsewhere(GPIB12, serial=SOURCE.serial, user=second)
    _, said = said_elsewhere(GPIB12, user=first)
    assert said.startswith("HeldError ")


def test_all_users_of_a_computer_look_for_locks_in_one_place(monkeypatch, tmp_path):
    monkeypatch.delenv("MTJLAB_LOCKS")
    for variable in ("HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR", "TMPDIR"):
        monkeypatch.setenv(variable, str(tmp_path))
    here = usual_folder()
    assert tmp_path not in (here, *here.parents)
    if sys.platform != "win32":
        assert str(here) in SHARED_FOLDERS
        assert here.stat().st_mode & 0o1002 == 0o1002


def test_a_place_of_ones_own_is_for_tests(monkeypatch, tmp_path):
    monkeypatch.setenv("MTJLAB_LOCKS", str(tmp_path))
    assert usual_folder() == Path(tmp_path)
