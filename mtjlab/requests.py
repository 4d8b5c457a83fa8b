"""Manual requests: currents that an operator asks of a bench during a manual run."""

from dataclasses import dataclass

from mtjlab.domain import PerJunction


@dataclass(frozen=True, slots=True)
class ManualRequest:
    """Currents (uA) to be applied from now on; None leaves a current unchanged."""

    controls_ua: PerJunction | None = None
    input_ua: float | None = None


@dataclass(frozen=True, slots=True)
class ReceivedRequest:
    """A request as received: its number (from 1) and its text; ``request`` is None if the text is not valid."""

    number: int
    text: str
    request: ManualRequest | None
