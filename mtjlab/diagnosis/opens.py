"""Where a chain is interrupted, from which sources drive into nothing."""

from dataclasses import dataclass

from mtjlab.diagnosis.measured import Measured


@dataclass(frozen=True, slots=True)
class Opens:
    """An open junction or contact, and sources whose own lead is open. ``either``: it may as well be the lead."""

    junction: int | None = None
    leads: frozenset[int] = frozenset()
    either: bool = False

    @property
    def floating(self) -> range:
        """Voltmeters that hang on a part of the chain which nothing holds."""
        return range(0 if self.junction is None else self.junction + 1)


def find_opens(measured: Measured, to_ground: bool) -> Opens:
    """The fewest interruptions that explain ``measured.limited``.

    A source drives into nothing if any junction between its node and ground is open: an open junction J2 stops two
    sources, whichever they are, and keeps all others from the junctions above it.
    """
    limited = measured.limited
    if not limited:
        return Opens()
    last = len(limited) - 1
    if limited == {0}:
        quiet = abs(measured.matrix_ohm[0, 0]) <= measured.zero_ohm[0]
        return Opens(leads=limited) if quiet else Opens(junction=0, either=to_ground)
    others = [k for k in range(len(measured.zero_ohm)) if k not in limited]
    cut_off = not to_ground and not measured.strong[: last + 1, others].any()
    return Opens(junction=last) if cut_off or limited == set(range(last + 1)) else Opens(leads=limited)
