"""Strict TOML -> frozen models: one file describes a bench, another what is to be done on it.

Every quantity carries its unit in its key. An unknown key, a missing unit suffix or a value out of range is an error
that names file, key and remedy.
"""

from mtjlab.config.bench import BenchConfig, Device, InstrumentBenchConfig, Limits, SimulatedBenchConfig, Timing
from mtjlab.config.files import bench_of, complaints_of, plan_of, read_bench, read_plan, section_of
from mtjlab.config.measuring import ASKED, Asked, ClassifyAsked, Legs, LiveAsked, MapAsked, ShiftAsked, SweepAsked
from mtjlab.config.network import NETWORK, Network, network_text, read_network, write_network
from mtjlab.config.plan import (
    Data,
    DetectorSettings,
    EncodingSettings,
    PlanConfig,
    PresentationSettings,
    SuspendSettings,
    SweepSettings,
    TrainingSettings,
)
from mtjlab.config.simulation import InstrumentSimulation, Simulation
from mtjlab.config.wiring import FieldSection, Link, SerialKeys, SourceSection, VoltmeterSection, Wiring

__all__ = [
    "ASKED",
    "NETWORK",
    "Asked",
    "BenchConfig",
    "ClassifyAsked",
    "Data",
    "DetectorSettings",
    "Device",
    "EncodingSettings",
    "FieldSection",
    "InstrumentBenchConfig",
    "InstrumentSimulation",
    "Legs",
    "Limits",
    "Link",
    "LiveAsked",
    "MapAsked",
    "Network",
    "PlanConfig",
    "PresentationSettings",
    "SerialKeys",
    "ShiftAsked",
    "SimulatedBenchConfig",
    "Simulation",
    "SourceSection",
    "SuspendSettings",
    "SweepAsked",
    "SweepSettings",
    "Timing",
    "TrainingSettings",
    "VoltmeterSection",
    "Wiring",
    "bench_of",
    "complaints_of",
    "network_text",
    "plan_of",
    "read_bench",
    "read_network",
    "read_plan",
    "section_of",
    "write_network",
]
