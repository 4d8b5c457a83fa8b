"""Events that several tests use."""

from mtjlab.domain import BenchDescription, SwitchingConfiguration
from mtjlab.encoding.fitted import Encoding
from mtjlab.events import RunStarted

STARTED = RunStarted(
    run="2026-11-23/0001-train",
    procedure="train",
    bench=BenchDescription("three", "simulated", simulated=True, junctions=3),
    plan="seven vowels",
    data="surrogate",
    seed=7,
    software="mtjlab 0.1.0",
)

ENCODING = Encoding(
    coefficients_ua=((0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    boundaries_ua=((434.0, 696.0, 724.0), (434.0, 696.0, 724.0)),
    configurations=(("ih", SwitchingConfiguration((1, 1))), ("uw", SwitchingConfiguration((3, 2)))),
    proven_optimal=True,
)
"""Features are the input currents themselves."""
