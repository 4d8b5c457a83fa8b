"""What a bench stands on: sources and voltmeters in SI units, with one time."""

from collections.abc import Collection, Sequence
from typing import Protocol

from mtjlab.domain import FieldReport, InstrumentReport, Survey


class Rack(Protocol):
    """N current sources and N voltmeters. Every write is acknowledged before the next call returns.

    Source 0 feeds the top of the chain. Whatever an instrument does not do as it must is raised as BenchFaultError.
    """

    @property
    def time_s(self) -> float:
        """Seconds since the rack was made, by its own clock."""

    @property
    def reading_s(self) -> float:
        """Seconds of the computer's clock that readings were to take so far; nobody can look around meanwhile."""

    def connect(self) -> Sequence[float]:
        """Open every instrument and make sure who it is; no setting is written.

        Returns the current (A) of each source whose output was found on, 0 for the others. Where an instrument does not
        answer, the others are opened nevertheless, so that what they deliver can be ramped down.

        Raises:
            BenchFaultError: an instrument does not answer, or is another.
            RefusedError: another program uses one of them; all are closed again as they were found.
        """

    def delivered_a(self) -> Sequence[float]:
        """What each source delivers, by its own word (A): 0 with its output off, NaN where it cannot be told."""

    @property
    def seen_off(self) -> Collection[int]:
        """Sources whose outputs were off when it was asked last what they deliver."""

    def switch_on(self) -> tuple[InstrumentReport, ...]:
        """With every output off: ranges, compliance, integration times, read back; then outputs on, at level 0."""

    def write_source(self, source: int, current_a: float) -> None:
        """Set one source, and see that it says so.

        Raises:
            LevelRefusedFaultError: it answers, and says that it delivers something else.
        """

    def zero_with_recovery(self, source: int) -> None:
        """Set one source to zero in other words, because it did not take those of ``write_source``; raises as that."""

    def settle(self) -> None:
        """Wait until all sources stand at what was written."""

    def wait(self, duration_s: float, may_stop: bool = False) -> None:
        """Let time pass; ``may_stop``: whoever wants the run to stop at its next safe point ends this wait."""

    def read_voltages_v(self, samples: int) -> Sequence[Sequence[float]]:
        """Samples ``[sample][junction]`` of every junction's voltage, each averaged over the same aperture."""

    def delays(self) -> Sequence[str]:
        """What went slower than it should since this was asked last, so that currents stood for too long.

        Where a reply is lost or garbled, all voltmeters read once more: a reading is of one moment.
        """

    def survey(self, samples: int) -> Survey:
        """What each voltmeter reads and each source says of itself; a reply that makes no sense is part of the answer.

        Raises:
            BenchFaultError: an instrument is lost.
        """

    def switch_off(self) -> None:
        """Outputs off, after all sources were taken to zero as far as they obey.

        Raises:
            BenchFaultError: an output is not known to be off.
        """

    def close(self) -> None:
        """Let go of all instruments; outputs stay as they are."""


class MagneticField(Protocol):
    """The field along the easy axis, set while no source has an output on."""

    def switch_on(self) -> FieldReport:
        """Set the field. Raises BenchFaultError if it is not there."""

    def read_mt(self) -> float:
        """The field as it can be read back now, in mT. Raises BenchFaultError if its supply does not answer."""

    def switch_off(self) -> FieldReport | None:
        """Back to zero, off; None if there is nothing to do. Raises BenchFaultError if it stays on."""

    def close(self) -> None:
        """Let go of what makes it; it stays as it is."""
