"""What a person asks of a bench that is held: not an event of its run before the run has planned or refused it."""

from dataclasses import dataclass

from mtjlab.domain import PerJunction


@dataclass(frozen=True, slots=True)
class ManualRequest:
    """What the bench shall carry from now on (uA); None leaves what is."""

    controls_ua: PerJunction | None = None
    input_ua: float | None = None


@dataclass(frozen=True, slots=True)
class ReceivedRequest:
    """A request as it came: its number from 1 on, and what it says; ``wish`` is None where that is not understood."""

    number: int
    said: str
    wish: ManualRequest | None
