"""The lock between processes: waited for, and never left behind."""

import os
import subprocess
import sys
from pathlib import Path

import file_lock
import pytest

SCRIPTS = Path(file_lock.__file__).parent
posix_only = pytest.mark.skipif(os.name == "nt", reason="inherited on POSIX only")


def test_a_held_lock_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    holder = path.open("a")
    assert file_lock.takes_lock(holder.fileno())
    waits: list[str] = []

    def holder_ends() -> None:
        waits.append("announced")
        holder.close()

    with file_lock.exclusive(path, on_wait=holder_ends), path.open("a") as third:
        assert not file_lock.takes_lock(third.fileno())
    assert waits == ["announced"]


def test_a_killed_holder_leaves_no_lock_behind(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    program = (
        f"import sys, time; sys.path.append({str(SCRIPTS)!r}); import file_lock, pathlib\n"
        f"with file_lock.exclusive(pathlib.Path({str(path)!r}), on_wait=sys.exit):\n"
        "    print('held', flush=True); time.sleep(600)\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline().strip() == b"held"
        with path.open("a") as file:
            assert not file_lock.takes_lock(file.fileno())
        holder.kill()
    with path.open("a") as file:
        assert file_lock.takes_lock(file.fileno())


@posix_only
def test_a_child_still_at_work_keeps_the_lock_of_its_parent(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with file_lock.exclusive(path, on_wait=sys.exit):
        child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, close_fds=False)
    with child, path.open("a") as file:
        assert not file_lock.takes_lock(file.fileno())
        child.communicate(b"\n")
        assert file_lock.takes_lock(file.fileno())
