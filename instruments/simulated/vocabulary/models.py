"""Models that can be simulated: one line each."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from instruments.simulated.terminals import MagnetTerminals, MeterTerminals, SourceTerminals, Time
from instruments.simulated.vocabulary.gaussmeters import FWBell5080, LakeShore421, LakeShore425, SimulatedGaussmeter
from instruments.simulated.vocabulary.instrument import ScpiInstrument
from instruments.simulated.vocabulary.keithley_2000 import Keithley2000
from instruments.simulated.vocabulary.keithley_2182a import Keithley2182A
from instruments.simulated.vocabulary.keithley_2400 import Keithley2400
from instruments.simulated.vocabulary.keithley_2450 import Keithley2450
from instruments.simulated.vocabulary.keithley_6221 import Keithley6220, Keithley6221
from instruments.simulated.vocabulary.keithley_dmm6500 import KeithleyDMM6500
from instruments.simulated.vocabulary.keithley_meter import KeithleyMeter
from instruments.simulated.vocabulary.kepco_bop import KepcoBOP
from instruments.simulated.vocabulary.keysight_34461a import Agilent34410A, Keysight34461A
from instruments.simulated.vocabulary.yokogawa_gs200 import YokogawaGS200

MAKERS = re.compile(r"keithley|yokogawa|keysight|agilent|kepco|lake shore|fw bell|[\s_-]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Terminals:
    """Terminals of an instrument, the frequency of its power line, and the magnet of the bench."""

    source: SourceTerminals
    meter: MeterTerminals
    line_frequency_hz: float
    magnet: MagnetTerminals


Build: TypeAlias = Callable[[str, Time, Terminals], ScpiInstrument]


@dataclass(frozen=True, slots=True)
class Model:
    """A model: its possible roles, the largest voltage of its output stage, and its constructor."""

    plays: tuple[str, ...]
    hardware_v: float
    build: Build


def _source(model: type[Keithley6221]) -> Build:
    def build(serial: str, time: Time, terminals: Terminals) -> ScpiInstrument:
        return model(serial, time, terminals.source)

    return build


def _meter(model: type[KeithleyMeter] | type[KeithleyDMM6500] | type[Agilent34410A]) -> Build:
    def build(serial: str, time: Time, terminals: Terminals) -> ScpiInstrument:
        return model(serial, time, terminals.meter, terminals.line_frequency_hz)

    return build


def _smu(model: type[Keithley2400] | type[Keithley2450]) -> Build:
    def build(serial: str, time: Time, terminals: Terminals) -> ScpiInstrument:
        return model(serial, time, terminals.source, terminals.meter, terminals.line_frequency_hz)

    return build


def _gs200(serial: str, time: Time, terminals: Terminals) -> ScpiInstrument:
    return YokogawaGS200(serial, time, terminals.source)


def _of_the_field(model: type[KepcoBOP] | type[SimulatedGaussmeter]) -> Build:
    def build(serial: str, time: Time, terminals: Terminals) -> ScpiInstrument:
        return model(serial, time, terminals.magnet)

    return build


MODELS = {
    "6220": Model(("source",), 105.0, _source(Keithley6220)),
    "6221": Model(("source",), 105.0, _source(Keithley6221)),
    "2182A": Model(("voltmeter",), 0.0, _meter(Keithley2182A)),
    "2400": Model(("source", "voltmeter", "both"), 210.0, _smu(Keithley2400)),
    "2450": Model(("source", "voltmeter", "both"), 210.0, _smu(Keithley2450)),
    "GS200": Model(("source",), 30.0, _gs200),
    "2000": Model(("voltmeter",), 0.0, _meter(Keithley2000)),
    "DMM6500": Model(("voltmeter",), 0.0, _meter(KeithleyDMM6500)),
    "34410A": Model(("voltmeter",), 0.0, _meter(Agilent34410A)),
    "34461A": Model(("voltmeter",), 0.0, _meter(Keysight34461A)),
    "BOP": Model(("field",), 0.0, _of_the_field(KepcoBOP)),
    "421": Model(("gaussmeter",), 0.0, _of_the_field(LakeShore421)),
    "425": Model(("gaussmeter",), 0.0, _of_the_field(LakeShore425)),
    "5080": Model(("gaussmeter",), 0.0, _of_the_field(FWBell5080)),
}


def find_model(name: str, plays: str) -> Model:
    """The model that a bench file calls ``name`` (with or without its maker).

    Raises:
        ValueError: it is not simulated, or does not have this role.
    """
    model = MODELS.get(MAKERS.sub("", name).upper())
    if model is None:
        raise ValueError(f"{name} cannot be simulated. Models that can: {', '.join(MODELS)}")
    if plays not in model.plays:
        raise ValueError(f"{name} cannot be a {plays}: it plays {' or '.join(model.plays)}")
    return model
