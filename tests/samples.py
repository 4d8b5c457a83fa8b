"""Events that several tests use."""

from mtjlab.domain import BenchDescription
from mtjlab.events import RunStarted

STARTED = RunStarted(
    run="2026-11-23/0001-train",
    procedure="train",
    bench=BenchDescription("three", "simulated", simulated=True, junctions=3),
    plan="seven vowels",
    data="surrogate",
    seed=7,
    software="mtjlab 0.1.0",
    host="bench",
    pid=1,
    process_created_s=2.5,
)
