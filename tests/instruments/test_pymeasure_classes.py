"""Drivers stand on PyMeasure's own classes, and load no more of PyMeasure than these need."""

import subprocess
import sys
from importlib import import_module
from inspect import isclass

import pytest

from instruments import pymeasure_classes


@pytest.mark.parametrize("package", ["agilent", "keithley", "kepco", "yokogawa"])
def test_they_are_the_classes_that_everybody_else_gets(package: str) -> None:
    whole = import_module(f"pymeasure.instruments.{package}")
    ours = [
        one for one in vars(pymeasure_classes).values() if isclass(one) and one.__module__.startswith(whole.__name__)
    ]
    assert ours
    assert ours == [getattr(whole, one.__name__) for one in ours]


def test_no_driver_loads_pandas() -> None:
    program = "import sys, instruments.connect; print('pandas' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False"]
