"""What the guardian does when it has to: end the engine, then ramp every source to zero, outputs off, read back."""

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
    """End the process, if it has not ended; says what became of it."""
    if engine is None or not is_alive(engine):
        return "the engine was gone"
    try:
        engine.kill()
        engine.wait(ENDS_WITHIN_S)
    except psutil.NoSuchProcess:
        return "the engine was gone"
    except psutil.TimeoutExpired:
        return "the engine was told to end"
    except psutil.AccessDenied:
        return "the engine may not be ended by this user"
    return "the engine was ended"


def take_to_zero(
    bench: InstrumentBenchConfig,
    simulated: bool,
    claims: Claims | None = None,
    known: Mapping[str, Identity] = MappingProxyType({}),
) -> str:
    """Ramp down from wherever the sources stand, by their own word, and then the magnet; says how that went.

    It is safe where every source was seen at zero before its output went off; one that went off at a current is named.
    ``known`` says who answered the engine at which address: another instrument that answers there is sent nothing but
    ``*IDN?``, and only one that is known is told to go to zero though it does not answer. An instrument that another
    program holds, as ``claims`` finds, is left alone.
    """
    with closing(Opener(bench.link, claims, rescues=True, known=known)) as opener:
        told = _sources_to_zero(bench, simulated, opener)
        magnet = switch_off_supply(bench, opener)
    return f"{told}; {magnet}" if magnet else told


def _sources_to_zero(bench: InstrumentBenchConfig, simulated: bool, opener: Opener) -> str:
    sources = open_sources(bench, simulated, opener)
    failures = []
    try:
        sources.connect()
    except BenchFaultError as error:  # those that answer are taken down all the same
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
