"""What the guardian does when it has to: end the engine, then ramp every source to zero, outputs off, read back."""

import psutil

from mtjlab.benches.field import switch_off_supply
from mtjlab.benches.open import cut_silent_sources, open_sources
from mtjlab.benches.opening import Claims
from mtjlab.config import InstrumentBenchConfig
from mtjlab.errors import BenchFaultError
from mtjlab.store import SAFE_AGAIN

SAME_PROCESS_S = 0.05
ENDS_WITHIN_S = 0.5


def end_engine(pid: int, created_s: float) -> str:
    """End the process that had this number when it was created at ``created_s``; says what became of it."""
    try:
        engine = psutil.Process(pid)
        if abs(engine.create_time() - created_s) > SAME_PROCESS_S or engine.status() == psutil.STATUS_ZOMBIE:
            return "the engine was gone"
        engine.kill()
        engine.wait(ENDS_WITHIN_S)
    except psutil.NoSuchProcess:
        return "the engine was gone"
    except psutil.TimeoutExpired:
        return "the engine was told to end"
    except psutil.AccessDenied:
        return "the engine may not be ended by this user"
    return "the engine was ended"


def take_to_zero(bench: InstrumentBenchConfig, simulated: bool, claims: Claims | None = None) -> str:
    """Ramp down from wherever the sources stand, by their own word, and then the magnet; says how that went.

    It is safe where every source was seen at zero before its output went off; one that went off at a current is told,
    and one that does not answer is told to go to zero all the same, since its engine knew it. One that another program
    holds, as ``claims`` finds, is left alone.
    """
    sources = open_sources(bench, simulated, claims)
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
    if not sources.is_off:
        failures = ["NOT SAFE:", *failures, *cut_silent_sources(bench, claims)]
    told = " ".join(failures) or f"{SAFE_AGAIN}all sources at zero, outputs off, read back"
    magnet = switch_off_supply(bench, claims)
    return f"{told}; {magnet}" if magnet else told
