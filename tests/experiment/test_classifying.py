"""Inference as a run: a network and tokens, carried out into a folder, resumed, repeated; nothing is guessed."""

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mtjlab.config import NETWORK, Network, read_network, write_network
from mtjlab.counted import counted
from mtjlab.domain import SwitchingConfiguration
from mtjlab.errors import RefusedError
from mtjlab.events import Event, Presented, RunStarted
from mtjlab.experiment import DEFAULT_BENCH, DEFAULT_PLAN, Request, execute, prepare_rerun, prepare_resume, result_of
from mtjlab.reading import read_events
from mtjlab.store import STOP, read_request
from tests.support.asking import MeasuringRequest, TokensAsked, TrainingRequest, prepare_classify, prepare_training
from tests.support.journals import abandoned, cut_after, folded, run_folder
from tests.support.samples import STARTED
from tests.support.trainings import TABLE, write_plan


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Recognition is measured at the start and at the end."""
    return write_plan(tmp_path_factory.mktemp("plan"), training={"steps": 15, "recognition_every_steps": 15})


@pytest.fixture(scope="module")
def trained(plan: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A training of three classes of four tokens, which has learnt them."""
    folder = execute(prepare_training(TrainingRequest(plan=plan)), tmp_path_factory.mktemp("trained")).folder
    assert folded(read_events(folder)).recognition[-1].test == 1.0
    return folder


@pytest.fixture
def network(trained: Path, tmp_path: Path) -> Path:
    """A copy of its network, to be edited."""
    return Path(shutil.copy(trained / NETWORK, tmp_path / NETWORK))


def asked(plan: Path, seed: int = 4) -> MeasuringRequest:
    return MeasuringRequest(DEFAULT_BENCH, plan, seed=seed)


def told_by(source: Path, plan: Path, runs: Path, tokens: TokensAsked) -> dict[str, Any]:
    return result_of(execute(prepare_classify(source, asked(plan), tokens), runs).folder)


def classes(told: dict[str, Any]) -> dict[str, str | None]:
    return {token["name"]: token["class"] for token in told["tokens"]}


def events_of(folder: Path) -> list[Event]:
    return [replace(event, run="") if isinstance(event, RunStarted) else event for event in read_events(folder)]


class TestANetwork:
    """Left behind by a training, beside its journal."""

    def test_is_what_was_learnt(self, trained: Path) -> None:
        network, state = read_network(trained / NETWORK), folded(read_events(trained))
        assert state.encoded
        assert network.controls == state.controls
        assert network.coefficients_ua == state.encoded.encoding.coefficients_ua
        assert network.features == ("x", "y")
        assert (network.device, network.run) == ("simulated chip", f"{trained.parent.name}/{trained.name}")
        for label, configuration in state.encoded.encoding.configurations:
            assert network.table.class_of(configuration) == label

    def test_gives_every_token_the_inputs_of_the_training(self, trained: Path) -> None:
        network, state = read_network(trained / NETWORK), folded(read_events(trained))
        assert state.encoded
        rows = [line.split(",") for line in TABLE.splitlines()[1:]]
        features = {name: (float(x), float(y)) for _, name, x, y in rows}
        assert all(network.inputs_ua(features[token.name]) == token.inputs_ua for token in state.encoded.tokens)

    def test_is_read_from_the_journal_where_the_file_is_gone(self, trained: Path, plan: Path, tmp_path: Path) -> None:
        copy = Path(shutil.copytree(trained, tmp_path / "copy"))
        (copy / NETWORK).unlink()
        told = told_by(copy, plan, tmp_path / "runs", TokensAsked(features=((0.0, 0.0),)))
        assert classes(told) == {"typed 1": "a"}


