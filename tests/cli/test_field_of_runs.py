"""What a run on real instruments says of its magnetic field, and who is asked."""

import tomllib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from mtjlab.errors import RefusedError
from mtjlab.events import Event
from mtjlab.procedures.check.procedure import CheckPlan
from mtjlab.reading import read_events
from tests.support.commands import ACROSS, CONFIGS, RealBench, Result
from tests.support.kepco import LoopbackKepco

Run = Callable[..., Result]
BEGINS = "the run would begin now"


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody looks for noise here."""
    monkeypatch.setattr("mtjlab.procedures.check.kind.CheckPlan", partial(CheckPlan, samples=4, hold_s=0.01))


def begin(*_: Any) -> None:
    raise RefusedError(BEGINS)


class Person:
    """Sits at a terminal, has shorted the chain, and types ``answers`` to what the gaussmeter shows."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *answers: str) -> None:
        self.asked: list[str] = []
        self._answers = list(answers)
        monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
        monkeypatch.setattr("click.confirm", lambda *_, **__: False)
        monkeypatch.setattr("click.prompt", self.answer)

    def answer(self, question: str, **_: Any) -> str:
        self.asked.append(question)
        return self._answers.pop(0)


def events_of(result: Result) -> list[Event]:
    return list(read_events(Path(result.json["run"])))


def field_of(result: Result) -> tuple[float, str]:
    (told,) = [event for event in events_of(result) if event.type == "field-set"]
    return told.field_mt, told.how


def check(mtjlab: Run, file: Path, *arguments: str) -> Result:
    return mtjlab("check", "--bench", file, "--json", "--quiet", "--confirm-shorted", *arguments)


