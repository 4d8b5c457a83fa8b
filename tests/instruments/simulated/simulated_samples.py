"""Simulated benches without sockets: what is said comes back, bench time passes as asked."""

from itertools import accumulate

from instruments.simulated.bench import SimulatedBench
from instruments.simulated.junction import JunctionModel
from instruments.simulated.spec import InstrumentSpec, SimulatorSpec

LEAD_OHM = 5.0
JUNCTIONS = tuple(
    JunctionModel(critical_current_up_a=up_a, critical_current_down_a=down_a, lead_resistance_ohm=LEAD_OHM)
    for up_a, down_a in [(224e-6, -57e-6), (-66e-6, -347e-6), (196e-6, -85e-6)]
)


class Diary:
    """A log in memory: (bench time, kind, what)."""

    def __init__(self):
        self.lines = []

    def write(self, time_s, kind, **fields):
        self.lines.append((time_s, kind, fields))

    def received(self, time_s, roles, text):
        self.lines.append((time_s, "in", (roles, text)))

    def sent(self, time_s, roles, text):
        self.lines.append((time_s, "out", (roles, text)))

    def currents(self, time_s, sources_a, junctions_a):
        self.lines.append((time_s, "currents", (tuple(sources_a), tuple(junctions_a))))

    def states(self, time_s, states):
        self.lines.append((time_s, "states", tuple(states)))

    def of(self, kind):
        return [(time_s, what) for time_s, found, what in self.lines if found == kind]


class Bench(SimulatedBench):
    """A simulated bench whose tester waits in bench time."""

    def __init__(self, spec):
        super().__init__(spec, Diary())

    def wait(self, duration_s):
        self.schedule.run_until(self.schedule.now_s + duration_s)

    def send(self, role, *messages):
        """Replies that came by now, whoever waits for more calls ``wait``."""
        replies = []
        for message in messages:
            self.station(role).receive(message, lambda reply: replies.append(reply.decode("latin-1")))
        self.wait(0.0)
        return replies

    def ask(self, role, message, within_s=0.0):
        """The one reply to one message."""
        replies = self.send(role, message)
        self.wait(within_s)
        assert len(replies) == 1, (message, replies)
        return replies[0]

    def error(self, role):
        """Code of the oldest error."""
        return int(self.ask(role, "SYST:ERR?").split(",")[0])


def source(model, position=0, **kwargs):
    return InstrumentSpec(model=model, plays="source", position=position, **kwargs)


def voltmeter(model, position=0, **kwargs):
    return InstrumentSpec(model=model, plays="voltmeter", position=position, **{"noise_v": 0.0, **kwargs})


def source_meter(position=0, **kwargs):
    return InstrumentSpec(
        plays="both", position=position, measures="ground", **{"model": "2400", "noise_v": 0.0, **kwargs}
    )


def spec_of(*instruments, **kwargs):
    return SimulatorSpec(instruments=instruments, **{"junctions": JUNCTIONS, "log_path": "nowhere.jsonl", **kwargs})


def bench_of(*instruments, **kwargs):
    return Bench(spec_of(*instruments, **kwargs))


def three_and_three(**kwargs):
    """Three 6221 and three 2182A."""
    positions = range(3)
    return bench_of(*[source("6221", k) for k in positions], *[voltmeter("2182A", k) for k in positions], **kwargs)


def switch_on(bench, *sources_a, compliance_v=5.0):
    """Three 6221 on, at these currents."""
    for k, current_a in enumerate(sources_a, start=1):
        message = f"SOUR:CURR:RANG 2e-3;COMP {compliance_v};:SOUR:CURR {current_a};:OUTP ON;*OPC?"
        assert bench.ask(f"source J{k}", message) == "1"


def voltage_v(k, state, current_a, model=None):
    """Across junction ``k`` and its leads."""
    return (model or JUNCTIONS[k]).voltage_v(state, current_a) + current_a * LEAD_OHM


def all_antiparallel_v(*sources_a):
    return [voltage_v(k, "AP", current_a) for k, current_a in enumerate(accumulate(sources_a))]
