"""Model parameters of a simulated chip, for the bench in process and for simulated instruments."""

from typing import Self

from pydantic import Field, model_validator

from mtjlab.config.section import NotNegative, PerJunctionOrAll, Positive, Section
from mtjlab.counted import counted


class Simulation(Section):
    """Model parameters of a simulated chip, hidden from procedures: one number for all junctions, or one for each.

    Critical currents are the means of a continuous ramp at 100 uA/s, their spread is the standard deviation.
    ``field_mt`` is the field without a supply. That of a magnet lags behind its current by ``remanence_mt``: so much is
    left at zero current, in the direction that it comes from.
    """

    critical_current_ap_to_p_ua: tuple[float, ...] = Field((224.0, -66.0, 196.0), min_length=1)
    critical_current_p_to_ap_ua: tuple[float, ...] = Field((-57.0, -347.0, -85.0), min_length=1)
    critical_spread_ua: PerJunctionOrAll = 4.3
    resistance_parallel_ohm: PerJunctionOrAll = 1100.0
    tmr_percent: PerJunctionOrAll = 120.0
    half_bias_mv: PerJunctionOrAll = 500.0
    bias_conductance_per_v2: PerJunctionOrAll = 0.1
    lead_resistance_ohm: PerJunctionOrAll = 0.0
    critical_drift_ua_per_h: PerJunctionOrAll = 0.0
    resistance_drift_percent_per_h: PerJunctionOrAll = 0.0
    field_mt: float = 6.0
    critical_shift_ua_per_mt: NotNegative = 20.0
    meter_noise_mv: NotNegative = 0.05
    meter_noise_aperture_s: Positive | None = None
    """Aperture of that noise, which is white then; without it the noise is the same at every aperture."""
    meter_offset_mv: PerJunctionOrAll = 0.0
    remanence_mt: NotNegative = 0.0
    gaussmeter_noise_mt: NotNegative = 0.01
    gaussmeter_offset_mt: float = 0.0
    hum_mv: NotNegative = 0.0
    """Amplitude of what the leads of each voltmeter pick up from the mains."""
    hum_hz: Positive | None = None
    """Frequency of the mains; without it that of the bench file, and 50 Hz in process."""

    @model_validator(mode="after")
    def _one_value_each(self) -> Self:
        junctions = len(self.critical_current_ap_to_p_ua)
        for key in Simulation.model_fields:
            value = getattr(self, key)
            if isinstance(value, tuple) and len(value) != junctions:
                raise ValueError(f"{key} has {counted(len(value), 'value')} for {counted(junctions, 'junction')}")
        for key in ("critical_spread_ua", "resistance_parallel_ohm", "tmr_percent", "half_bias_mv"):
            if min(self.each(key)) <= 0:
                raise ValueError(f"{key} must be above 0")
        for key in ("bias_conductance_per_v2", "lead_resistance_ohm"):
            if min(self.each(key)) < 0:
                raise ValueError(f"{key} must not be below 0")
        if max(self.each("tmr_percent")) >= 800:
            raise ValueError("tmr_percent must be below 800")
        return self

    def each(self, key: str) -> tuple[float, ...]:
        """Value of ``key`` for each junction."""
        value = getattr(self, key)
        return value if isinstance(value, tuple) else (value,) * len(self.critical_current_ap_to_p_ua)


class InstrumentSimulation(Simulation):
    """Model parameters of simulated instruments: the chip, the instruments, and their faults.

    ``magnet_lag_s`` is the time constant of the magnet.
    ``speed``: bench seconds per second of the clock. ``faults``: see ``mtjlab simulate --help``.
    ``traffic``: a file of recorded traffic, from which the instruments answer instead.
    """

    speed: Positive = 20.0
    source_settling_s: NotNegative = 0.0
    magnet_lag_s: NotNegative = 0.05
    faults: tuple[str, ...] = ()
    traffic: str | None = None

    def of(self, junctions: int) -> "InstrumentSimulation":
        """Parameters for a chain of ``junctions``; without given critical currents those of the paper are repeated."""
        given = self.model_fields_set & {"critical_current_ap_to_p_ua", "critical_current_p_to_ap_ua"}
        have = len(self.critical_current_ap_to_p_ua)
        if have == junctions or given:
            return self
        return self.model_copy(
            update={
                key: tuple(getattr(self, key)[k % have] for k in range(junctions))
                for key in ("critical_current_ap_to_p_ua", "critical_current_p_to_ap_ua")
            }
        )
