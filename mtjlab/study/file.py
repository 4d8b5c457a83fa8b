"""Study file: which trainings are made, seeds x chips x plans x rules."""

from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from mtjlab.config.files import read_section
from mtjlab.config.section import Section

Name = Annotated[str, Field(min_length=1, max_length=60)]


class StudyChip(Section):
    """A chip: a bench file of simulated junctions, and what is different on this chip."""

    name: Name
    bench: str = "simulated"
    """Bench file, or the name of a supplied configuration."""
    simulation: dict[str, Any] = Field(default_factory=dict)
    """Keys of [simulation] of the bench file that this chip has others of."""


class StudyPlan(Section):
    """A plan: a plan file, and what is different in this plan."""

    name: Name
    plan: str = "vowels"
    """Plan file, or the name of a supplied configuration."""
    changes: dict[str, dict[str, Any]] = Field(default_factory=dict)
    """Tables of the plan file with the keys that this plan has others of."""


class StudyRule(Section):
    """A way to learn."""

    name: Name
    training: dict[str, Any] = Field(default_factory=dict)
    """Keys of [training] of the plan file that this rule has others of."""


class StudyFile(Section):
    """Study file: trainings with every seed, on every chip, by every plan and rule."""

    name: Name = "study"
    engine: Literal["events", "replicas"] = "replicas"
    """Trainings one by one, or many at once in arrays; both give the same."""
    first_seed: Annotated[int, Field(ge=0)] = 0
    seeds: Annotated[int, Field(ge=1, le=100_000)]
    chips: Annotated[tuple[StudyChip, ...], Field(min_length=1)] = (StudyChip(name="chip"),)
    plans: Annotated[tuple[StudyPlan, ...], Field(min_length=1)] = (StudyPlan(name="plan"),)
    rules: Annotated[tuple[StudyRule, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _has_different_names(self) -> Self:
        for key in ("chips", "plans", "rules"):
            names = [one.name for one in getattr(self, key)]
            if twice := sorted({name for name in names if names.count(name) > 1}):
                raise ValueError(f"{key}: each needs a name of its own, and {', '.join(twice)} is there twice")
        return self


def read_study(path: Path) -> StudyFile:
    """The study described by the TOML file ``path``. Raises RefusedError naming file, key and remedy."""
    return read_section(path, StudyFile)
