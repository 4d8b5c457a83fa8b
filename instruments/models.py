"""Models that a bench file may name: their roles and their ranges, known without a connection.

A new model needs one class in the module of its kind, and one line here.
"""

from dataclasses import dataclass
from types import MappingProxyType

from instruments.current_sources import Keithley6220, Keithley6221, YokogawaGS200
from instruments.driver import Driver
from instruments.gaussmeters import FWBell5080, Gaussmeter, LakeShore421, LakeShore425
from instruments.magnets import BY_HAND, KepcoBOP
from instruments.meter import Meter
from instruments.source import Source
from instruments.source_meters import Keithley2400, Keithley2450
from instruments.voltmeters import Agilent34410A, Keithley2000, Keithley2182A, KeithleyDMM6500, Keysight34461A

DRIVERS: tuple[type[Driver], ...] = (
    Keithley6220,
    Keithley6221,
    Keithley2400,
    Keithley2450,
    YokogawaGS200,
    Keithley2182A,
    Keithley2000,
    KeithleyDMM6500,
    Agilent34410A,
    Keysight34461A,
    KepcoBOP,
    LakeShore421,
    LakeShore425,
    FWBell5080,
)


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """Ranges of a model as a current source."""

    ranges_a: tuple[float, ...]
    smallest_compliance_v: float
    largest_compliance_v: float


@dataclass(frozen=True, slots=True)
class MeterFacts:
    """Ranges of a model as a voltmeter."""

    ranges_v: tuple[float, ...]
    smallest_nplc: float
    largest_nplc: float


@dataclass(frozen=True, slots=True)
class MagnetFacts:
    """Limits of a model as a magnet supply."""

    largest_current_a: float
    largest_compliance_v: float


@dataclass(frozen=True, slots=True)
class GaussmeterFacts:
    """Ranges of a model as a gaussmeter, with its usual probe."""

    ranges_t: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Model:
    """A model by its name in bench files: ``driver`` is None if it is not on the bus, a role None if it lacks it.

    A model that is both source and voltmeter measures at its own terminals, and only while it sources: it is used as a
    source, or as both in one session, never as a voltmeter alone.
    """

    name: str
    driver: type[Driver] | None
    source: SourceFacts | None
    meter: MeterFacts | None
    magnet: MagnetFacts | None
    gaussmeter: GaussmeterFacts | None = None


def _model(driver: type[Driver]) -> Model:
    source = meter = magnet = gaussmeter = None
    if issubclass(driver, Source):
        source = SourceFacts(tuple(driver.digits_a), driver.smallest_compliance_v, driver.largest_compliance_v)
    if issubclass(driver, Meter):
        meter = MeterFacts(driver.ranges_v, driver.smallest_nplc, driver.largest_nplc)
    if issubclass(driver, KepcoBOP):
        magnet = MagnetFacts(driver.largest_current_a, driver.largest_compliance_v)
    if issubclass(driver, Gaussmeter):
        gaussmeter = GaussmeterFacts(driver.ranges_t)
    return Model(driver.model, driver, source, meter, magnet, gaussmeter)


NOT_ON_THE_BUS = Model(BY_HAND, None, None, None, MagnetFacts(float("inf"), float("inf")))
MODELS = MappingProxyType({model.name: model for model in (*map(_model, DRIVERS), NOT_ON_THE_BUS)})
