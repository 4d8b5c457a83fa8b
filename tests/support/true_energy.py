"""Energy in the simulated junctions and their leads, by the log of the simulators alone."""

from pathlib import Path

from instruments.simulated.junction import JunctionModel, JunctionState
from instruments.simulated.log_reading import read_log


def true_energy_j(log: Path) -> list[float]:
    """Of each junction, with its leads."""
    lines = read_log(log)
    models = [JunctionModel(**junction) for junction in next(lines)["spec"]["junctions"]]
    energies_j, last_s = [0.0] * len(models), 0.0
    currents_a, states = [0.0] * len(models), list[JunctionState](["AP"] * len(models))
    for line in lines:
        if line["kind"] not in ("currents", "states"):
            continue
        for k, (model, state, current_a) in enumerate(zip(models, states, currents_a, strict=True)):
            voltage_v = model.voltage_v(state, current_a) + model.lead_resistance_ohm * current_a
            energies_j[k] += voltage_v * current_a * (line["t_s"] - last_s)
        last_s = line["t_s"]
        currents_a = line.get("junctions_a", currents_a)
        states = line.get("states", states)
    return energies_j
