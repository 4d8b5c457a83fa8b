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


@dataclass(frozen=True, slots=True)
class Shown:
    """How a form shows a key, where name and type do not say it.

    ``label`` are the words of its field. ``if_empty`` says what an empty field means. ``boxes``: a field of numbers has
    one box for each junction; in as many rows as there are inputs, which may be the number in another key. ``offers``:
    what the field names, so that a form can offer what there is of it: a ``training``, a ``calibration``, a ``file``
    or a ``folder``.
    """

    label: str = ""
    if_empty: str = ""
    boxes: int | str = 0
    offers: str = ""


@dataclass(frozen=True, slots=True)
class When:
    """A key, or those ``of`` a table, applies only while ``key`` has one of ``values``, or none of the ``others``.

    ``key`` is a path as in a request file (``training.steps``); an empty field has the value None.
    """

    key: str
    values: tuple[Any, ...] = ()
    others: tuple[Any, ...] = ()
    of: tuple[str, ...] = ()

    def holds(self, value: Any) -> bool:
        """Whether the key applies while the other has ``value``."""
        return value in self.values if self.values else value not in self.others


class Section(BaseModel):
    """A table of a configuration file: frozen, without unknown keys, with finite numbers of reasonable size only.

    Forms show the docstring of a key. Numbers of the keys ``of_any_size`` are in units of the user's data.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False, defer_build=True)

    title: ClassVar[str] = ""
    """Title of the keys in a form, where they have one."""
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
