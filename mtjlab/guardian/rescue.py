"""Rescue of a bench: end the engine, then ramp every source to zero, switch outputs off, and read back."""

from collections.abc import Mapping
from contextlib import closing
from types import MappingProxyType

import psutil

from instruments.interfaces import Identity
from instruments.processes import is_alive
from mtjlab.benches.factory import cut_silent_sources, open_sources
from mtjlab.benches.field import switch_off_supply
from mtjlab.benches.sessions import Claims, Opener
from mtjlab.config import InstrumentBenchConfig
from mtjlab.errors import BenchFaultError, joined_messages
from mtjlab.store import NOT_SAFE, SAFE_AGAIN

ENDS_WITHIN_S = 0.5


def end_engine(engine: psutil.Process | None) -> str:
    """Kill the engine process if it still runs; returns the result as text."""
    if engine is None or not is_alive(engine):
        return "the engine had ended"
    try:
        engine.kill()
        engine.wait(ENDS_WITHIN_S)
    except psutil.NoSuchProcess:
        return "the engine had ended"
    except psutil.TimeoutExpired:
        return "the engine was killed but has not ended yet"
    except psutil.AccessDenied:
        return "this user is not allowed to end the engine"
    return "the engine was killed"


def take_to_zero(
    bench: InstrumentBenchConfig,
    simulated: bool,
    claims: Claims | None = None,
    known: Mapping[str, Identity] = MappingProxyType({}),
) -> str:
    """Ramp the sources down from the levels they report, then the magnet; returns the result as text.

    The bench is safe if every source was read back at zero before its output went off; a source that went off at a
    current is named. ``known`` is the identity found by the engine at each address: another instrument there is sent
    nothing but ``*IDN?``, and a source that does not answer is sent its zero commands only if it is known. An
    instrument that another program holds, as ``claims`` finds, is not touched.
    """
    with closing(Opener(bench.link, claims, rescues=True, known=known)) as opener:
        result = _sources_to_zero(bench, simulated, opener)
        magnet = switch_off_supply(bench, opener, simulated)
    return f"{result}; {magnet}" if magnet else result


def _sources_to_zero(bench: InstrumentBenchConfig, simulated: bool, opener: Opener) -> str:
    sources = open_sources(bench, simulated, opener)
    failures = []
    try:
        sources.connect()
    except BenchFaultError as error:  # sources that answer are ramped down all the same
        failures.append(str(error))
    try:
        sources.go_safe()
    except BenchFaultError as error:
        failures.append(str(error))
    finally:
        sources.close()
    if sources.is_safe:
        return f"{SAFE_AGAIN}all sources at zero, outputs off, read back"
    if sources.is_off:
        return " ".join(failures)
    return f"{NOT_SAFE}{joined_messages((*failures, *cut_silent_sources(bench, opener)))}"
