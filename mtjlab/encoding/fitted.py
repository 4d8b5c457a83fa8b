"""A fitted encoding, in a module of its own: reading events does not need the fit."""

from collections.abc import Sequence
from dataclasses import dataclass

from mtjlab.domain import SwitchingConfiguration, encoded_inputs_ua


@dataclass(frozen=True, slots=True)
class Encoding:
    """Linear map from features to input currents, and the configuration assigned to each class.

    ``coefficients_ua[j]`` are a constant in uA, then uA per unit of each feature. ``boundaries_ua[j]`` are the inputs
    between successive levels of input j according to the fit; training moves the actual ones.
    ``proven_optimal``: no assignment has a smaller overlap.
    """

    coefficients_ua: tuple[tuple[float, ...], ...]
    boundaries_ua: tuple[tuple[float, ...], ...]
    configurations: tuple[tuple[str, SwitchingConfiguration], ...]
    proven_optimal: bool

    def feature_names(self, known: Sequence[object] = ()) -> tuple[str, ...]:
        """Names of the features: ``known`` if there is one for each, otherwise f1, f2, ..."""
        count = len(self.coefficients_ua[0]) - 1
        return tuple(map(str, known)) if len(known) == count else tuple(f"f{k + 1}" for k in range(count))

    def inputs_ua(self, features: Sequence[float]) -> tuple[float, ...]:
        """One input current for each input, to the nA."""
        return encoded_inputs_ua(self.coefficients_ua, features)

    def class_of(self, configuration: SwitchingConfiguration) -> str | None:
        """Class of a configuration; None if it has none."""
        return next((label for label, assigned in self.configurations if assigned == configuration), None)
