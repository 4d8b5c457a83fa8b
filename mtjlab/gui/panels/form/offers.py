"""What a form can offer for a key that names something: trainings, calibrations, files."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

from mtjlab.domain import PerJunction


class Offer(NamedTuple):
    """Something that can be chosen: words for the operator, and the value of the key."""

    text: str
    value: str


class Offers(Protocol):
    """Looks up what there is when a menu is opened."""

    def found(self, what: str) -> Sequence[Offer]:
        """All that there is of ``training`` or ``calibration``, the latest first."""

    def chosen_file(self, title: str) -> Path | None:
        """A file that the operator chooses, or None."""

    def chosen_folder(self, title: str) -> Path | None:
        """A folder that the operator chooses, or None."""

    def controls_of(self, training: str) -> tuple[PerJunction, ...]:
        """Control currents (uA) that a training has learnt, a row for each input. Raises RefusedError."""


class NoOffers:
    """Offers nothing."""

    def found(self, what: str) -> Sequence[Offer]:
        """Nothing."""
        return ()

    def chosen_file(self, title: str) -> Path | None:
        """None."""
        return None

    def chosen_folder(self, title: str) -> Path | None:
        """None."""
        return None

    def controls_of(self, training: str) -> tuple[PerJunction, ...]:
        """Nothing."""
        return ()