class TestTokens:
    """Of the test subset, of a table, or typed."""

    def test_of_the_training_that_it_was_not_trained_with(self, trained: Path, plan: Path, tmp_path: Path) -> None:
        told, state = told_by(trained, plan, tmp_path, TokensAsked(times=2)), folded(read_events(trained))
        assert state.encoded
        assert [token["name"] for token in told["tokens"]] == [
            t.name for t in state.encoded.tokens if t.subset == "test"
        ]
        assert (told["recognition"], told["presentations"]) == (1.0, 2 * len(told["tokens"]))
        assert all(token["confidence"] == 1.0 for token in told["tokens"])

    def test_of_a_table_with_columns_in_any_order(self, network: Path, plan: Path, tmp_path: Path) -> None:
        table = tmp_path / "tokens.csv"
        table.write_text("y,note,x,name\n0,?,0,first\n2,!,10,second\n12,,4,\n", encoding="utf-8")
        told = told_by(network, plan, tmp_path / "runs", TokensAsked(table))
        assert classes(told) == {"first": "a", "second": "b", "row 3": "c"}
        assert (told["recognition"], told["tokens"][0]["label"]) == (None, None)

    def test_that_were_typed(self, network: Path, plan: Path, tmp_path: Path) -> None:
        told = told_by(network, plan, tmp_path / "runs", TokensAsked(features=((4.0, 12.0), (0.0, 0.0))))
        assert classes(told) == {"typed 1": "c", "typed 2": "a"}

    def test_far_from_every_class_are_none(self, network: Path, plan: Path, tmp_path: Path) -> None:
        told = told_by(network, plan, tmp_path / "runs", TokensAsked(features=((-1e6, 1e6),)))
        assert told["tokens"][0] == {
            "name": "typed 1", "label": None, "class": None, "configurations": [],
            "confidence": 0.0, "confidence_interval": None, "presentations": 0,
        }  # fmt: skip

    def test_whose_configuration_stands_for_nothing_are_none(self, network: Path, plan: Path, tmp_path: Path) -> None:
        learnt = read_network(network)
        kept = {name: label for name, label in learnt.classes.items() if label != "b"}
        write_network(network, learnt.model_copy(update={"classes": kept}))
        told = told_by(network, plan, tmp_path / "runs", TokensAsked(features=((10.0, 2.0), (0.0, 0.0)), times=2))
        assert classes(told) == {"typed 1": None, "typed 2": "a"}
        assert told["tokens"][0]["configurations"] == [[self.of_b(learnt), 2]]

    def of_b(self, network: Network) -> str:
        return next(name for name, label in network.classes.items() if label == "b")


def test_a_class_written_into_the_file_by_hand_is_the_class_from_then_on(
    trained: Path, plan: Path, tmp_path: Path
) -> None:
    copy = Path(shutil.copytree(trained, tmp_path / "copy"))
    text = (copy / NETWORK).read_text(encoding="utf-8")
    (copy / NETWORK).write_text(text.replace('"a"', '"aleph"'), encoding="utf-8")
    assert {"aleph"} < set(classes(told_by(copy, plan, tmp_path / "runs", TokensAsked())).values())


