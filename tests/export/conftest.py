"""A run of each kind, made once; windows that need no screen."""

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from tests.support.made_runs import MADE

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

Made = Callable[[str], Path]


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The folder of a run of this kind, made when it is asked for."""
    return cache(lambda kind: MADE[kind](tmp_path_factory.mktemp(kind)))
