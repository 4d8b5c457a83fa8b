"""Interface of the instruments of a bench: sources and voltmeters in SI units, with a common time."""

from collections.abc import Collection, Sequence
from math import inf
from typing import Protocol

from mtjlab.domain import FieldReading, FieldReport, GivenPulse, InstrumentReport, Survey


class Rack(Protocol):
    """N current sources and N voltmeters. Every write is acknowledged before the next call returns.

    Source 0 feeds the top of the chain. Any malfunction of an instrument raises BenchFaultError.
    """

    @property
    def time_s(self) -> float:
        """Seconds since creation, by the clock of the rack."""

    @property
    def reading_s(self) -> float:
        """Computer time (s) that readings should have taken so far; nothing else is monitored during readings."""

    def connect(self) -> Sequence[float]:
        """Connect to every instrument and verify its identity; no setting is written.

        Returns the current (A) of each source whose output was found on, 0 for the others. If an instrument does not
        respond, the others are connected nevertheless, so that their currents can be ramped down.

        Raises:
            BenchFaultError: an instrument does not respond, or is not the expected one.
            RefusedError: another program uses one of them; all are disconnected, unchanged.
        """

    def delivered_a(self) -> Sequence[float]:
        """Current (A) read back from each source: 0 with its output off, NaN if unknown."""

    @property
    def seen_off(self) -> Collection[int]:
        """Sources whose outputs were off at the last readback."""

    def switch_on(self) -> tuple[InstrumentReport, ...]:
        """With every output off: ranges, compliance, integration times, read back; then outputs on, at level 0."""

    def write_source(self, source: int, current_a: float) -> None:
        """Set the level of a source and read it back.

        Raises:
            LevelRefusedFaultError: the source reads back another level.
        """

    @property
    def settle_s(self) -> float:
        """Time (s) that ``settle`` waits."""

    @property
    def shortest_pulse_s(self) -> float:
        """Shortest pulse (s) that it can give, from the measured delays of the link."""

    def time_settings(self) -> None:
        """Measure how long settings of sources take, unless that is known: each is set to its present level."""

    def pulse(self, source: int, base_a: float, current_a: float, width_s: float) -> GivenPulse:
        """Set a source to ``current_a`` for ``width_s``, then back to ``base_a``; returns the measured duration.

        Raises:
            LevelRefusedFaultError: the source reads back another level; it may be at either.
        """

    def zero_with_recovery(self, source: int) -> None:
        """Set a source to zero by alternative commands, after ``write_source`` failed; raises the same errors."""

    def settle(self) -> None:
        """Wait until all sources have settled."""

    def wait(self, duration_s: float, may_stop: bool = False) -> None:
        """Wait; with ``may_stop`` a requested stop at the next safe point ends the wait."""

    def read_voltages_v(self, samples: int) -> Sequence[Sequence[float]]:
        """Samples ``[sample][junction]`` of every junction's voltage, each averaged over the same aperture."""

    def integrate(self, nplc: float | None) -> Sequence[float]:
        """Set the integration time of every voltmeter that is no source, or the nearest that it has.

        None: as the bench file says. Returns the apertures (s) of all voltmeters by the line frequency of the bench
        file. From now on readings may take any time: for trying instruments, not for measuring junctions.
        """

    def delays(self, longest_s: float = inf) -> Sequence[str]:
        """Delays since the last call, during which currents were applied for too long: not more than ``longest_s``.

        If a reply is lost or garbled, all voltmeters are read again, so that a reading is simultaneous.
        """

    def survey(self, samples: int) -> Survey:
        """Readings of each voltmeter and status of each source; invalid replies are part of the result.

        Raises:
            BenchFaultError: the connection to an instrument is lost.
        """

    def switch_off(self) -> None:
        """Switch outputs off, after all sources were set to zero as far as they respond.

        Raises:
            BenchFaultError: an output could not be confirmed off.
        """

    def close(self) -> None:
        """Disconnect from all instruments; outputs stay as they are."""


class MagneticField(Protocol):
    """Magnetic field along the easy axis. Procedures move it only through ``mtjlab.procedures.magnet``."""

    @property
    def largest_mt(self) -> float:
        """Largest field (mT) that can be set in either direction; 0 where nothing but a person sets it."""

    @property
    def ramp_mt_per_s(self) -> float:
        """Rate at which it moves."""

    def switch_on(self) -> FieldReport:
        """With every output off: ramp to the field of the bench file. Raises BenchFaultError if it is not reached."""

    def set_mt(self, field_mt: float) -> FieldReport:
        """Ramp to a field and read it back.

        Raises:
            LimitExceededError: beyond ``largest_mt``; nothing was set.
            BenchFaultError: it is not reached; it is somewhere on the way.
        """

    def read(self) -> FieldReading:
        """The field as supply and gaussmeter tell it. Raises BenchFaultError if one does not respond."""

    def switch_off(self) -> FieldReport | None:
        """Ramp the field to zero, switch it off; None if it is off. Raises BenchFaultError if it stays on."""

    def close(self) -> None:
        """Disconnect from its instruments; the field stays as it is."""
