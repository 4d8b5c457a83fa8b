"""Whom a rescue speaks to: the sources that said in this run who they are, and nobody else."""

import subprocess
import sys
from collections.abc import Iterator, Mapping

import psutil
import pytest

from instruments.interfaces import Identity
from instruments.processes import process_of
from mtjlab.config import InstrumentBenchConfig, read_bench
from mtjlab.guardian.rescue import end_engine, take_to_zero
from mtjlab.store import SAFE_AGAIN
from tests.instruments.loopback import IDENTITY_6221, SILENCE, Loopback
from tests.support.commands import ACROSS

LABELS = ("J1", "J2", "J3")


class Source6221:
    """A 6221 that obeys, refuses every level, or says nothing."""

    def __init__(self, serial: int) -> None:
        self.identity: str | None = IDENTITY_6221.replace("1234567", str(serial))
        self.level, self.on, self.refuses = "-3.000000E-04", True, False

    @property
    def known(self) -> Identity:
        maker, model, serial, firmware = (self.identity or "").split(",")
        return Identity(maker, model, serial, firmware)

    def __call__(self, message: str) -> str | None:
        if self.identity is SILENCE:
            return SILENCE
        replies = [self._answer(part) for part in message.split(";")]
        return ";".join(reply for reply in replies if reply is not None) or SILENCE

    def _answer(self, part: str) -> str | None:
        if part.startswith(":SOUR:CURR ") and not self.refuses:
            self.level = part.split()[1]
        if part in ("OUTPut 0", ":OUTP OFF"):
            self.on = False
        told = {"*IDN?": self.identity, ":SOUR:CURR?": self.level, "OUTPut?": str(int(self.on)), "*OPC?": "1"}
        told |= {":SOUR:CURR:RANG?": "2.0E-03", ":SYST:ERR?": "0,none"}
        return told.get(part, "0") if part.endswith("?") else None


@pytest.fixture
def sources() -> dict[str, Source6221]:
    return {label: Source6221(serial) for serial, label in enumerate(LABELS, start=1)}


@pytest.fixture
def ports(sources: Mapping[str, Source6221]) -> Iterator[dict[str, Loopback]]:
    with Loopback(sources["J1"]) as first, Loopback(sources["J2"]) as second, Loopback(sources["J3"]) as third:
        yield dict(zip(LABELS, (first, second, third), strict=True))


def bench_at(ports: Mapping[str, Loopback]) -> InstrumentBenchConfig:
    config = read_bench(ACROSS)
    assert isinstance(config, InstrumentBenchConfig)
    sources = {
        label: section.model_copy(update={"address": ports[label].address, "model": "Keithley 6221"})
        for label, section in config.sources.items()
    }
    link = config.link.model_copy(update={"visa_library": "@py", "timeout_s": 0.3})
    return config.model_copy(update={"sources": sources, "link": link})


def rescue(ports: Mapping[str, Loopback], known: Mapping[str, Identity]) -> str:
    return take_to_zero(
        bench_at(ports), simulated=False, known={ports[label].address: who for label, who in known.items()}
    )


def all_known(sources: Mapping[str, Source6221]) -> dict[str, Identity]:
    return {label: source.known for label, source in sources.items()}


def test_who_answered_the_engine_is_ramped_down_and_seen_at_zero_before_it_goes_off(
    sources: dict[str, Source6221], ports: dict[str, Loopback]
) -> None:
    assert rescue(ports, all_known(sources)) == f"{SAFE_AGAIN}all sources at zero, outputs off, read back"
    for label, source in sources.items():
        assert (float(source.level), source.on) == (0.0, False)
        heard = ports[label].heard
        assert ":SOUR:CURR?" in heard[heard.index("*IDN?") : heard.index("OUTPut 0")]


def test_who_never_told_the_engine_is_asked_by_the_rescue_itself(
    sources: dict[str, Source6221], ports: dict[str, Loopback]
) -> None:
    """An engine may die before it has asked; what the bench file names is taken down as an engine would."""
    assert rescue(ports, {}).startswith(SAFE_AGAIN)
    assert not any(source.on for source in sources.values())


@pytest.mark.parametrize("known", [True, False])
def test_another_instrument_at_the_address_is_sent_nothing_but_a_question(
    sources: dict[str, Source6221], ports: dict[str, Loopback], known: bool
) -> None:
    """Of the right model but another serial number, or of another model."""
    before = all_known(sources) if known else {}
    sources["J2"].identity = IDENTITY_6221 if known else IDENTITY_6221.replace("6221", "2182A")
    told = rescue(ports, before)
    assert set(ports["J2"].heard) == {"*IDN?"}
    assert told.startswith("NOT SAFE:")
    assert "source J2" in told
    assert (sources["J1"].on, sources["J2"].on, sources["J3"].on) == (False, True, False)


def test_a_source_that_says_nothing_is_told_to_go_to_zero_if_it_is_known(
    sources: dict[str, Source6221], ports: dict[str, Loopback]
) -> None:
    before = all_known(sources)
    sources["J2"].identity = SILENCE
    told = rescue(ports, before)
    ports["J2"].wait_until_heard(":OUTP OFF")
    assert "zero was sent without confirmation" in told
    assert told.startswith("NOT SAFE:")


def test_a_source_that_says_nothing_and_never_did_is_sent_nothing_but_a_question(
    sources: dict[str, Source6221], ports: dict[str, Loopback]
) -> None:
    sources["J2"].identity = SILENCE
    told = rescue(ports, {})
    assert set(ports["J2"].heard) == {"*IDN?"}
    assert told.startswith("NOT SAFE:")
    assert "without confirmation" not in told


def test_where_none_answers_the_reason_is_said_once_with_all_of_them(
    sources: dict[str, Source6221], ports: dict[str, Loopback]
) -> None:
    before = all_known(sources)
    for source in sources.values():
        source.identity = SILENCE
    told = rescue(ports, before)
    assert told.count("no reply") == told.count("so their outputs may be on") == 1
    assert told.count("without confirmation") == 1
    assert all(ports[label].address in told for label in LABELS)


def test_a_source_that_refuses_every_way_to_zero_is_cut_and_nothing_is_called_safe(
    sources: dict[str, Source6221], ports: dict[str, Loopback]
) -> None:
    sources["J3"].refuses = True
    assert rescue(ports, all_known(sources)) == "outputs off; source J3 was cut at -300 uA"
    assert not any(source.on for source in sources.values())


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere setting the clock moves no time of creation")
def test_an_engine_is_ended_though_the_clock_was_set_since_it_started(monkeypatch: pytest.MonkeyPatch) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        created_s = psutil.Process(child.pid).create_time()
        engine, booted_s = process_of(child.pid, created_s), psutil.boot_time()
        monkeypatch.setattr("psutil._pslinux.boot_time", lambda: booted_s + 3600)
        assert process_of(child.pid, created_s) is None
        assert end_engine(engine) == "the engine was killed"
    assert end_engine(engine) == "the engine had ended"
    assert end_engine(None) == "the engine had ended"
