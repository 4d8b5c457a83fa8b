"""``pytest --bench FILE -m hardware`` runs the tests of bench behaviour on the instruments of that bench file.

All tests run in several processes at a time, each with a memory and locks of its own; what is chosen by file or name
runs in one, where output and debugger work as usual. ``-n`` overrules that.
"""

import gc
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, settings

from instruments.locks import held

MOST_PROCESSES = 4
STATE = TemporaryDirectory(prefix="mtjlab-tests-", ignore_cleanup_errors=True)
os.environ["XDG_STATE_HOME"] = STATE.name  # before anything is imported that reads it
os.environ["MTJLAB_LOCKS"] = os.path.join(STATE.name, "locks")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as mtjlab has it: its threads only wait for each other
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # some hundred programs are started, each of which would compile again
sys.dont_write_bytecode = False
gc.disable()  # until all tests are collected: nothing of that is garbage


def pytest_configure(config: pytest.Config) -> None:
    """What programs remember of the last run, and the locks of their instruments, are nobody else's and do not last."""
    config.add_cleanup(STATE.cleanup)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The linters take longest by far: begun last, they would keep one process busy when all others are done."""
    items.sort(key=lambda item: not item.name.startswith("test_the_linters_are_content"))


def pytest_collection_finish() -> None:
    """Tests and all that they have imported stay to the end: no collector looks through them again and again."""
    gc.freeze()
    gc.enable()


@pytest.fixture(autouse=True, scope="module")
def no_instrument_stays_held() -> Iterator[None]:
    """A lock that a test of this process leaves behind keeps the next one from its instrument."""
    yield
    assert not [holder for holder in held(Path(os.environ["MTJLAB_LOCKS"])) if holder.pid == os.getpid()]


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """How many processes run the tests; 0 is the one that was started."""
    chosen = any(".py" in argument for argument in config.args)
    return 0 if chosen or config.getoption("--bench") else min(os.cpu_count() or 1, MOST_PROCESSES)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--bench", type=Path, help="bench file of real instruments for the tests marked hardware")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Tests that take a ``door`` run on every bench there is; the real one only where its file is given."""
    if "door" not in metafunc.fixturenames:
        return
    doors = [pytest.param(name, id=name) for name in ("in-process", "drivers", "tcp", "tcp-to-ground")]
    if metafunc.config.getoption("--bench"):
        doors.append(pytest.param("real", id="real", marks=pytest.mark.hardware))
    metafunc.parametrize("door", doors, scope="module")


# Nothing is timed: the machine may be busy.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")
