"""``pytest --bench FILE -m hardware`` runs the tests of bench behaviour on the instruments of that bench file."""

from pathlib import Path

import pytest
from hypothesis import settings


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


settings.register_profile("house", deadline=None)  # nothing is timed: the machine may be busy
settings.load_profile("house")
