"""What is said of a training before it starts."""

import pytest

from mtjlab.config import EncodingSettings, PlanConfig
from mtjlab.encoding.ceilings import Ceilings
from mtjlab.procedures.training.outlook import outlook_of, sentence_of
from mtjlab.vowels.hillenbrand import surrogate


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (
            Ceilings(2, 0.91, 0.93, 0.944, 0.95),
            "the encoding can reach 91 % (joint table 93 %, 3 inputs 94 %, linear discriminant 95 %)",
        ),
        (Ceilings(2, 0.93, None, 0.95, 0.96), "the encoding can reach 93 % (3 inputs 95 %, linear discriminant 96 %)"),
        (Ceilings(2, 0.98, None, None, 0.99), "the encoding can reach 98 % (linear discriminant 99 %)"),
    ],
)
def test_what_limits_is_one_sentence(found: Ceilings, sentence: str) -> None:
    assert sentence_of(found) == f"expected: {sentence}"


def test_the_table_is_that_of_the_start() -> None:
    warm, cold = (outlook_of(PlanConfig(), 3, surrogate(), on_boundaries) for on_boundaries in (True, False))
    assert warm is not None
    assert cold is not None
    assert warm.as_json["expected_ceilings"]["joint"] is None
    assert cold.as_json["expected_ceilings"]["joint"] is not None


def test_what_takes_long_to_know_is_not_said() -> None:
    plan = PlanConfig(encoding=EncodingSettings(inputs=4))
    assert outlook_of(plan, 3, surrogate(), starts_on_boundaries=True) is None