@pytest.fixture(scope="module")
def classified(trained: Path, plan: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    prepared = prepare_classify(trained, asked(plan), TokensAsked(times=3))
    return abandoned(execute(prepared, tmp_path_factory.mktemp("classified")).folder)


def again(folder: Path, into: Path, prepare: Any) -> Path:
    prepared = prepare(folder)
    assert isinstance(prepared, Request)
    return execute(prepared, into).folder


def test_a_rerun_gives_the_same_events_also_when_training_and_network_are_gone(
    classified: Path, tmp_path: Path
) -> None:
    copy = again(classified, tmp_path, prepare_rerun)
    assert events_of(copy) == events_of(classified)
    assert read_request(copy)["network"] == read_request(classified)["network"]


@pytest.mark.parametrize("shown", [0, 1, 5])
def test_one_that_was_killed_goes_on_with_what_was_presented(classified: Path, tmp_path: Path, shown: int) -> None:
    whole = events_of(classified)
    presented = [n for n, event in enumerate(whole) if isinstance(event, Presented)]
    child = again(cut_after(classified, presented[shown], tmp_path / "cut"), tmp_path / "runs", prepare_resume)
    told = result_of(child)
    assert sum(isinstance(event, Presented) for event in events_of(child)) == len(presented) - shown
    assert told["presentations"] == len(presented)
    assert all(sum(count for _, count in token["configurations"]) == 3 for token in told["tokens"])
    assert told["recognition"] == 1.0


def test_one_that_was_stopped_says_so_and_goes_on(trained: Path, plan: Path, tmp_path: Path) -> None:
    def stop(event: Event) -> None:
        if isinstance(event, Presented):
            next(tmp_path.glob("*/*")).joinpath(STOP).touch()

    run = execute(prepare_classify(trained, asked(plan), TokensAsked()), tmp_path, [stop])
    told = result_of(run.folder)
    assert (told["status"], told["tokens"], told["recognition"]) == ("stopped", [], None)
    assert result_of(again(run.folder, tmp_path, prepare_resume))["recognition"] == 1.0


class TestRefused:
    """Before there is a run."""

    def complaint(self, source: Path, plan: Path, tokens: TokensAsked = TokensAsked()) -> str:  # noqa: B008  frozen
        with pytest.raises(RefusedError) as refused:
            prepare_classify(source, asked(plan), tokens)
        return str(refused.value)

    @pytest.mark.parametrize("features", [(1.0,), (1.0, 2.0, 3.0)])
    def test_features_of_another_number(self, network: Path, plan: Path, features: tuple[float, ...]) -> None:
        complaint = self.complaint(network, plan, TokensAsked(features=((1.0, 2.0), features)))
        assert f"--features: {counted(len(features), 'number')} for 2 features: x, y" in complaint

    def test_a_table_without_the_column_of_a_feature(self, network: Path, plan: Path, tmp_path: Path) -> None:
        table = tmp_path / "tokens.csv"
        table.write_text("name,x,z\nfirst,1,2\n", encoding="utf-8")
        complaint = self.complaint(network, plan, TokensAsked(table))
        assert "tokens.csv, line 1: no column 'y'" in complaint
        assert "takes the features x, y" in complaint

    def test_a_network_without_any_tokens(self, network: Path, plan: Path) -> None:
        assert "Give --tokens TABLE or --features" in self.complaint(network, plan)

    def test_a_run_that_learnt_nothing(self, plan: Path, tmp_path: Path) -> None:
        folder = run_folder(tmp_path / "run", [STARTED])
        assert "has no trained network" in self.complaint(folder, plan)

    def test_a_network_of_other_junctions(self, network: Path, plan: Path) -> None:
        learnt = read_network(network)
        rows = tuple((*row, -500.0) for row in learnt.control_currents_ua)
        write_network(network, learnt.model_copy(update={"control_currents_ua": rows}))
        complaint = self.complaint(network, plan, TokensAsked(features=((1.0, 2.0),)))
        assert "has 4 junctions, the bench 'three junctions' has 3" in complaint

    def test_control_currents_outside_the_limits(self, network: Path, plan: Path) -> None:
        learnt = read_network(network)
        rows = (learnt.control_currents_ua[0], (-500.0, -800.0, -500.0))
        write_network(network, learnt.model_copy(update={"control_currents_ua": rows}))
        complaint = self.complaint(network, plan, TokensAsked(features=((1.0, 2.0),)))
        assert "-500, -800, -500 uA: J2 would carry -800 uA" in complaint

    def test_coefficients_edited_for_tokens_of_which_only_inputs_are_kept(
        self, trained: Path, plan: Path, tmp_path: Path
    ) -> None:
        copy = Path(shutil.copytree(trained, tmp_path / "copy"))
        learnt = read_network(copy / NETWORK)
        rows = tuple((constant + 1.0, *slopes) for constant, *slopes in learnt.coefficients_ua)
        write_network(copy / NETWORK, learnt.model_copy(update={"coefficients_ua": rows}))
        assert "coefficients_ua differ from those that the run computed its inputs with" in self.complaint(copy, plan)

    def test_a_damaged_network(self, network: Path, plan: Path) -> None:
        network.write_text(network.read_text(encoding="utf-8")[:-30], encoding="utf-8")
        assert "network.toml" in self.complaint(network, plan, TokensAsked(features=((1.0, 2.0),)))


def test_the_lookup_is_by_configuration_not_by_how_it_is_written(network: Path) -> None:
    learnt = read_network(network)
    spaced = {name.replace(", ", ",   "): label for name, label in learnt.classes.items()}
    write_network(network, learnt.model_copy(update={"classes": spaced}))
    for name, label in learnt.classes.items():
        counts = tuple(int(part[0]) for part in name.strip("[]").split(", "))
        assert read_network(network).table.class_of(SwitchingConfiguration(counts)) == label


def test_the_default_plan_is_enough(network: Path, tmp_path: Path) -> None:
    told = told_by(network, DEFAULT_PLAN, tmp_path / "runs", TokensAsked(features=((10.0, 2.0),)))
    assert classes(told) == {"typed 1": "b"}
