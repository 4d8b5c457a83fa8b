"""What is said of a bench: its name, its chip, and the magnetic field with how that is known."""

from mtjlab.config import BenchConfig, InstrumentBenchConfig
from mtjlab.runs.memory import gaussmeter_reading


def bench_text(config: BenchConfig, is_simulated: bool) -> str:
    """Of the next run, in a line; ``is_simulated`` says that its instruments will be."""
    parts = [config.name, chip_text(config.device.name), field_text(config, is_simulated)]
    return " · ".join(filter(None, parts))


def chip_text(name: str) -> str:
    """A chip by its name."""
    return name if "chip" in name.lower() else f"chip {name}"


def field_text(config: BenchConfig, is_simulated: bool) -> str:
    """The field that the bench file asks for, and who sets it; empty where there is no magnet at all."""
    if not isinstance(config, InstrumentBenchConfig):
        return ""
    field = f"field {config.field.field_mt:.1f} mT"
    if is_simulated:
        return f"{field}, simulated"
    if not config.field.by_hand:
        return f"{field}, set by {config.field.model}"
    said = gaussmeter_reading(config)
    return f"{field} by hand, {f'read {said.reads_mt:.1f} mT' if said else 'unconfirmed'}"
