"""A fitted encoding, in a module of its own: reading events does not need the fit."""

from collections.abc import Sequence
from dataclasses import dataclass

from mtjlab.domain import ClassTable, SwitchingConfiguration, encoded_inputs_ua


@dataclass(frozen=True, slots=True)
class Encoding:
    """Linear map from features to input currents, and the classes that switching configurations stand for.

    ``coefficients_ua[j]`` are a constant in uA, then uA per unit of each feature. ``boundaries_ua[j]`` are the inputs
    between successive levels of input j according to the fit; training moves the actual ones. ``configurations`` are
    the entries of ``table``: one for each class, or every configuration with its most probable class.
    ``proven_optimal``: no assignment of one configuration to each class has a smaller overlap.
    """

    coefficients_ua: tuple[tuple[float, ...], ...]
    boundaries_ua: tuple[tuple[float, ...], ...]
    configurations: tuple[tuple[str, SwitchingConfiguration], ...]
    proven_optimal: bool

    @property
    def table(self) -> ClassTable:
        """Lookup table from configurations to classes."""
        return ClassTable(self.configurations)

    @property
    def is_joint(self) -> bool:
        """Whether a class may have several configurations, as it was fitted together with the boundaries."""
        return len(self.configurations) > len(self.table.classes)

    def feature_names(self, known: Sequence[object] = ()) -> tuple[str, ...]:
        """Names of the features: ``known`` if there is one for each, otherwise f1, f2, ..."""
        count = len(self.coefficients_ua[0]) - 1
        return tuple(map(str, known)) if len(known) == count else tuple(f"f{k + 1}" for k in range(count))

    def inputs_ua(self, features: Sequence[float]) -> tuple[float, ...]:
        """One input current for each input, to the nA."""
        return encoded_inputs_ua(self.coefficients_ua, features)

    def ideal_class_of(self, inputs_ua: Sequence[float]) -> str | None:
        """Class of a token if every threshold were on a boundary of the encoding, without spread."""
        counts = (
            sum(input_ua > bound_ua for bound_ua in bounds_ua)
            for input_ua, bounds_ua in zip(inputs_ua, self.boundaries_ua, strict=True)
        )
        return self.table.class_of(SwitchingConfiguration(tuple(counts)))
