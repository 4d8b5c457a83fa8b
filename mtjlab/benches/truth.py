"""From the [simulation] of a bench file to the junctions that obey it."""

from instruments.simulated.junction import JunctionModel
from mtjlab.bench import MV_PER_V, UA_PER_A
from mtjlab.config import Simulation

MT_PER_T = 1e3


def junction_models(simulation: Simulation) -> list[JunctionModel]:
    """The junctions, from the top of the chain. Raises ValueError for parameters outside the model."""
    columns = {
        "critical_current_up_a": (simulation.each("critical_current_ap_to_p_ua"), UA_PER_A),
        "critical_current_down_a": (simulation.each("critical_current_p_to_ap_ua"), UA_PER_A),
        "critical_spread_a": (simulation.each("critical_spread_ua"), UA_PER_A),
        "critical_drift_a_per_h": (simulation.each("critical_drift_ua_per_h"), UA_PER_A),
        "resistance_p_ohm": (simulation.each("resistance_parallel_ohm"), 1.0),
        "tmr0": (simulation.each("tmr_percent"), 100.0),
        "half_voltage_v": (simulation.each("half_bias_mv"), MV_PER_V),
        "curvature_per_v2": (simulation.each("bias_conductance_per_v2"), 1.0),
        "resistance_drift_per_h": (simulation.each("resistance_drift_percent_per_h"), 100.0),
        "lead_resistance_ohm": (simulation.each("lead_resistance_ohm"), 1.0),
    }
    shift_a_per_t = simulation.critical_shift_ua_per_mt * MT_PER_T / UA_PER_A
    return [
        JunctionModel(
            **{name: values[k] / per_si for name, (values, per_si) in columns.items()},
            critical_shift_a_per_t=shift_a_per_t,
        )
        for k in range(len(simulation.critical_current_ap_to_p_ua))
    ]
