"""The paper's perceptrons: as large as it says, fed as the network is, and blind to the testing subset."""

from dataclasses import replace

import numpy as np
import pytest

from mtjlab.analysis.baselines import (
    HIDDEN_UNITS,
    LEARNING_RATES,
    TEST,
    TRAIN,
    Baseline,
    Task,
    size,
    train_baseline,
    train_in_steps,
    train_to_the_end,
)

STEPS = (0, 3, 8)


def clouds(classes: int, features: int, spread: float = 0.4) -> Task:
    """Ten tokens of each class about a corner of its own, far apart; every fifth is for the test."""
    rng = np.random.default_rng(classes)
    centres = rng.permuted(np.tile(np.arange(classes, dtype=float), (features, 1)), axis=1).T
    labels = np.repeat([f"c{k:02}" for k in range(classes)], 10)
    tokens = np.repeat(centres, 10, axis=0) + rng.normal(0, spread, (10 * classes, features))
    return Task(tokens, labels, np.arange(10 * classes) % 5 != 0)


def train(task: Task, hidden: int = 2) -> Baseline:
    return train_baseline(task, hidden, STEPS, range(2), jobs=1)


class TestSize:
    def test_they_are_those_of_the_paper(self) -> None:
        paper = clouds(classes=7, features=12)
        assert [size(paper, hidden) for hidden in HIDDEN_UNITS] == [("12-1-7", 27), ("12-2-7", 47)]

    @pytest.mark.parametrize(
        ("features", "classes", "expected"), [(3, 5, ("3-2-5", 8 + 15)), (1, 12, ("1-2-12", 4 + 36))]
    )
    def test_they_are_as_large_as_the_data_asks(self, features: int, classes: int, expected: tuple[str, int]) -> None:
        assert size(clouds(classes, features), 2) == expected

    def test_two_classes_are_told_apart_by_one_output(self) -> None:
        assert size(clouds(classes=2, features=4), 2) == ("4-2-1", 10 + 3)


class TestSteps:
    task = clouds(classes=5, features=3)

    def test_looking_less_often_changes_nothing(self) -> None:
        often = train_in_steps(self.task, 2, 0.3, range(9), seed=3)
        assert train_in_steps(self.task, 2, 0.3, STEPS, seed=3).tolist() == often[list(STEPS)].tolist()

    def test_nothing_is_learnt_before_the_first_step(self) -> None:
        slow, fast = (train_in_steps(self.task, 2, rate, (0, 1), seed=3) for rate in (1e-12, 1.0))
        assert slow[0].tolist() == fast[0].tolist() == slow[1].tolist()
        assert fast[1].tolist() != fast[0].tolist()

    def test_the_same_seed_gives_the_same_course_and_another_another(self) -> None:
        one, again, other = (train_in_steps(self.task, 2, 0.3, range(9), seed) for seed in (3, 3, 4))
        assert one.tolist() == again.tolist()
        assert one.tolist() != other.tolist()

    def test_rates_are_fractions_of_each_subset(self) -> None:
        rates = train_in_steps(self.task, 1, 0.3, range(9), seed=0)
        tokens = [self.task.train.sum(), (~self.task.train).sum()]
        assert rates * tokens == pytest.approx(np.round(rates * tokens))
        assert rates.min() >= 0
        assert rates.max() <= 1

    def test_the_learning_rate_is_the_one_that_trains_best(self) -> None:
        baseline = train(self.task)
        by_rate = {
            rate: np.mean([train_in_steps(self.task, 2, rate, STEPS, seed)[-1, TRAIN] for seed in range(2)])
            for rate in LEARNING_RATES
        }
        assert by_rate[baseline.learning_rate] == max(by_rate.values())
        assert baseline.course[:, -1, TRAIN].mean() == by_rate[baseline.learning_rate]

    def test_there_is_a_course_for_each_seed(self) -> None:
        baseline = train(self.task)
        assert baseline.course.shape == (2, len(STEPS), 2)
        assert baseline.converged.shape == (2, 2)


class TestWhatTheyKnow:
    task = clouds(classes=5, features=3, spread=1.5)

    def test_the_labels_of_the_testing_subset_are_never_used(self) -> None:
        labels = self.task.labels.copy()
        labels[~self.task.train] = np.roll(labels[~self.task.train], 2)
        told, misled = train(self.task), train(replace(self.task, labels=labels))
        assert misled.learning_rate == told.learning_rate
        assert misled.course[..., TRAIN].tolist() == told.course[..., TRAIN].tolist()
        assert misled.converged[..., TRAIN].tolist() == told.converged[..., TRAIN].tolist()
        assert misled.converged[..., TEST].mean() < told.converged[..., TEST].mean()

    def test_the_features_of_the_testing_subset_set_no_scale(self) -> None:
        features = self.task.features.copy()
        features[~self.task.train] *= 1000
        strange = replace(self.task, features=features)
        assert strange.standardised[strange.train].tolist() == self.task.standardised[self.task.train].tolist()
        assert train(strange).course[..., TRAIN].tolist() == train(self.task).course[..., TRAIN].tolist()

    def test_units_do_not_matter(self) -> None:
        scaled = replace(self.task, features=1024 * self.task.features)
        assert train(scaled).course.tolist() == train(self.task).course.tolist()

    def test_a_feature_that_is_always_the_same_does_no_harm(self) -> None:
        features = np.column_stack([self.task.features, np.full(len(self.task.labels), 5.0)])
        assert np.isfinite(replace(self.task, features=features).standardised).all()


def test_converged_they_tell_classes_apart_that_lie_apart() -> None:
    rates = [train_to_the_end(clouds(classes=3, features=4, spread=0.1), 2, seed) for seed in range(3)]
    assert np.max(rates, axis=0).tolist() == [1.0, 1.0]
