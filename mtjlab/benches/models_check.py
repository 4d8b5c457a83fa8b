"""What a bench file asks of its instruments, held against what their models can do, before anything is connected."""

from pathlib import Path

from instruments.lock_names import canonical
from instruments.magnets import MT_PER_T
from instruments.models import MODELS, MeterFacts, Model, SourceFacts
from instruments.simulated.vocabulary.models import find_model
from mtjlab.bench import MV_PER_V, UA_PER_A
from mtjlab.benches.field import MA_PER_A
from mtjlab.config import BenchConfig, GaussmeterSection, InstrumentBenchConfig, VoltmeterSection
from mtjlab.errors import RefusedError
from mtjlab.typed_numbers import distinct_texts


def demand_instruments(file: Path, bench: BenchConfig, simulate: bool) -> None:
    """Refuse models that do not exist or do not play their part, and settings that they do not have.

    Raises:
        RefusedError: all complaints, each with file, key and remedy; nothing was connected.
    """
    if not isinstance(bench, InstrumentBenchConfig):
        return
    complaints = [*_of_sources(bench), *_of_meters(bench), *_of_field(bench), *_of_addresses(bench)]
    complaints += _of_simulation(bench) if simulate else []
    if complaints:
        raise RefusedError("\n".join(f"{file}: {complaint}" for complaint in complaints))


def _of_sources(bench: InstrumentBenchConfig) -> list[str]:
    complaints = []
    for label, section in bench.sources.items():
        key = f"sources.{label}"
        facts = MODELS[section.model].source if section.model in MODELS else None
        if facts is None:
            complaints.append(_no_such(key, section.model, [m for m in MODELS.values() if m.source]))
            continue
        complaints += _range(f"{key}.range_ua", section.range_ua, [one * UA_PER_A for one in facts.ranges_a], "uA")
        complaints += _compliance(key, bench.compliance_mv(label), facts)
        reach_ua = max(abs(bench.limits.junction_current_min_ua), bench.limits.junction_current_max_ua)
        if section.range_ua < reach_ua:
            largest, wanted = distinct_texts(section.range_ua, reach_ua)
            complaints.append(
                f"{key}.range_ua = {largest} does not reach the {wanted} uA of [limits]. Take a larger range, or "
                "narrower limits."
            )
    return complaints


def _of_meters(bench: InstrumentBenchConfig) -> list[str]:
    complaints = []
    for label, section in bench.voltmeters.items():
        key = f"voltmeters.{label}"
        facts = MODELS[section.model].meter if section.model in MODELS else None
        if facts is None:
            complaints.append(_no_such(key, section.model, [m for m in MODELS.values() if m.meter]))
            continue
        complaints += _range(f"{key}.range_mv", section.range_mv, [one * MV_PER_V for one in facts.ranges_v], "mV")
        complaints += _integration(key, section.nplc, facts)
        if MODELS[section.model].source:
            complaints += _source_meter(label, section, bench)
    return complaints


def _source_meter(label: str, section: VoltmeterSection, bench: InstrumentBenchConfig) -> list[str]:
    """What sources and measures does the latter at its own terminals, from its node to ground, while it sources."""
    key, compliance_mv = f"voltmeters.{label}", bench.compliance_mv(label)
    if section.address != bench.sources[label].address:
        return [
            f"{key}.model = {section.model!r} measures only what it sources itself. Give it the address of its source, "
            f"{bench.sources[label].address}, if that is the same instrument, or take a voltmeter."
        ]
    complaints = []
    if bench.wiring.voltmeters == "across" and bench.below(label) > 1:
        complaints.append(
            f"{key}.model = {section.model!r} measures from its node to ground, not across {label} alone. Write "
            "wiring.voltmeters = 'to-ground' if all do, or take a voltmeter."
        )
    if section.range_mv < compliance_mv:
        largest, compliance = distinct_texts(section.range_mv, compliance_mv)
        complaints.append(
            f"{key}.range_mv = {largest} would limit its source, whose compliance is {compliance} mV. Take a larger "
            "range."
        )
    return complaints


