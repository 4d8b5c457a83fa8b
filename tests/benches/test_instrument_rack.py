"""The rack of drivers: what it says to its instruments, in which order, and what it makes of their failures."""

import math
from collections.abc import Callable
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest

from instruments.interfaces import ComplianceReachedError, InstrumentError, LevelRefusedError, SettingRefusedError
from mtjlab import stopping
from mtjlab.bench import Bench
from mtjlab.benches import instrument_rack
from mtjlab.benches.instrument_rack import InstrumentRack
from mtjlab.detection.resistance import ResistanceLaw
from mtjlab.domain import BenchDescription, Interval
from mtjlab.envelope import BenchLimits
from mtjlab.errors import BenchFaultError, ComplianceFaultError, LevelRefusedFaultError, StopRequestedError
from mtjlab.procedures.safe import connect
from tests.benches.fake_instruments import FakeBus, FakeMeter, fake_bench, fake_parts, garbage, silence
from tests.support.equipment import drive
from tests.support.wired import bench_on, simulated_bench, wired_config


class Stand:
    """A rack on fake instruments, in a time that only its waits let pass."""

    def __init__(self, both: bool = False, to_ground: bool = False) -> None:
        self.by_name, self.diary = fake_bench(both)
        self.bus = FakeBus(dict(self.by_name))
        self.rack = InstrumentRack(fake_parts(both, to_ground=to_ground), self.bus, self._look_around)
        self.stops: list[Exception] = []

    def _look_around(self, may_stop: bool) -> None:
        self.diary.append("look, may stop" if may_stop else "look")
        if self.stops:
            raise self.stops.pop()

    def said(self, act: Callable[[], Any]) -> list[str]:
        """What was said while ``act`` was done."""
        self.diary.clear()
        act()
        return list(self.diary)

    def shows(self, *readings_v: Any) -> None:
        """The next reading of each meter."""
        for k, shown in enumerate(readings_v, start=1):
            self.by_name.get(f"V{k}", self.by_name.get(f"B{k}")).shows.append(shown)


