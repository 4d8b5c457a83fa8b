"""Base class of the tables of a configuration file."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Self, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, model_validator

from mtjlab.typed_numbers import distinct_texts

Positive: TypeAlias = Annotated[float, Field(gt=0)]
NotNegative: TypeAlias = Annotated[float, Field(ge=0)]
PerJunctionOrAll: TypeAlias = float | tuple[float, ...]

Count: TypeAlias = Annotated[int, Field(ge=1, le=100_000)]

SMALLEST, LARGEST = 1e-9, 1e9
"""Range of all quantities of a bench, in the units of their keys; within it arithmetic is safe."""


@dataclass(frozen=True, slots=True)
class Option:
    """Option of a command for a key, if its name is not that of the key without its unit.

    ``is_argument``: it is given without a name. ``is_repeated``: it is given once for each part of its value.
    """

    name: str = ""
    is_argument: bool = False
    is_repeated: bool = False


class Section(BaseModel):
    """A table of a configuration file: frozen, without unknown keys, with finite numbers of reasonable size only.

    Forms show the docstring of a key. Numbers of the keys ``of_any_size`` are in units of the user's data.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False, defer_build=True)

    of_any_size: ClassVar[frozenset[str]] = frozenset()

    @model_validator(mode="after")
    def _has_reasonable_size(self) -> Self:
        for key, value in self:
            for number in () if key in self.of_any_size else _floats(value):
                if number != 0 and not SMALLEST <= abs(number) <= LARGEST:
                    shown, *_ = distinct_texts(number, SMALLEST, LARGEST)
                    raise ValueError(f"{key} = {shown} is not between {SMALLEST:g} and {LARGEST:g}")
        return self


def _floats(value: Any) -> Iterator[float]:
    if isinstance(value, float):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from _floats(part)
