"""Energy in the simulated junctions and in their leads, by the log of the simulators alone."""

from pathlib import Path

from instruments.simulated.junction import JunctionModel, JunctionState
from instruments.simulated.log_reading import read_log


def true_energy_j(log: Path) -> tuple[list[float], float]:
    """Of each junction, and of all leads."""
    lines = read_log(log)
    models = [JunctionModel(**junction) for junction in next(lines)["spec"]["junctions"]]
    energies_j, leads_j, last_s = [0.0] * len(models), 0.0, 0.0
    currents_a, states = [0.0] * len(models), list[JunctionState](["AP"] * len(models))
    for line in lines:
        if line["kind"] not in ("currents", "states"):
            continue
        for k, (model, state, current_a) in enumerate(zip(models, states, currents_a, strict=True)):
            energies_j[k] += model.voltage_v(state, current_a) * current_a * (line["t_s"] - last_s)
            leads_j += model.lead_resistance_ohm * current_a**2 * (line["t_s"] - last_s)
        last_s = line["t_s"]
        currents_a = line.get("junctions_a", currents_a)
        states = line.get("states", states)
    return energies_j, leads_j
