"""The terminals of simulated instruments, connected to the circuit."""

from collections.abc import Callable

from instruments.simulated.circuit import Circuit
from instruments.simulated.compliance import Drive
from instruments.simulated.magnet import DrivenMagnet
from instruments.simulated.meter import NoisyVoltmeter


class ConnectedSource:
    """Output terminals of source ``k``."""

    def __init__(self, circuit: Circuit, k: int, switched: Callable[[bool, float], None]) -> None:
        """Call ``switched(on, level_a)`` whenever the output is switched on or off."""
        self._circuit = circuit
        self._k = k
        self._switched = switched

    @property
    def current_a(self) -> float:
        """True current now."""
        return self._circuit.current_a(self._k)

    @property
    def voltage_v(self) -> float:
        """True voltage from its output to ground now."""
        return self._circuit.node_voltage_v(self._k)

    @property
    def limited(self) -> int:
        """+1 or -1 in compliance."""
        return self._circuit.limited(self._k)

    def drive(self, drive: Drive, output_on: bool) -> None:
        """Apply the settings of the front panel."""
        was_on = self._circuit.outputs[self._k].on
        self._circuit.drive(self._k, drive, output_on)
        if was_on != output_on:
            self._switched(output_on, drive.level_a)


class IdleSource:
    """The output of an instrument that is used as a voltmeter alone: connected to nothing."""

    current_a = 0.0
    voltage_v = 0.0
    limited = 0

    def drive(self, drive: Drive, output_on: bool) -> None:
        """Nothing flows."""


class IdleMeter:
    """The input of an instrument that measures no voltage."""

    def volt_seconds(self) -> float:
        """Nothing is there."""
        return 0.0

    def reading_v(self, average_v: float, begun_s: float, aperture_s: float) -> float:
        """Nothing is there."""
        return 0.0


class ConnectedMagnet:
    """The magnet of a bench, for its supply and its gaussmeter."""

    def __init__(self, circuit: Circuit, magnet: DrivenMagnet) -> None:
        self._circuit, self._magnet = circuit, magnet

    @property
    def current_a(self) -> float:
        """Current now."""
        return self._magnet.current_a(self._circuit.time_s)

    def drive(self, current_a: float) -> None:
        """Take this current from now on."""
        self._magnet.drive(current_a, self._circuit.time_s)

    def shown_t(self) -> float:
        """What a gaussmeter shows now."""
        return self._magnet.shown_t(self._circuit.time_s)


class ConnectedMeter:
    """Input terminals of the meter with this role."""

    def __init__(self, circuit: Circuit, role: str, errors: NoisyVoltmeter) -> None:
        self._circuit = circuit
        self._role = role
        self._errors = errors
        self._last_v = 0.0
        self.stuck = False
        self.gain = 1.0

    def volt_seconds(self) -> float:
        """Integral of the true voltage over bench time up to now."""
        return self._circuit.volt_seconds(self._role)

    def reading_v(self, average_v: float, begun_s: float, aperture_s: float) -> float:
        """The average with gain and errors of this meter; the last reading while it is stuck."""
        if not self.stuck:
            self._last_v = self._errors.reading_v(self.gain * average_v, begun_s, aperture_s)
        return self._last_v
