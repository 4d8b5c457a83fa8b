"""PyMeasure's classes that drivers and lines stand on.

Its packages of Keithley and Agilent load pandas, for instruments that are none of ours: half a second of every engine
and of every guardian. So their modules are loaded here without the package around them. Its adapters load
``unittest.mock``, and with it asyncio and TLS, for an adapter for tests: they are given it when they ask for it.
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
    """Modules of ``package`` can be imported without what the package itself imports; afterwards it is as it was."""
    spec = find_spec(package)
    if spec is None or package in sys.modules:
        yield
        return
    sys.modules[package] = module_from_spec(spec)  # it knows where its modules are, and was not run
    try:
        yield
    finally:
        del sys.modules[package]


with _mocks_later():
    from pymeasure.adapters import Adapter, VISAAdapter
    from pymeasure.instruments import Channel, Instrument
    from pymeasure.instruments.kepco import KepcoBOP3612
    from pymeasure.instruments.yokogawa import YokogawaGS200
with _modules_alone("pymeasure.instruments.agilent"):
    from pymeasure.instruments.agilent.agilent34410A import Agilent34410A
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
    "Instrument",
    "Keithley2000",
    "Keithley2182",
    "Keithley2400",
    "Keithley2450",
    "Keithley6221",
    "KeithleyDMM6500",
    "KepcoBOP3612",
    "VISAAdapter",
    "YokogawaGS200",
]
