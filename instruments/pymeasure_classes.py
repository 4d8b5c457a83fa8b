"""PyMeasure classes used by drivers and lines.

The Keithley and Agilent packages of PyMeasure import pandas, for instruments not used here: half a second in every
engine and guardian. So their modules are imported here without the package. The adapters import ``unittest.mock``, and
with it asyncio and TLS, for a test adapter: it is imported when a mock is made.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec, module_from_spec
from types import ModuleType
from typing import Any

MOCK = "unittest.mock"


def _late_mock(*arguments: Any, **keywords: Any) -> Any:
    """``MagicMock``, loaded by the first who makes one."""
    from unittest.mock import MagicMock  # noqa: PLC0415

    return MagicMock(*arguments, **keywords)


@contextmanager
def _mocks_later() -> Iterator[None]:
    """``unittest.mock`` can be imported without being loaded; afterwards it is as it was."""
    if MOCK in sys.modules:
        yield
        return
    placeholder = ModuleType(MOCK)
    vars(placeholder)["MagicMock"] = _late_mock
    sys.modules[MOCK] = placeholder
    try:
        yield
    finally:
        del sys.modules[MOCK]


@contextmanager
def _modules_alone(package: str) -> Iterator[None]:
    """Allow imports of modules of ``package`` without running the package itself; restores ``sys.modules``."""
    spec = find_spec(package)
    if spec is None or package in sys.modules:
        yield
        return
    sys.modules[package] = module_from_spec(spec)  # it can find its modules, and is not run
    try:
        yield
    finally:
        del sys.modules[package]


with _mocks_later():
    from pymeasure.adapters import Adapter, VISAAdapter
    from pymeasure.instruments import Channel, Instrument
    from pymeasure.instruments.fwbell import FWBell5080
    from pymeasure.instruments.kepco import KepcoBOP3612
    from pymeasure.instruments.yokogawa import YokogawaGS200
with _modules_alone("pymeasure.instruments.agilent"):
    from pymeasure.instruments.agilent.agilent34410A import Agilent34410A
with _modules_alone("pymeasure.instruments.lakeshore"):
    from pymeasure.instruments.lakeshore.lakeshore421 import LakeShore421
    from pymeasure.instruments.lakeshore.lakeshore425 import LakeShore425
with _modules_alone("pymeasure.instruments.keithley"):
    from pymeasure.instruments.keithley.keithley2000 import Keithley2000
    from pymeasure.instruments.keithley.keithley2182 import Keithley2182
    from pymeasure.instruments.keithley.keithley2400 import Keithley2400
    from pymeasure.instruments.keithley.keithley2450 import Keithley2450
    from pymeasure.instruments.keithley.keithley6221 import Keithley6221
    from pymeasure.instruments.keithley.keithleyDMM6500 import KeithleyDMM6500

__all__ = [
    "Adapter",
    "Agilent34410A",
    "Channel",
    "FWBell5080",
    "Instrument",
    "Keithley2000",
    "Keithley2182",
    "Keithley2400",
    "Keithley2450",
    "Keithley6221",
    "KeithleyDMM6500",
    "KepcoBOP3612",
    "LakeShore421",
    "LakeShore425",
    "VISAAdapter",
    "YokogawaGS200",
]
