"""Texts that describe a bench: its name, its chip and its magnetic field."""

from mtjlab.config import BenchConfig, InstrumentBenchConfig
from mtjlab.runs.memory import gaussmeter_reading


def bench_text(config: BenchConfig, is_simulated: bool) -> str:
    """Describe the bench of the next run, with its field in a line of its own; ``is_simulated``: its instruments."""
    lines = [f"{config.name} · {chip_text(config.device.name)}", field_text(config, is_simulated)]
    return "\n".join(filter(None, lines))


def chip_text(name: str) -> str:
    """Name of a chip, preceded by "chip" where the name does not contain it."""
    return name if "chip" in name.lower() else f"chip {name}"


def field_text(config: BenchConfig, is_simulated: bool) -> str:
    """Field that the bench file requests, and how it is set; empty where the bench has no magnet."""
    if not isinstance(config, InstrumentBenchConfig):
        return ""
    field = f"field {config.field.field_mt:.1f} mT"
    if is_simulated:
        return f"{field}, simulated"
    if not config.field.by_hand:
        return f"{field}, set by {config.field.model}"
    reading = gaussmeter_reading(config)
    return f"{field} by hand, {f'read {reading.reads_mt:.1f} mT' if reading else 'unconfirmed'}"