def _of_field(bench: InstrumentBenchConfig) -> list[str]:
    field = bench.field
    facts = MODELS[field.model].magnet if field.model in MODELS else None
    if facts is None:
        return [_no_such("field", field.model, [m for m in MODELS.values() if m.magnet])]
    asked_and_had = (
        ("largest_current_ma", field.largest_current_ma, facts.largest_current_a * MA_PER_A),
        ("compliance_mv", field.compliance_mv, facts.largest_compliance_v * MV_PER_V),
    )
    complaints = _of_gaussmeter(field.gaussmeter) if field.gaussmeter else []
    for key, wanted, most in asked_and_had:
        if wanted is not None and wanted > most:
            asked, largest = distinct_texts(wanted, most)
            complaints.append(f"field.{key} = {asked} cannot be had: this model has up to {largest}. Give less.")
    return complaints


def _of_gaussmeter(section: GaussmeterSection) -> list[str]:
    facts = MODELS[section.model].gaussmeter if section.model in MODELS else None
    if facts is None:
        return [_no_such("field.gaussmeter", section.model, [m for m in MODELS.values() if m.gaussmeter])]
    ranges_mt = [round(one * MT_PER_T, 9) for one in facts.ranges_t]
    return _range("field.gaussmeter.range_mt", section.range_mt, ranges_mt, "mT")


def _of_addresses(bench: InstrumentBenchConfig) -> list[str]:
    """One instrument that is written in two ways would be opened twice."""
    written: dict[str, set[str]] = {}
    for address in bench.addresses:
        written.setdefault(canonical(address), set()).add(address)
    return [
        f"addresses {' and '.join(sorted(ways))} are one instrument. Write them alike."
        for ways in written.values()
        if len(ways) > 1
    ]


def _of_simulation(bench: InstrumentBenchConfig) -> list[str]:
    complaints = []
    parts: list[tuple[str, str, str]] = [
        ("field.gaussmeter" if role == "gaussmeter" else role, model, role) for role, model, _ in bench.field.parts
    ]
    for label in bench.labels:
        source, meter = bench.sources[label], bench.voltmeters[label]
        both = source.address == meter.address
        parts += [
            (f"sources.{label}", source.model, "both" if both else "source"),
            (f"voltmeters.{label}", meter.model, "both" if both else "voltmeter"),
        ]
    for key, model, plays in parts:
        try:
            find_model(model, plays)
        except ValueError as error:
            complaints.append(f"{key}.model: {error}")
    return complaints


def _no_such(key: str, model: str, players: list[Model]) -> str:
    parts = {"sources": "current source", "voltmeters": "voltmeter", "field": "field"}
    part = "gaussmeter" if key == "field.gaussmeter" else parts[key.partition(".")[0]]
    known = ", ".join(player.name for player in players)
    return f"{key}.model = {model!r} is no {part} that there is a driver for. There is one for {known}."


def _range(key: str, wanted: float, ranges: list[float], unit: str) -> list[str]:
    if any(abs(wanted - one) <= 1e-9 * one for one in ranges):
        return []
    asked, *there = distinct_texts(wanted, *ranges)
    return [f"{key} = {asked} is no range of this model. It has {', '.join(there)} {unit}."]


def _compliance(key: str, wanted_mv: float, facts: SourceFacts) -> list[str]:
    low_mv, high_mv = facts.smallest_compliance_v * MV_PER_V, facts.largest_compliance_v * MV_PER_V
    if low_mv <= wanted_mv <= high_mv:
        return []
    asked, low, high = distinct_texts(wanted_mv, low_mv, high_mv)
    return [
        f"{key}.compliance_mv = {asked} cannot be had: this model has {low} to {high} mV. Give a compliance_mv that it "
        "has."
    ]


def _integration(key: str, nplc: float, facts: MeterFacts) -> list[str]:
    if facts.smallest_nplc <= nplc <= facts.largest_nplc:
        return []
    asked, low, high = distinct_texts(nplc, facts.smallest_nplc, facts.largest_nplc)
    return [f"{key}.nplc = {asked} is outside what this model has. Take {low} to {high}."]
