"""The recorded traffic of a rack: timed, and held against what simulated instruments would say."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

from instruments.simulated.bench import SimulatedBench
from instruments.traffic import Exchange, Recorded, read_traffic
from mtjlab.benches.simulators import simulator_spec
from mtjlab.config import InstrumentBenchConfig
from mtjlab.domain import Difference, LinkStudy, MessageTime, ReadingTime
from mtjlab.errors import RefusedError, reason_of

READINGS = re.compile(r"READ\?|FETC[H]?\?|TRAC:DATA\?|MEAS|RDGFIELD", re.IGNORECASE)
"""Queries whose replies are measured values: only their form is compared."""
COUNT = re.compile(r"COUN (\d+)")
NUMBER = re.compile(r"[-+]?\d+(\.\d*)?([eE][-+]?\d+)?")
PROMPT_S = 0.05
"""Usual time of a reply of a slow instrument on a slow bus."""
NO_REPLY = "(no reply)"


def study_link(path: Path, bench: InstrumentBenchConfig) -> LinkStudy:
    """What the traffic so far tells: times of messages and readings (bench time), and replies that differ.

    Raises:
        RefusedError: the traffic cannot be read.
    """
    try:
        recorded = read_traffic(path)
    except (OSError, ValueError) as error:
        why = f"{path}: {reason_of(error)}" if isinstance(error, OSError) else str(error)
        raise RefusedError(f"{why}.") from error
    return study_of(recorded, bench)


def study_of(recorded: Recorded, bench: InstrumentBenchConfig) -> LinkStudy:
    """What recorded traffic tells, as ``study_link``."""
    times = tuple(_message_time(role, recorded) for role in recorded.roles)
    late = [
        Difference(one.role, "any message", f"a reply within {PROMPT_S:g} s", f"usually after {one.usual_s:.3g} s")
        for one in times
        if one.usual_s > PROMPT_S
    ]
    return LinkStudy(times, tuple(_reading_times(recorded)), (*late, *differences(recorded, bench)))


def differences(recorded: Recorded, bench: InstrumentBenchConfig) -> tuple[Difference, ...]:
    """Replies that are not those of the simulated instruments of ``bench``, which are told the same in the same order.

    Each kind of message is listed once. What cannot be simulated is not compared.
    """
    try:
        simulation = bench.simulation.model_copy(update={"faults": (), "traffic": None})
        spec = replace(simulator_spec(bench.model_copy(update={"simulation": simulation}), Path(), 0), batch="")
        simulated = SimulatedBench(spec, _Unlogged())
    except ValueError:
        return ()
    found: dict[tuple[str, str], Difference] = {}
    for one in recorded.exchanges:
        if one.role not in simulated.roles:
            continue
        expected = _told(simulated, one)
        came = one.came.strip() if one.came is not None else None
        if "?" in one.sent and not _is_alike(one.sent, expected, came):
            shown = Difference(one.role, one.sent, expected or NO_REPLY, came if came is not None else NO_REPLY)
            found.setdefault((one.role, NUMBER.sub("0", one.sent)), shown)
    return tuple(found.values())


def _told(simulated: SimulatedBench, exchange: Exchange) -> str | None:
    """What the simulated instrument replies; readings take no time here."""
    replies: list[bytes] = []
    simulated.station(exchange.role).receive(exchange.sent.strip(), replies.append)
    while "?" in exchange.sent and not replies and simulated.schedule.next_due_s < float("inf"):
        simulated.schedule.run_until(simulated.schedule.next_due_s)
    return replies[0].decode("latin-1") if replies else None


def _is_alike(sent: str, expected: str | None, came: str | None) -> bool:
    if expected is None or came is None:
        return expected == came
    if sent.strip().upper() == "*IDN?":
        return _without_serial(expected) == _without_serial(came)
    if READINGS.search(sent):
        return NUMBER.sub("0", expected) == NUMBER.sub("0", came)
    return expected == came


def _without_serial(identity: str) -> list[str]:
    parts = identity.split(",")
    return [part.strip() for n, part in enumerate(parts) if n != 2]


def _message_time(role: str, recorded: Recorded) -> MessageTime:
    """Times of messages that need no reading."""
    taken_s = [
        one.took_s * recorded.speed
        for one in recorded.of(role)
        if one.came is not None and not READINGS.search(one.sent)
    ]
    return MessageTime(role, len(taken_s), median(taken_s or [0.0]), max(taken_s, default=0.0))


def _reading_times(recorded: Recorded) -> Iterator[ReadingTime]:
    for one in recorded.exchanges:
        count = COUNT.search(one.sent)
        if one.came is not None and count is not None and READINGS.search(one.sent):
            yield ReadingTime(one.role, int(count[1]), one.took_s * recorded.speed)


class _Unlogged:
    """Takes no notes."""

    def currents(self, time_s: float, sources_a: Sequence[float], junctions_a: Sequence[float]) -> None:
        """Nothing."""

    def states(self, time_s: float, states: Sequence[Any]) -> None:
        """Nothing."""

    def received(self, time_s: float, roles: str, text: str) -> None:
        """Nothing."""

    def sent(self, time_s: float, roles: str, text: str) -> None:
        """Nothing."""

    def write(self, time_s: float, kind: str, **fields: Any) -> None:
        """Nothing."""