@pytest.mark.usefixtures("quick")
def test_the_answer_of_the_operator_is_in_the_event_and_in_run_toml(
    mtjlab: Run, real: RealBench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Person(monkeypatch, "6,1 mT")
    result = check(mtjlab, real.write(tmp_path / "b.toml"))
    field_mt, how = field_of(result)
    assert field_mt == 6.1
    assert how.startswith("by hand: the operator says 6.1 mT (on 2")
    asked = tomllib.loads((Path(result.json["run"]) / "run.toml").read_text(encoding="utf-8"))
    assert asked["gaussmeter"]["reads_mt"] == 6.1
    assert "field 6.1 mT, by hand" in (Path(result.json["run"]) / "log.txt").read_text(encoding="utf-8")
    kinds = [event.type for event in events_of(result)]
    assert kinds.index("bench-connected") < kinds.index("field-set") < kinds.index("outputs-on")


def test_an_answer_that_could_mean_two_fields_is_asked_for_again(
    mtjlab: Run, real: RealBench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mtjlab.experiment.execute", begin)
    person = Person(monkeypatch, "6,012", "6_0", "6.012")
    assert BEGINS in check(mtjlab, real.write(tmp_path / "b.toml")).sentence
    assert [question.partition(" Set the field")[0] for question in person.asked[1:]] == [
        "6,012 is not clear: type 6.012 or 6012.",
        "6_0 is not clear: type one decimal mark at most, and no mark between thousands.",
    ]


def test_the_operator_is_asked_once_for_each_change_of_field_or_chip(
    mtjlab: Run, real: RealBench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mtjlab.experiment.execute", begin)
    person = Person(monkeypatch, "6.1", "7.05", "7")
    device = real.config.device.model_dump(mode="json")
    for changes in (
        {},
        {},
        {"field": {"field_mt": 7.0}},
        {"field": {"field_mt": 7.0}, "device": device | {"name": "2"}},
    ):
        assert BEGINS in check(mtjlab, real.write(tmp_path / "b.toml", **changes)).sentence
    assert [question.split("mT")[0].rsplit("to ")[-1] for question in person.asked] == ["6 ", "7 ", "7 "]


@pytest.mark.usefixtures("quick")
def test_without_a_terminal_it_is_what_the_bench_file_says_and_told_so(
    mtjlab: Run, real: RealBench, tmp_path: Path
) -> None:
    result = check(mtjlab, real.write(tmp_path / "b.toml", field={"field_mt": 5.5}))
    assert field_of(result) == (5.5, "by hand: 5.5 mT as the bench file says")
    assert "gaussmeter" not in tomllib.loads((Path(result.json["run"]) / "run.toml").read_text(encoding="utf-8"))


@pytest.mark.usefixtures("quick")
def test_a_supply_makes_the_field_and_is_switched_off_after_the_sources(
    mtjlab: Run, real: RealBench, tmp_path: Path
) -> None:
    supply = {"model": "Kepco BOP", "field_mt": 6.0, "ma_per_mt": 200.0}
    supply |= {"largest_current_ma": 2000.0, "compliance_mv": 1e4}
    with LoopbackKepco() as kepco:
        result = check(mtjlab, real.write(tmp_path / "b.toml", field=supply | {"address": kepco.address}))
        assert (kepco.on, kepco.current_a) == (False, 0.0)
    told = [(event.type, getattr(event, "field_mt", None)) for event in events_of(result)]
    assert told[1:4] == [("bench-connected", None), ("field-set", 6.0), ("outputs-on", None)]
    assert told[-3:] == [("went-safe", None), ("field-set", 0.0), ("run-ended", None)]
    assert result.json["status"] == "finished"


def test_a_rehearsal_asks_nobody(mtjlab: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mtjlab.experiment.execute", begin)
    person = Person(monkeypatch)
    assert BEGINS in check(mtjlab, ACROSS, "--simulate").sentence
    assert person.asked == []


@pytest.mark.usefixtures("quick")
def test_a_bench_simulated_in_process_says_nothing_of_it(mtjlab: Run) -> None:
    result = mtjlab("check", "--json", "--quiet")
    assert "field-set" not in [event.type for event in events_of(result)]


def test_a_person_who_reads_no_number_starts_nothing(
    mtjlab: Run, real: RealBench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Person(monkeypatch, "?", "no idea", "")
    result = check(mtjlab, real.write(tmp_path / "b.toml"))
    assert result.code == 2
    assert "Nothing was connected. Read the gaussmeter" in result.sentence
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize("answers", [("", "", ""), ("", "much", "59")])
def test_an_empty_answer_is_no_field_and_is_asked_again(
    mtjlab: Run, real: RealBench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answers: tuple[str, ...]
) -> None:
    person = Person(monkeypatch, *answers)
    result = check(mtjlab, real.write(tmp_path / "b.toml"))
    assert (result.code, len(person.asked)) == (2, 3)
    assert "Nothing was connected" in result.sentence


def with_supply(tmp_path: Path) -> Path:
    """The simulated bench with a field that runs can set."""
    file = tmp_path / "magnet.toml"
    file.write_text((CONFIGS / "simulated.toml").read_text(encoding="utf-8") + "\n[field]\n", encoding="utf-8")
    return file


@pytest.mark.parametrize("kind", ["sweep", "check", "dwell"])
def test_a_run_of_any_kind_may_set_its_field(mtjlab: Run, tmp_path: Path, kind: str) -> None:
    more = {"sweep": ["--repetitions", "1"], "check": [], "dwell": ["--for", "1"]}[kind]
    result = mtjlab(kind, "--bench", with_supply(tmp_path), "--field-mt", "-4.5", "--json", "--quiet", *more)
    fields = [event for event in events_of(result) if event.type == "field-set"]
    assert [event.field_mt for event in fields] == [-4.5, 0.0]
    again = mtjlab("rerun", result.json["run"], "--json", "--quiet")
    assert [event.field_mt for event in events_of(again) if event.type == "field-set"] == [-4.5, 0.0]


def test_a_request_file_may_set_the_field(mtjlab: Run, tmp_path: Path) -> None:
    request = tmp_path / "request.toml"
    with_supply(tmp_path)
    request.write_text('[run]\nprocedure = "check"\nbench_file = "magnet.toml"\nfield_mt = 3.5\n', encoding="utf-8")
    result = mtjlab("run", request, "--json", "--quiet")
    assert [event.field_mt for event in events_of(result) if event.type == "field-set"] == [3.5, 0.0]


def test_a_field_that_nothing_makes_is_refused(mtjlab: Run, tmp_path: Path) -> None:
    constant = mtjlab("check", "--field-mt", "3")
    assert constant.code == 2
    assert "--field-mt: the field of this bench is constant" in constant.sentence
    far = mtjlab("check", "--bench", with_supply(tmp_path), "--field-mt", "31")
    assert far.code == 2
    assert "makes up to 30 mT, not 31 mT" in far.sentence


def test_a_run_reads_its_field_again_and_again(mtjlab: Run, tmp_path: Path) -> None:
    result = mtjlab("sweep", "--bench", with_supply(tmp_path), "--repetitions", "2", "--json", "--quiet")
    read = [event for event in events_of(result) if event.type == "field-read"]
    assert len(read) >= 4
    assert all(abs(event.supply_mt - 6.0) < 0.01 and abs(event.gaussmeter_mt - 6.0) < 0.1 for event in read)
