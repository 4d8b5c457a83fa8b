"""File of a trained network, to be read and edited: control currents, coefficients, and the lookup table."""

import re
from functools import cached_property
from pathlib import Path
from typing import Annotated, ClassVar, Self

import tomli_w
from pydantic import Field, model_validator

from mtjlab.config.files import read_section
from mtjlab.config.section import Section
from mtjlab.counted import counted
from mtjlab.domain import NO_CLASS, ClassTable, ControlCurrents, SwitchingConfiguration, encoded_inputs_ua, input_label
from mtjlab.whole_files import put

NETWORK = "network.toml"

_COUNT = re.compile(r"(\d+)([A-Z])")


class Network(Section):
    """Trained network: all that is needed to classify.

    ``control_currents_ua`` and ``coefficients_ua`` have a row for each input, A first: currents of the junctions; a
    constant in uA, then uA per unit of each of ``features``. ``classes`` is the lookup table from configurations in the
    paper's form, such as [2A, 1B], to classes: one for each class, or more. All other configurations belong to no
    class. ``data`` is the name of the data set that it has learnt; empty in files of older versions. ``pulse_width_s``
    is the duration of pulses that it was trained with; None for held inputs. ``chains``: number of junctions of each of
    parallel chains, one for each input; None for a single chain.
    """

    of_any_size: ClassVar[frozenset[str]] = frozenset({"coefficients_ua"})

    device: str
    run: str
    data: str = ""
    pulse_width_s: Annotated[float, Field(gt=0)] | None = None
    chains: tuple[int, ...] | None = None
    features: tuple[str, ...]
    control_currents_ua: tuple[tuple[float, ...], ...]
    coefficients_ua: tuple[tuple[float, ...], ...]
    classes: dict[str, str]

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        inputs = len(self.control_currents_ua)
        if not inputs or len(self.coefficients_ua) != inputs:
            raise ValueError("control_currents_ua and coefficients_ua need one row for each input")
        sizes = tuple(len(row) for row in self.control_currents_ua)
        if sizes != (self.chains or sizes[:1] * inputs):
            of_chains = f" of its chain: {', '.join(map(str, self.chains))}" if self.chains else ""
            raise ValueError(f"every row of control_currents_ua needs one current for each junction{of_chains}")
        if any(len(row) != 1 + len(self.features) for row in self.coefficients_ua):
            raise ValueError("every row of coefficients_ua needs a constant and a number for each feature")
        if NO_CLASS in self.classes.values():
            raise ValueError(f"classes: {NO_CLASS!r} means that no class was recognised: give another name")
        for name in self.classes:
            if len(configuration_of(name).counts) != inputs:
                raise ValueError(
                    f"classes: {name} is not a configuration of {counted(inputs, 'input')}, such as [2A, 1B]"
                )
        if len({configuration_of(name) for name in self.classes}) != len(self.classes):
            raise ValueError("classes: a configuration is named twice")
        return self

    @property
    def controls(self) -> ControlCurrents:
        """Trained control currents."""
        return ControlCurrents(self.control_currents_ua)

    def inputs_ua(self, features: tuple[float, ...]) -> tuple[float, ...]:
        """Input currents of a token, rounded to 1 nA."""
        return encoded_inputs_ua(self.coefficients_ua, features)

    @cached_property
    def table(self) -> ClassTable:
        """The lookup table from configurations to classes."""
        return ClassTable(tuple((label, configuration_of(name)) for name, label in self.classes.items()))


def configuration_of(name: str) -> SwitchingConfiguration:
    """The configuration in the paper's form, such as [2A, 1B]; one without counts if ``name`` is not valid."""
    found = _COUNT.findall(name)
    letters = [letter for _, letter in found]
    if letters != [input_label(j) for j in range(len(found))]:
        return SwitchingConfiguration(())
    return SwitchingConfiguration(tuple(int(count) for count, _ in found))


def read_network(path: Path) -> Network:
    """The network in a TOML file. Raises RefusedError naming file, key and remedy."""
    return read_section(path, Network)


def network_text(network: Network) -> str:
    """The network as TOML text."""
    return tomli_w.dumps(network.model_dump(mode="json", exclude_none=True), multiline_strings=False)


def write_network(path: Path, network: Network) -> None:
    """Write the network as a TOML file. Raises OSError."""
    put(path, network_text(network).encode())
