"""What limits a training, said before it starts: what its encoding can reach, beside what the data holds."""

from dataclasses import asdict

from mtjlab.config import PlanConfig
from mtjlab.encoding.ceilings import Ceilings, ceilings
from mtjlab.procedures.kind import Outlook
from mtjlab.vowels.data_set import DataSet
from mtjlab.vowels.splits import split


def outlook_of(config: PlanConfig, junctions: int, data: DataSet, starts_on_boundaries: bool) -> Outlook | None:
    """Ceilings of a training, expected from its training subset; None if that would take long."""
    settings = config.encoding
    names = set(split(data, config.seed, config.data.split, config.data.train_fraction).train)
    train = tuple(token for token in data.tokens if token.name in names)
    is_joint = settings.is_joint(junctions, starts_on_boundaries)
    found = ceilings(train, junctions, settings.inputs, config.seed, is_joint)
    return None if found.encoding is None else Outlook(sentence_of(found), {"expected_ceilings": asdict(found)})


def sentence_of(found: Ceilings) -> str:
    """Such as "expected: the encoding can reach 91 % (3 inputs 94 %, linear discriminant 95 %)"."""
    others = (
        ("joint table", found.joint),
        (f"{found.inputs + 1} inputs", found.more_inputs),
        ("linear discriminant", found.discriminant),
    )
    beside = ", ".join(f"{words} {100 * share:.0f} %" for words, share in others if share is not None)
    return f"expected: the encoding can reach {100 * (found.encoding or 0.0):.0f} % ({beside})"
