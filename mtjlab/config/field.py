"""The magnetic field of a bench: set by hand, by a supply, or simulated in process."""

from typing import Literal, Self

from pydantic import model_validator

from mtjlab.config.section import Positive, Section
from mtjlab.config.wiring import SerialKeys
from mtjlab.typed_numbers import distinct_texts, shown_number

BY_HAND = "by hand"


class GaussmeterSection(SerialKeys):
    """A gaussmeter whose probe is in the field, along the easy axis: model, VISA address, and fixed range."""

    model: str
    address: str
    range_mt: Positive


class FieldSection(SerialKeys):
    """Magnetic field along the easy axis: set by hand (the operator is asked), or by a supply.

    A supply has an address, ``ma_per_mt`` (current per mT), the largest current that the magnet may carry, and the
    compliance of the supply; a field set by hand has none of these. It moves at ``ramp_mt_per_s``.
    """

    model: str = BY_HAND
    field_mt: float = 6.0
    address: str | None = None
    ma_per_mt: Positive | None = None
    largest_current_ma: Positive | None = None
    compliance_mv: Positive | None = None
    ramp_mt_per_s: Positive = 10.0
    gaussmeter: GaussmeterSection | None = None

    @model_validator(mode="after")
    def _supply_has_all_keys_and_by_hand_none(self) -> Self:
        of_supply = {key: getattr(self, key) for key in ("address", "ma_per_mt", "largest_current_ma", "compliance_mv")}
        given = [key for key, value in of_supply.items() if value is not None]
        if self.by_hand and given:
            raise ValueError(
                f"a field set by hand has no {', '.join(given)}: leave it out, or name the model of the supply"
            )
        if not self.by_hand and len(given) < len(of_supply):
            missing = ", ".join(key for key in of_supply if key not in given)
            raise ValueError(f"a field supply needs {', '.join(of_supply)}; there is no {missing}")
        return self

    @model_validator(mode="after")
    def _current_within_its_limit(self) -> Self:
        if self.largest_current_ma is not None and abs(self.current_ma) > self.largest_current_ma:
            needed, largest = distinct_texts(self.current_ma, self.largest_current_ma)
            raise ValueError(
                f"field_mt = {shown_number(self.field_mt)} needs {needed} mA, more than largest_current_ma = {largest}"
            )
        return self

    @property
    def by_hand(self) -> bool:
        """Whether the operator sets the field."""
        return self.model == BY_HAND

    @property
    def asks_operator(self) -> bool:
        """Whether nothing but the operator can tell the field."""
        return self.by_hand and self.gaussmeter is None

    @property
    def parts(self) -> tuple[tuple[Literal["field", "gaussmeter"], str, str], ...]:
        """Role, model and address of each instrument of the field."""
        parts: list[tuple[Literal["field", "gaussmeter"], str, str]] = []
        if self.address is not None:
            parts.append(("field", self.model, self.address))
        if self.gaussmeter is not None:
            parts.append(("gaussmeter", self.gaussmeter.model, self.gaussmeter.address))
        return tuple(parts)

    @property
    def current_ma(self) -> float:
        """Current of the supply for the field."""
        return self.field_mt * (self.ma_per_mt or 0.0)

    @property
    def largest_mt(self) -> float:
        """Largest field that the supply may make; 0 without one."""
        return (self.largest_current_ma or 0.0) / (self.ma_per_mt or 1.0)


class SimulatedFieldSection(Section):
    """Magnetic field of a bench simulated in process, with supply and gaussmeter; without this table it is constant.

    Every run begins and ends at zero field; ``field_mt`` is set before its outputs go on.
    """

    field_mt: float = 6.0
    largest_mt: Positive = 30.0
    ramp_mt_per_s: Positive = 10.0
    gaussmeter: bool = True

    @model_validator(mode="after")
    def _within_its_limit(self) -> Self:
        if abs(self.field_mt) > self.largest_mt:
            wanted, largest = distinct_texts(self.field_mt, self.largest_mt)
            raise ValueError(f"field_mt = {wanted} is beyond largest_mt = {largest}")
        return self
