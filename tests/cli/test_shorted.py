"""Before the first output after a change of bench or chip a person confirms that the chain was shorted."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest

from mtjlab.errors import RefusedError
from tests.support.commands import ACROSS, RealBench, Result

Run = Callable[..., Result]
BEGINS = "the run would begin now"


@pytest.fixture(autouse=True)
def drivers(monkeypatch: pytest.MonkeyPatch) -> None:
    """This computer has what the addresses need."""
    monkeypatch.setattr("mtjlab.benches.support_check.problem_of", lambda address, library: "")


@pytest.fixture
def checks(mtjlab: Run, monkeypatch: pytest.MonkeyPatch) -> Callable[..., bool]:
    """Whether a check gets as far as its run, which does not begin here."""

    def begin(*_: Any) -> None:
        raise RefusedError(BEGINS)

    monkeypatch.setattr("mtjlab.experiment.execute", begin)

    def run(*arguments: str | Path) -> bool:
        result = mtjlab("check", *arguments)
        assert result.code == 2
        return BEGINS in result.sentence

    return run


def with_chip(real: RealBench, file: Path, name: str) -> Path:
    device = real.config.device.model_dump(mode="json") | {"name": name}
    return real.write(file, device=device)


def at_a_terminal(monkeypatch: pytest.MonkeyPatch, answer: Callable[[str], bool]) -> list[str]:
    """What a person at a terminal is asked to confirm, who answers so."""
    asked: list[str] = []
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)

    def confirm(question: str, **_: Any) -> bool:
        asked.append(question)
        return answer(question)

    monkeypatch.setattr("click.confirm", confirm)
    monkeypatch.setattr("click.prompt", lambda *_, **__: "6")
    return asked


def test_a_bench_that_nobody_confirmed_is_refused_without_a_terminal(mtjlab: Run, tmp_path: Path) -> None:
    """The real addresses of this file are never tried."""
    result = mtjlab("check", "--bench", ACROSS)
    assert result.code == 2
    for part in (ACROSS.name, "'chip 1'", "short the chain", "--confirm-shorted", "Nothing was connected"):
        assert part in result.sentence
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("state", ["file/state", "~/state"], ids=["not writable", "no home"])
def test_where_nothing_can_be_remembered_it_is_confirmed_each_time(
    checks: Callable[..., bool], real: RealBench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    """As for a service, or in a container."""
    (tmp_path / "file").touch()
    place = Path(state) if state.startswith("~") else tmp_path / state
    monkeypatch.setattr("mtjlab.runs.memory.platformdirs.user_state_path", lambda *_, **__: place)
    file = with_chip(real, tmp_path / "b.toml", "chip 1")
    for _ in range(2):
        assert not checks("--bench", file)
        assert checks("--bench", file, "--confirm-shorted")
    assert not (tmp_path / "~").exists()


def test_once_confirmed_it_is_known_until_the_chip_changes(
    checks: Callable[..., bool], real: RealBench, tmp_path: Path
) -> None:
    file = with_chip(real, tmp_path / "b.toml", "chip 1")
    assert checks("--bench", file, "--confirm-shorted")
    assert checks("--bench", file)
    assert not checks("--bench", with_chip(real, file, "chip 2"))
    assert checks("--bench", file, "--confirm-shorted")


def test_what_is_no_matter_of_wires_is_not_asked_about(
    checks: Callable[..., bool], real: RealBench, tmp_path: Path
) -> None:
    file = with_chip(real, tmp_path / "b.toml", "chip 1")
    assert checks("--bench", file, "--confirm-shorted")
    device = real.config.device.model_dump(mode="json") | {"name": "chip 1"}
    changed = real.write(file, timing={"settle_s": 0.005}, field={"field_mt": 7.0}, device=device)
    assert checks("--bench", changed)
    (tmp_path / "b.toml").write_text(changed.read_text(encoding="utf-8").replace("range_ua = 2000", "range_ua = 20000"))
    assert not checks("--bench", file)


def test_nobody_is_asked_about_simulated_instruments(checks: Callable[..., bool], tmp_path: Path) -> None:
    assert checks("--bench", ACROSS, "--simulate")
    assert not (tmp_path / "state").exists()


def test_a_person_at_a_terminal_is_asked_once(
    checks: Callable[..., bool], real: RealBench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = at_a_terminal(monkeypatch, lambda question: "shorted" in question)
    file = with_chip(real, tmp_path / "b.toml", "chip 1")
    assert checks("--bench", file)
    (question,) = asked
    assert "chip 'chip 1' is new" in question
    asked.clear()
    assert checks("--bench", file)
    assert asked == []


def test_a_person_who_says_no_connects_nothing(
    mtjlab: Run, real: RealBench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_a_terminal(monkeypatch, lambda question: False)
    result = mtjlab("check", "--bench", with_chip(real, tmp_path / "b.toml", "chip 1"))
    assert result.code == 2
    assert "Nothing was connected" in result.sentence
    assert not (tmp_path / "runs").exists()


def test_a_training_on_a_new_bench_offers_to_look_for_wiring_mistakes_first(
    mtjlab: Run, real: RealBench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared: list[Any] = []

    def begin(training: Any, *_: Any) -> None:
        prepared.append(training)
        raise RefusedError(BEGINS)

    monkeypatch.setattr("mtjlab.experiment.execute", begin)
    asked = at_a_terminal(monkeypatch, lambda question: True)
    file = with_chip(real, tmp_path / "b.toml", "chip 1")
    for _ in range(2):
        assert BEGINS in mtjlab("train", "--bench", file, "--quiet").sentence
    assert ["Check the wiring first" in question for question in asked] == [False, True]
    assert [training.plan.check for training in prepared] == [True, False]


@pytest.mark.parametrize(("typed", "is_confirmed"), [("", False), ("n", False), ("y", True)])
def test_an_empty_answer_is_no(
    checks: Callable[..., bool], monkeypatch: pytest.MonkeyPatch, typed: str, is_confirmed: bool
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("click.prompt", lambda *_, **__: "6")
    typed_next = iter([typed, "n"])  # the second question is whether to check the wiring first
    monkeypatch.setattr(f"{click.confirm.__module__}.visible_prompt_func", lambda *_: next(typed_next))
    assert checks("--bench", ACROSS) == is_confirmed
