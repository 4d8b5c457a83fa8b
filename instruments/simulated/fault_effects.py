"""Effects of faults on circuit, instruments and lines of a simulated bench."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from math import inf
from typing import Protocol, TypeAlias, runtime_checkable

from instruments.simulated.circuit import Circuit
from instruments.simulated.connections import ConnectedMeter
from instruments.simulated.faults import Fault
from instruments.simulated.junction import JunctionModel
from instruments.simulated.station import Station
from instruments.simulated.vocabulary.acquisition import Acquisition
from instruments.simulated.vocabulary.scpi import spellings

UA_PER_A = 1e6
MT_PER_T = 1e3
SHORT_OHM = 0.5
OPEN_OHM = 1e9
BACK_HOPPING_PER_S = 100.0
SHORT_APERTURE = 0.25
SECONDS_PER_HOUR = 3600.0


class Bench(Protocol):
    """The bench that faults act on."""

    circuit: Circuit
    meters: Mapping[str, ConnectedMeter]

    def station(self, role: str) -> Station:
        """The instrument with this role. Raises ValueError if there is none."""

    def shift_field(self, by_t: float) -> None:
        """Add a field that the supply does not make."""


@runtime_checkable
class Source(Protocol):
    """An instrument that may be found with its output on, or changed at its front panel."""

    level: str

    def found_on(self, level_a: float) -> None:
        """Start with the output on at this level."""

    def at_front_panel(self, message: str) -> None:
        """Execute ``message`` as if it was entered at the front panel."""


@runtime_checkable
class Meter(Protocol):
    """An instrument that takes readings."""

    acquisition: Acquisition


@runtime_checkable
class OnMains(Protocol):
    """An instrument whose integration times are periods of the mains."""

    line_frequency_hz: float


Effect: TypeAlias = Callable[[Bench, Fault], None]


def effect_of(fault: Fault) -> Effect:
    """Effect of the fault."""
    return EFFECTS[fault.target, fault.kind]


def _no_reply(bench: Bench, fault: Fault) -> None:
    bench.station(fault.role).line.lost = _count(fault)


def _garbage(bench: Bench, fault: Fault) -> None:
    bench.station(fault.role).line.garbled = _count(fault)


def _late_reply(bench: Bench, fault: Fault) -> None:
    line = bench.station(fault.role).line
    line.late_s, line.late = fault.values[0], fault.values[1] if len(fault.values) > 1 else inf


def _disconnect(bench: Bench, fault: Fault) -> None:
    bench.station(fault.role).cut(*fault.values)


def _closes_idle(bench: Bench, fault: Fault) -> None:
    bench.station(fault.role).close_when_idle(fault.values[0])


def _wrong_identity(bench: Bench, fault: Fault) -> None:
    bench.station(fault.role).instrument.pretend("MODEL 9999", "SIM99999")


def _other_firmware(bench: Bench, fault: Fault) -> None:
    bench.station(fault.role).instrument.is_newer = True


def _line_frequency(bench: Bench, fault: Fault) -> None:
    instrument = bench.station(fault.role).instrument
    assert isinstance(instrument, OnMains)
    instrument.line_frequency_hz = fault.values[0]


def _found_on(bench: Bench, fault: Fault) -> None:
    _source(bench, fault).found_on(fault.values[0] / UA_PER_A)


def _output_off(bench: Bench, fault: Fault) -> None:
    _source(bench, fault).at_front_panel(":OUTP 0")


def _level_changed(bench: Bench, fault: Fault) -> None:
    source = _source(bench, fault)
    source.at_front_panel(f":{next(spellings(source.level))} {fault.values[0] / UA_PER_A!r}")


def _armed(bench: Bench, fault: Fault) -> None:
    bench.station(fault.role).instrument.armed = True


def _refuses_level(bench: Bench, fault: Fault) -> None:
    bench.station(fault.role).instrument.refuse(_count(fault), levels_only=True)


def _refuses_settings(bench: Bench, fault: Fault) -> None:
    bench.station(fault.role).instrument.refuse(_count(fault), levels_only=False)


def _field_off(bench: Bench, fault: Fault) -> None:
    bench.station(fault.role).instrument.at_front_panel(":OUTP 0")


def _field_shift(bench: Bench, fault: Fault) -> None:
    bench.shift_field(fault.values[0] / MT_PER_T)


def _source_gain(bench: Bench, fault: Fault) -> None:
    bench.circuit.outputs[fault.position].gain = fault.values[0]
    bench.circuit.refresh()


def _source_elsewhere(bench: Bench, fault: Fault) -> None:
    """An instrument that measures its own terminals measures at its new node."""
    (node,), sense = fault.named, bench.station(fault.role).roles[-1]
    bench.circuit.rewire(bench.circuit.wiring.with_source_on(fault.position, node).with_meter_from(sense, node))


def _source_reversed(bench: Bench, fault: Fault) -> None:
    """An instrument that measures its own terminals measures them reversed."""
    wiring = bench.circuit.wiring.with_source_reversed(fault.position)
    sense = bench.station(fault.role).roles[-1]
    bench.circuit.rewire(wiring.with_meter_reversed(sense))


def _sources_swapped(bench: Bench, fault: Fault) -> None:
    one, other = fault.named
    senses = [bench.station(f"source J{position + 1}").roles[-1] for position in (one, other)]
    bench.circuit.rewire(bench.circuit.wiring.with_sources_swapped(one, other).with_meters_swapped(*senses))


def _ignores_compliance(bench: Bench, fault: Fault) -> None:
    bench.circuit.outputs[fault.position].ignores_compliance = True
    bench.circuit.refresh()


def _dead_output(bench: Bench, fault: Fault) -> None:
    bench.circuit.outputs[fault.position].dead = True
    bench.circuit.refresh()


def _settling(bench: Bench, fault: Fault) -> None:
    outputs = bench.circuit.outputs if fault.target == "sources" else [bench.circuit.outputs[fault.position]]
    for output in outputs:
        output.settle_in(fault.values[0], bench.circuit.time_s)


def _stuck(bench: Bench, fault: Fault) -> None:
    _meter(bench, fault).stuck = True


def _meter_gain(bench: Bench, fault: Fault) -> None:
    _meter(bench, fault).gain = fault.values[0]


def _short_aperture(bench: Bench, fault: Fault) -> None:
    instrument = bench.station(fault.role).instrument
    assert isinstance(instrument, Meter)
    instrument.acquisition.aperture_share = fault.values[0] if fault.values else SHORT_APERTURE


def _meter_reversed(bench: Bench, fault: Fault) -> None:
    bench.circuit.rewire(bench.circuit.wiring.with_meter_reversed(fault.role))


def _meters_swapped(bench: Bench, fault: Fault) -> None:
    one, other = (f"voltmeter J{position + 1}" for position in fault.named)
    bench.circuit.rewire(bench.circuit.wiring.with_meters_swapped(one, other))


def _meter_elsewhere(bench: Bench, fault: Fault) -> None:
    bench.circuit.rewire(bench.circuit.wiring.with_meter_on(fault.role, *fault.named))


def _short(bench: Bench, fault: Fault) -> None:
    _change_junction(bench, fault, _resistor(_model(bench, fault), SHORT_OHM))


def _open(bench: Bench, fault: Fault) -> None:
    _change_junction(bench, fault, _resistor(_model(bench, fault), OPEN_OHM))


def _back_hopping(bench: Bench, fault: Fault) -> None:
    rate = fault.values[0] if fault.values else BACK_HOPPING_PER_S
    _change_junction(bench, fault, replace(_model(bench, fault), back_hopping_rate_per_s=rate))


def _drift(bench: Bench, fault: Fault) -> None:
    """Drifts of a model count from time 0: the drift until now is subtracted first."""
    model, hours = _model(bench, fault), bench.circuit.time_s / SECONDS_PER_HOUR
    critical_a_per_h = fault.values[0] / UA_PER_A
    resistance_per_h = fault.values[1] / 100.0 if len(fault.values) > 1 else 0.0
    offset_a = (model.critical_drift_a_per_h - critical_a_per_h) * hours
    factor = (1.0 + model.resistance_drift_per_h * hours) / (1.0 + resistance_per_h * hours)
    drifting = replace(
        model,
        critical_current_up_a=model.critical_current_up_a + offset_a,
        critical_current_down_a=model.critical_current_down_a + offset_a,
        critical_drift_a_per_h=critical_a_per_h,
        resistance_p_ohm=model.resistance_p_ohm * factor,
        resistance_drift_per_h=resistance_per_h,
    )
    _change_junction(bench, fault, drifting)


def _count(fault: Fault) -> float:
    """Number of occurrences; infinite if not given."""
    return fault.values[0] if fault.values else inf


def _source(bench: Bench, fault: Fault) -> Source:
    instrument = bench.station(fault.role).instrument
    assert isinstance(instrument, Source)
    return instrument


def _meter(bench: Bench, fault: Fault) -> ConnectedMeter:
    return bench.meters[bench.station(fault.role).roles[-1]]


def _model(bench: Bench, fault: Fault) -> JunctionModel:
    return bench.circuit.chain.models[fault.position]


def _resistor(model: JunctionModel, resistance_ohm: float) -> JunctionModel:
    return replace(model, resistance_p_ohm=resistance_ohm, tmr0=0.0, curvature_per_v2=0.0, resistance_drift_per_h=0.0)


def _change_junction(bench: Bench, fault: Fault, model: JunctionModel) -> None:
    bench.circuit.chain.replace_junction(fault.position, model)
    bench.circuit.refresh()


EFFECTS: dict[tuple[str, str], Effect] = {
    **{
        (part, kind): effect
        for part in ("source", "voltmeter", "field", "gaussmeter")
        for kind, effect in {
            "no-reply": _no_reply,
            "garbage": _garbage,
            "late-reply": _late_reply,
            "disconnect": _disconnect,
            "closes-idle": _closes_idle,
            "wrong-identity": _wrong_identity,
            "other-firmware": _other_firmware,
        }.items()
    },
    ("source", "output-found-on"): _found_on,
    ("source", "output-off"): _output_off,
    ("source", "level-changed"): _level_changed,
    ("source", "armed"): _armed,
    ("source", "refuses-level"): _refuses_level,
    ("source", "refuses-settings"): _refuses_settings,
    ("source", "gain"): _source_gain,
    ("field", "refuses-level"): _refuses_level,
    ("field", "refuses-settings"): _refuses_settings,
    ("field", "output-off"): _field_off,
    ("field", "shift"): _field_shift,
    ("source", "on-node"): _source_elsewhere,
    ("source", "reversed"): _source_reversed,
    ("source", "ignores-compliance"): _ignores_compliance,
    ("source", "dead-output"): _dead_output,
    ("source", "settling"): _settling,
    ("voltmeter", "stuck"): _stuck,
    ("voltmeter", "gain"): _meter_gain,
    ("voltmeter", "line-frequency"): _line_frequency,
    ("voltmeter", "short-aperture"): _short_aperture,
    ("voltmeter", "reversed"): _meter_reversed,
    ("voltmeter", "on-junction"): _meter_elsewhere,
    ("junction", "short"): _short,
    ("junction", "open"): _open,
    ("junction", "drift"): _drift,
    ("junction", "back-hopping"): _back_hopping,
    ("sources", "swapped"): _sources_swapped,
    ("sources", "settling"): _settling,
    ("voltmeters", "swapped"): _meters_swapped,
}
