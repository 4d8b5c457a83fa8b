"""Strict TOML -> frozen models: a bench file describes a bench, a plan file the measurement and training.

Every quantity has its unit in its key. An unknown key, a missing unit suffix or a value out of range is an error
that names file, key and remedy.
"""

from mtjlab.config.bench import (
    BenchConfig,
    Device,
    InstrumentBenchConfig,
    Limits,
    SimulatedBenchConfig,
    Timing,
    is_twin,
)
from mtjlab.config.field import FieldSection, GaussmeterSection, SimulatedFieldSection
from mtjlab.config.files import bench_of, plan_of, plan_of_run, problems_of, read_bench, read_plan, section_of
from mtjlab.config.network import NETWORK, Network, network_text, read_network, write_network
from mtjlab.config.plan import (
    Data,
    DetectorSettings,
    EncodingSettings,
    Legs,
    PlanConfig,
    PresentationSettings,
    PulseWidth,
    Rule,
    SuspendSettings,
    SweepSettings,
    TrainingSettings,
)
from mtjlab.config.run_options import RunOptions, SeededRunOptions, SeedOptions, SimulationOptions
from mtjlab.config.section import Count, Option, Shown, When
from mtjlab.config.simulation import InstrumentSimulation, Simulation
from mtjlab.config.wiring import Link, SerialKeys, SourceSection, VoltmeterSection, Wiring

__all__ = [
    "NETWORK",
    "BenchConfig",
    "Count",
    "Data",
    "DetectorSettings",
    "Device",
    "EncodingSettings",
    "FieldSection",
    "GaussmeterSection",
    "InstrumentBenchConfig",
    "InstrumentSimulation",
    "Legs",
    "Limits",
    "Link",
    "Network",
    "Option",
    "PlanConfig",
    "PresentationSettings",
    "PulseWidth",
    "Rule",
    "RunOptions",
    "SeedOptions",
    "SeededRunOptions",
    "SerialKeys",
    "Shown",
    "SimulatedBenchConfig",
    "SimulatedFieldSection",
    "Simulation",
    "SimulationOptions",
    "SourceSection",
    "SuspendSettings",
    "SweepSettings",
    "Timing",
    "TrainingSettings",
    "VoltmeterSection",
    "When",
    "Wiring",
    "bench_of",
    "is_twin",
    "network_text",
    "plan_of",
    "plan_of_run",
    "problems_of",
    "read_bench",
    "read_network",
    "read_plan",
    "section_of",
    "write_network",
]