@pytest.fixture(autouse=True)
def own_time(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [100.0]

    def sleep(wait_s: float) -> None:
        now[0] += wait_s

    def read(meter: FakeMeter, samples: int, request: Any = FakeMeter.request) -> None:
        request(meter, samples)
        sleep(samples / 50)

    clock = SimpleNamespace(monotonic=lambda: now[0], perf_counter=lambda: now[0], sleep=sleep)
    monkeypatch.setattr(FakeMeter, "request", read)
    for module in (instrument_rack, stopping):
        monkeypatch.setattr(module, "time", clock)
    return now


@pytest.fixture
def stand() -> Stand:
    """Connected, nothing on."""
    made = Stand()
    made.rack.connect()
    return made


def fault(act: Callable[[], Any]) -> str:
    with pytest.raises(BenchFaultError) as raised:
        act()
    return str(raised.value)


def test_connecting_tells_what_outputs_that_were_found_on_deliver_and_sets_nothing() -> None:
    made = Stand()
    made.by_name["S2"].on, made.by_name["S2"].now_a = True, -3e-4
    made.by_name["S3"].now_a = 1e-4  # its output is off
    assert made.rack.connect() == (0.0, -3e-4, 0.0)
    assert made.bus.opened == ["S1", "S2", "S3", "V1", "V2", "V3"]
    assert made.diary == []


def test_where_instruments_do_not_answer_the_others_are_opened_so_that_they_can_be_ramped_down() -> None:
    made = Stand()
    del made.bus.instruments["S1"], made.bus.instruments["V3"]
    made.by_name["S2"].on, made.by_name["S2"].now_a = True, -3e-4
    told = fault(made.rack.connect)
    for part in ("source J1 (S1)", "voltmeter J3 (V3)", "No setting was written"):
        assert part in told
    assert made.rack.delivered_a() == pytest.approx((math.nan, -3e-4, 0.0), nan_ok=True)
    made.rack.write_source(1, 0.0)
    assert "source J1 (fake, S1) does not answer" in fault(lambda: made.rack.write_source(0, 0.0))
    assert "source J1 (fake, S1) does not answer, so its output may be on" in fault(made.rack.switch_off)
    assert made.diary == ["S2 level 0.0", "S2 off", "S3 off"]


def test_where_no_instrument_answers_that_is_said_once_with_the_reason_and_who(
    caplog: pytest.LogCaptureFixture,
) -> None:
    made = Stand()
    made.bus.instruments.clear()
    bench = Bench(
        made.rack,
        BenchDescription("fakes", "instruments", simulated=True, junctions=3),
        BenchLimits(Interval(-750.0, 750.0), 1000.0, 1000.0),
        ResistanceLaw(r_p_ohm=1100, tmr=1.2, half_bias_mv=500, bias_per_v2=0.1),
    )
    names = [f"source J{k} (S{k})" for k in (1, 2, 3)] + [f"voltmeter J{k} (V{k})" for k in (1, 2, 3)]
    told = f"6 instruments: sent '*IDN?', nothing came. They are {', '.join(names)}. No setting was written."
    assert fault(bench.connect) == told
    assert fault(bench.go_safe) == "source J1, source J2, source J3 do not answer, so their outputs may be on."
    assert not caplog.records


def test_everything_is_prepared_before_any_output_goes_on_and_outputs_go_on_from_ground_up(stand: Stand) -> None:
    assert stand.said(stand.rack.switch_on) == [
        *[f"S{k} prepare-source 0.001 5.0" for k in (1, 2, 3)],
        *[f"V{k} prepare-meter 1.0 1.0" for k in (1, 2, 3)],
        *[f"S{k} on" for k in (3, 2, 1)],
    ]


def test_a_run_records_who_plays_each_part_with_which_settings(stand: Stand) -> None:
    reports = stand.rack.switch_on()
    assert [report.role for report in reports] == [
        f"{part} J{k}" for part in ("source", "voltmeter") for k in (1, 2, 3)
    ]
    assert reports[0].settings == "range 1000 uA, compliance 5 V"
    assert reports[3].settings == "range 1 V, integration 1 power line cycles"
    assert "FAKE V1 no. 1" in reports[3].identity


@pytest.mark.parametrize(("name", "what"), [("S2", "prepare-source"), ("V3", "prepare-meter")])
def test_a_setting_that_is_not_taken_over_leaves_every_output_off(stand: Stand, name: str, what: str) -> None:
    stand.by_name[name].fails[what] = [SettingRefusedError(f"{name}: compliance reads back 20.")]
    assert fault(stand.rack.switch_on) == f"{name}: compliance reads back 20."
    assert not any(line.endswith(" on") for line in stand.diary)


def test_a_source_that_did_not_acknowledge_is_lost_and_told_only_to_go_to_zero(stand: Stand) -> None:
    stand.by_name["S2"].fails["level"] = [silence("source J2")]
    assert "nothing came" in fault(lambda: stand.rack.write_source(1, 1e-4))
    stand.diary.clear()
    told = fault(lambda: stand.rack.write_source(1, 0.0))
    assert stand.diary == ["S2 cut"]
    assert told == "source J2 (fake, S2) does not answer; zero and output off were sent to it, without confirmation."
    assert stand.rack.delivered_a() == pytest.approx((0.0, math.nan, 0.0), nan_ok=True)
    assert "does not answer" in fault(lambda: stand.rack.zero_with_recovery(1))
    stand.diary.clear()
    assert "source J2 (fake, S2) does not answer, so its output may be on" in fault(stand.rack.switch_off)
    assert stand.diary == ["S1 off", "S3 off"]


def test_a_lost_source_that_cannot_even_be_told_is_named(stand: Stand) -> None:
    stand.by_name["S2"].fails |= {"level": [silence("source J2")], "cut": [silence("source J2")]}
    fault(lambda: stand.rack.write_source(1, 1e-4))
    told = fault(lambda: stand.rack.write_source(1, 0.0))
    assert "zero could not be sent to it: source J2: sent" in told


def test_a_source_that_refuses_a_level_answers_and_is_not_lost(stand: Stand) -> None:
    stand.by_name["S2"].fails["level"] = [LevelRefusedError("S2: was asked for 1e-4 A", -2e-4)]
    with pytest.raises(LevelRefusedFaultError, match="was asked for") as refused:
        stand.rack.write_source(1, 1e-4)
    assert refused.value.delivered_a == -2e-4
    assert stand.said(lambda: stand.rack.write_source(1, 0.0)) == ["S2 level 0.0"]


def test_a_source_that_was_sent_nothing_is_not_lost(stand: Stand) -> None:
    stand.by_name["S2"].fails["level"] = [SettingRefusedError("S2: outside its range. Nothing was sent.")]
    assert "Nothing was sent" in fault(lambda: stand.rack.write_source(1, 1.0))
    assert stand.said(lambda: stand.rack.write_source(1, 0.0)) == ["S2 level 0.0"]


def test_a_source_that_was_at_its_compliance_is_a_fault_but_not_lost(stand: Stand) -> None:
    stand.by_name["S1"].fails["level"] = [ComplianceReachedError("source J1: was at its compliance.")]
    with pytest.raises(ComplianceFaultError, match="was at its compliance"):
        stand.rack.write_source(0, 1e-4)
    assert stand.said(lambda: stand.rack.write_source(0, 0.0)) == ["S1 level 0.0"]


def test_every_output_is_switched_off_whatever_fails_and_what_fails_is_cut(stand: Stand) -> None:
    stand.by_name["S1"].fails["off"] = [silence("source J1")]
    told = fault(stand.rack.switch_off)
    assert stand.diary == ["S1 off", "S1 cut", "S2 off", "S3 off"]
    assert "nothing came" in told
    assert "source J1 (fake, S1) does not answer; zero and output off were sent to it" in told


def test_all_meters_are_asked_before_any_is_listened_to(stand: Stand) -> None:
    stand.shows([0.1, 0.11], [0.2, 0.21], [0.3, 0.31])
    asked = [f"V{k} request 2" for k in (1, 2, 3)]
    assert stand.said(lambda: stand.rack.read_voltages_v(2)) == [*asked, *[f"V{k} listen" for k in (1, 2, 3)]]


def test_samples_are_told_sample_by_sample(stand: Stand) -> None:
    stand.shows([0.1, 0.11], [0.2, 0.21], [0.3, 0.31])
    assert [list(sample) for sample in stand.rack.read_voltages_v(2)] == [[0.1, 0.2, 0.3], [0.11, 0.21, 0.31]]


def test_voltages_to_ground_become_voltages_of_junctions() -> None:
    made = Stand(to_ground=True)
    made.rack.connect()
    made.shows([1.5], [0.75], [0.25])
    assert [list(sample) for sample in made.rack.read_voltages_v(1)] == [[0.75, 0.5, 0.25]]


@pytest.mark.parametrize("wrong", [silence, garbage])
@pytest.mark.parametrize("what", ["listen", "request"])
def test_where_one_reading_is_lost_or_garbled_all_meters_read_once_more_so_that_they_show_one_moment(
    stand: Stand, wrong: Callable[[str], Exception], what: str
) -> None:
    stand.by_name["V2"].fails[what] = [wrong("voltmeter J2")]
    stand.shows([0.1], [0.2], [0.3])
    for name in ("V1", "V3"):
        stand.by_name[name].shows.append([0.9])
    stand.by_name["V2"].shows[:] = [[0.8]]
    said = stand.said(lambda: stand.rack.read_voltages_v(1))
    again = said.index("V1 request 1", 1)
    assert said[again:] == [*[f"V{k} request 1" for k in (1, 2, 3)], *[f"V{k} listen" for k in (2, 1, 3)]]
    (hitch,) = stand.rack.delays()
    assert hitch.startswith("voltmeter J2: sent ':READ?'")
    assert hitch.endswith("All voltmeters were asked once more")
    assert stand.rack.delays() == ()


def test_what_is_read_again_is_what_counts(stand: Stand) -> None:
    stand.by_name["V2"].fails["listen"] = [silence("voltmeter J2")]
    stand.shows([0.1], [0.2], [0.3])
    stand.by_name["V1"].shows.append([0.11])
    stand.by_name["V3"].shows.append([0.31])
    assert [list(sample) for sample in stand.rack.read_voltages_v(1)] == [[0.11, 0.2, 0.31]]


@pytest.mark.parametrize("wrong", [silence, garbage])
def test_a_reading_that_is_lost_or_garbled_twice_is_a_fault_that_tells_of_both(
    stand: Stand, wrong: Callable[[str], Exception]
) -> None:
    stand.by_name["V2"].fails["listen"] = [wrong("voltmeter J2, first"), wrong("voltmeter J2, second")]
    for _ in range(2):
        stand.shows([0.1], [0.2], [0.3])
    told = fault(lambda: stand.rack.read_voltages_v(1))
    assert "voltmeter J2, first" in told
    assert "Asked once more: voltmeter J2, second" in told


def test_an_output_that_somebody_switched_off_is_named_with_the_reading_that_fails(stand: Stand) -> None:
    stand.by_name["V2"].fails["listen"] = [InstrumentError("voltmeter J2: over range.")]
    stand.shows([0.1], [0.2], [0.3])
    for name in ("S1", "S3"):
        stand.by_name[name].on = True
    told = fault(lambda: stand.rack.read_voltages_v(1))
    assert told.startswith("voltmeter J2: over range. Output off: source J2 (fake, S2). Somebody switched it off: ")


def test_a_source_meter_whose_output_is_off_is_not_asked_for_a_second_reading_which_hangs_it() -> None:
    config = wired_config("keithley-2400.toml")
    instruments = simulated_bench(config)
    bench = bench_on(instruments, config)
    drive(connect(bench))
    instruments.add_fault("source J2:output-off")
    told = fault(lambda: bench.read(2))
    assert "Asked once more: source J2 (Keithley 2400, simulated): its output is off, so it cannot read" in told
    assert "Output off: source J2 (Keithley 2400, " in told
    assert "source J1 (" not in told


def test_another_instrument_in_place_of_a_meter_is_a_fault_at_once(stand: Stand) -> None:
    for act in (stand.rack.read_voltages_v, stand.rack.survey):
        stand.by_name["V2"].fails["request"] = [InstrumentError("V2: no. 1 was there before.")]
        assert "was there before" in fault(partial(act, 1))
        assert stand.by_name["V2"].fails["request"] == []


def test_what_takes_longer_than_a_share_of_the_timeout_is_a_hitch(stand: Stand, own_time: list[float]) -> None:
    """0.5 s beside what it may take: a meter that measures its zero takes four times the aperture."""
    stand.shows([0.1], [0.2], [0.3])
    for taken_s, told in ((0.4, []), (0.6, ["setting source J1 (fake, S1) took 0.6 s longer than it should"])):
        stand.by_name["S1"].on_write = lambda taken_s=taken_s: own_time.__setitem__(0, own_time[0] + taken_s)
        stand.rack.write_source(0, 1e-4)
        assert list(stand.rack.delays()) == told
    stand.by_name["S1"].on_write = lambda: own_time.__setitem__(0, own_time[0] + 0.1)
    for longest_s, count in ((0.11, 0), (0.09, 1)):
        stand.rack.write_source(0, 1e-4)
        assert len(stand.rack.delays(longest_s)) == count
    stand.by_name["S1"].on_write = lambda: None
    stand.rack.wait(3600.0)
    stand.rack.read_voltages_v(1)
    assert stand.rack.delays() == ()


def test_a_source_at_its_compliance_is_named_with_the_meter_that_fails(stand: Stand) -> None:
    stand.by_name["V2"].fails["listen"] = [garbage("voltmeter J2")] * 2
    stand.by_name["S1"].limited = True
    for k in (1, 2, 3):
        stand.by_name[f"S{k}"].on = True
    for _ in range(2):
        stand.shows([0.1], [0.2], [0.3])
    told = fault(lambda: stand.rack.read_voltages_v(1))
    assert told.endswith("At its compliance: source J1 (fake, S1). Look for an open contact first.")


def test_readings_that_cannot_be_are_faults(stand: Stand) -> None:
    stand.rack.write_source(0, 1e-4)
    stand.shows([0.1], [0.2], [0.3])
    stand.rack.read_voltages_v(1)
    stand.rack.write_source(0, 2e-4)
    stand.shows([0.1], [0.4], [0.6])
    assert "its display is frozen" in fault(lambda: stand.rack.read_voltages_v(1))
    stand.shows([2.0], [2.0], [1.0])
    assert "its node is at 5000 mV" in fault(lambda: stand.rack.read_voltages_v(1))


def test_waits_look_around_at_least_every_50_ms(stand: Stand, own_time: list[float]) -> None:
    assert stand.said(lambda: stand.rack.wait(0.2)).count("look") >= 5
    assert own_time[0] == pytest.approx(100.2)
    assert "look" in stand.said(stand.rack.settle)


def test_whoever_looks_around_may_end_a_wait(stand: Stand, own_time: list[float]) -> None:
    stand.stops.append(StopRequestedError("at once"))
    with pytest.raises(StopRequestedError):
        stand.rack.wait(3600.0)
    assert own_time[0] == 100.0


def test_nobody_looks_around_inside_an_exchange(stand: Stand) -> None:
    stand.shows([0.1], [0.2], [0.3])
    stand.shows([0.1], [0.2], [0.3])
    for act in (
        stand.rack.switch_on,
        lambda: stand.rack.write_source(0, 1e-4),
        lambda: stand.rack.read_voltages_v(1),
        lambda: stand.rack.survey(1),
        stand.rack.delivered_a,
        lambda: stand.rack.zero_with_recovery(0),
        stand.rack.switch_off,
        stand.rack.close,
    ):
        assert "look" not in stand.said(act)


def test_a_survey_keeps_complaints_and_what_sources_say_of_themselves(stand: Stand) -> None:
    stand.by_name["V2"].fails["listen"] = [garbage("voltmeter J2")] * 2
    stand.by_name["S1"].limited, stand.by_name["S2"].limited, stand.by_name["S3"].on = True, None, True
    for _ in range(2):
        stand.shows([0.1, 0.11], [], [0.3, 0.31])
    survey = stand.rack.survey(2)
    assert survey.samples_mv == ((100.0, 110.0), (), (300.0, 310.0))
    assert survey.complaints[1].startswith("voltmeter J2: sent ':READ?', came 'xyz'")
    assert survey.complaints[::2] == ("", "")
    assert (survey.limited, survey.outputs_on) == ((True, None, False), (False, False, True))
    assert stand.diary[:3] == [f"V{k} request 2" for k in (1, 2, 3)]


def test_a_meter_that_is_lost_is_no_finding_of_a_survey_but_a_fault(stand: Stand) -> None:
    stand.by_name["V2"].fails["listen"] = [silence("first"), silence("second")]
    for _ in range(2):
        stand.shows([0.1], [0.2], [0.3])
    assert "Asked once more: second" in fault(lambda: stand.rack.survey(1))


def test_an_instrument_that_plays_both_parts_is_opened_prepared_and_closed_once() -> None:
    made = Stand(both=True, to_ground=True)
    made.rack.connect()
    assert made.bus.opened == ["B1", "B2", "B3"]
    said = made.said(made.rack.switch_on)
    assert said[:6] == [
        *[f"B{k} prepare-source 0.001 5.0" for k in (1, 2, 3)],
        *[f"B{k} prepare-meter 1.0 1.0" for k in (1, 2, 3)],
    ]
    assert made.said(made.rack.close) == ["B1 close", "B2 close", "B3 close"]


def test_closing_lets_go_of_all_whatever_fails(stand: Stand) -> None:
    stand.by_name["S1"].fails["close"] = [OSError("broken pipe")]
    assert len(stand.said(stand.rack.close)) == 6
    assert stand.said(stand.rack.close) == []


def test_each_reading_listens_to_another_meter_first(stand: Stand) -> None:
    """So that one that is slower hides none that is too fast."""
    first = []
    for k in range(4):
        stand.shows([0.1 + k / 100], [0.2 + k / 100], [0.3 + k / 100])
        first.append(stand.said(lambda: stand.rack.read_voltages_v(1))[3])
    assert first == ["V1 listen", "V2 listen", "V3 listen", "V1 listen"]


def test_a_meter_that_averages_more_briefly_than_the_bench_file_says_is_named_with_the_key_to_correct(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FakeMeter, "request", lambda *_: None)  # no time passes
    stand.shows([0.1] * 2, [0.2] * 2, [0.3] * 2)
    told = fault(lambda: stand.rack.read_voltages_v(2))
    for part in ("voltmeter J1 (fake, V1)", "2 samples in 0 ms", "voltmeters.J1.nplc = 1", "say 40 ms", "front panel"):
        assert part in told


def test_readings_say_how_long_nobody_can_look_around(stand: Stand) -> None:
    stand.shows([0.1] * 5, [0.2] * 5, [0.3] * 5)
    stand.rack.read_voltages_v(5)
    assert stand.rack.reading_s == pytest.approx(0.1)


def test_a_wait_says_whether_the_run_may_be_stopped_in_it(stand: Stand) -> None:
    assert stand.said(lambda: stand.rack.wait(0.1, may_stop=True))[0] == "look, may stop"
    assert stand.said(lambda: stand.rack.wait(0.1))[0] == "look"
