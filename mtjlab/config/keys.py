"""Keys of a model as forms and commands need them, read from the model itself."""

import ast
import inspect
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain, pairwise
from math import inf
from types import ModuleType, NoneType
from typing import Annotated, Any, Literal, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from mtjlab.config.section import Option, Section, Shown, When
from mtjlab.typed_numbers import demand_one_row, read_number, read_numbers

UNITS = {"ua": "µA", "mv": "mV", "mt": "mT", "s": "s", "ohm": "Ω", "percent": "%", "steps": "steps"}
LARGEST = 1e300
"""Largest number that is shown; larger integers are no floating point numbers."""
GENERAL = ""
"""Name of the section of keys that are in no section."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key: its path (``training.steps``), its label, and the values that may be entered.

    ``choices`` are all possible values, or empty. ``default`` is None if there is none. Numbers and lists of numbers
    are entered as such, unless the key ``is_text``. ``option`` is its option in a command, and ``low`` the smallest
    value there. ``applies_when``: what other keys must be for it to apply.
    """

    key: str
    label: str
    unit: str
    choices: tuple[str, ...]
    default: Any
    is_text: bool
    is_one_number: bool
    is_whole: bool
    is_flag: bool
    depth: int
    """Nesting of tuples in a value: 1 for a row of numbers, 2 for rows."""
    help: str
    range: str
    option: Option
    low: float
    may_be_empty: bool
    """Whether no value, None, is a value."""
    shown_as: Shown
    applies_when: tuple[When, ...]

    @property
    def unit_typed(self) -> str:
        """The unit in ASCII letters."""
        return self.unit.replace("µ", "u").replace("Ω", "ohm")

    def entered(self, text: str) -> Any:
        """The value of an entered text; None if it is empty.

        Raises:
            NotANumberError: it is not a number, or ambiguous.
        """
        text = text.strip()
        if self.is_text and self.depth and text:
            return [part.strip() for part in text.split(";") if part.strip()]
        if self.is_text or not text:
            return text or None
        if self.is_one_number:
            return read_number(text)
        value = read_numbers(text)
        if self.depth == 1:
            demand_one_row(value, text)
        return _deep(value, self.depth)

    @property
    def holds(self) -> str:
        """What a value is, in words."""
        if self.is_flag:
            return "true or false"
        one = "text" if self.is_text else "number"
        return f"a {one}" if not self.depth else f"{one}s in rows" if self.depth > 1 else f"{one}s"

    def can_show(self, value: Any) -> bool:
        """Whether ``value``, valid or not, is of a type that can be entered: text may stand for any number."""
        if self.is_flag:
            return isinstance(value, bool)
        if not isinstance(value, list | tuple):
            return isinstance(value, str) or self._is_one(value)
        takes_rows = not (self.is_text or self.is_one_number)
        return self._is_row(value) if self.depth and self.is_text else takes_rows and self._are_rows(value)

    def _are_rows(self, value: Sequence[Any]) -> bool:
        return self._is_row(value) or (bool(value[0]) and all(map(self._is_row, value)))

    def _is_row(self, value: Any) -> bool:
        return isinstance(value, list | tuple) and all(map(self._is_one, value))

    def _is_one(self, value: Any) -> bool:
        """Whether it is one text, or one number of a size that can be written."""
        if self.is_text:
            return isinstance(value, str)
        return isinstance(value, int | float) and not isinstance(value, bool) and not abs(value) > LARGEST

    def shown(self, value: Any) -> str:
        """``value`` as text to enter."""
        if value is None or value in ((), []):
            return ""
        if isinstance(value, list | tuple) and (self.is_text or len(value) > 1):
            return ("; " if isinstance(value[0], list | tuple | str) else ", ").join(map(self.shown, value))
        return value if isinstance(value, str) else json.dumps(value)


@dataclass(frozen=True, slots=True)
class KeyTable:
    """Keys that belong together."""

    name: str
    label: str
    help: str
    keys: tuple[Key, ...]

    def inside(self, table: str) -> "KeyTable":
        """The same keys in a ``table``."""
        return replace(self, name=table, keys=tuple(replace(key, key=f"{table}.{key.key}") for key in self.keys))


def value_at(content: Mapping[str, Any], key: str) -> Any:
    """What ``content`` has at a path such as ``training.steps``; None if it has nothing there."""
    found: Any = content
    for part in key.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def keys_of(model: type[Section]) -> tuple[Key, ...]:
    """All keys of ``model``, in the order in which they are declared."""
    found = {key.key: key for table in _sections(model) for key in table.keys}
    order = [key for name in model.model_fields for key in found if key.partition(".")[0] == name]
    return tuple(found[key] for key in order)


def key_of(model: type[Section], name: str) -> Key:
    """Return the key called ``name``. Raises StopIteration if ``model`` has none."""
    return next(key for key in keys_of(model) if key.key == name)


@cache
def sections_of(model: type[Section], first: tuple[str, ...] = ()) -> tuple[KeyTable, ...]:
    """All sections of ``model``: first the keys in no section, then those in ``first``, then the others."""
    found = {section.name: section for section in _sections(model)}
    order = (GENERAL, *first, *found)
    return tuple(found[name] for name in dict.fromkeys(order) if name in found and found[name].keys)


def _sections(model: type[Section]) -> Iterator[KeyTable]:
    plain: list[Key] = []
    for key, field in model.model_fields.items():
        table = field.annotation
        if isinstance(table, type) and issubclass(table, Section):
            rules = [rule for rule in field.metadata if isinstance(rule, When)]
            keys = tuple(
                _key(f"{key}.{name}", table, name, getattr(field.default, name, one.default), rules)
                for name, one in table.model_fields.items()
            )
            yield KeyTable(key, _shown(field.metadata).label or key, _sentence(table.__doc__), keys)
        elif len(get_args(table)) != 1 or get_origin(table) is not Literal:  # a Literal of one value leaves no choice
            plain.append(_key(key, model, key, field.default))
    yield KeyTable(GENERAL, model.title, _sentence(model.__doc__), tuple(plain))


def _key(key: str, model: type[Section], name: str, default: Any, rules: Iterable[When] = ()) -> Key:
    field = model.model_fields[name]
    kind, metadata = _plain(field)
    stem, _, suffix = name.rpartition("_")
    unit = UNITS.get(suffix, "") if stem else ""
    plain_name, shown_as = (stem if unit else name).replace("_", " "), _shown(metadata)
    choices = get_args(kind) if get_origin(kind) is Literal else ()
    return Key(
        key=key,
        label=shown_as.label or plain_name,
        unit=unit,
        choices=choices,
        default=None if default is PydanticUndefined else default,
        is_text=bool(choices) or kind is str or kind == tuple[str, ...],
        is_one_number=kind in (int, float),
        is_whole=kind is int,
        is_flag=kind is bool,
        depth=_depth(kind),
        help=_sentence(docs_of_keys(model).get(name)),
        range=_range(metadata, unit),
        option=_option(metadata, plain_name.replace(" ", "-")),
        low=max((float(str(limit.ge)) for limit in metadata if isinstance(limit, Ge)), default=-inf),
        may_be_empty=NoneType in get_args(field.annotation),
        shown_as=shown_as,
        applies_when=(
            *(rule for rule in metadata if isinstance(rule, When)),
            *(rule for rule in rules if not rule.of or name in rule.of),
        ),
    )


def _shown(metadata: Iterable[Any]) -> Shown:
    return next((one for one in metadata if isinstance(one, Shown)), Shown())


def _plain(field: FieldInfo) -> tuple[Any, list[Any]]:
    """The type of a value that is given, and all metadata of the field."""
    kind, metadata = field.annotation, list(field.metadata)
    parts = [part for part in get_args(kind) if part is not NoneType]
    if NoneType in get_args(kind) and len(parts) == 1:
        (kind,) = parts
    if get_origin(kind) is Annotated:
        kind, *own = get_args(kind)
        metadata += chain.from_iterable(one.metadata if isinstance(one, FieldInfo) else [one] for one in own)
    return kind, metadata


def _depth(kind: Any) -> int:
    return 1 + _depth(get_args(kind)[0]) if get_origin(kind) is tuple else 0


def _deep(value: Any, depth: int) -> Any:
    """A single number as a row, and a single row as rows, if the key needs that."""
    while depth > _depth_of(value):
        value = [value]
    return value


def _depth_of(value: Any) -> int:
    return 1 + _depth_of(value[0]) if isinstance(value, list) and value else 0


def _option(metadata: Iterable[Any], usual: str) -> Option:
    """The declared option, with the usual name if it declares none."""
    found = next((one for one in metadata if isinstance(one, Option)), Option())
    return replace(found, name=found.name or usual)


def _range(metadata: Iterable[Any], unit: str) -> str:
    limits = []
    for limit in metadata:
        match limit:
            case Ge(ge=value):
                limits.append(f"at least {value}")
            case Gt(gt=value):
                limits.append(f"above {value}")
            case Le(le=value):
                limits.append(f"at most {value}")
            case Lt(lt=value):
                limits.append(f"below {value}")
    return f"{', '.join(limits)} {unit}".strip() if limits else ""


def _sentence(text: str | None) -> str:
    return " ".join((text or "").split())


@cache
def docs_of_keys(model: type[Section]) -> dict[str, str]:
    """Docstrings under the keys of ``model`` and its base classes, by key; keys without one are left out."""
    docs: dict[str, str] = {}
    for base in reversed(model.__mro__):
        if issubclass(base, Section):
            docs |= _own_docs(base)
    return docs


def _own_docs(model: type[Section]) -> dict[str, str]:
    definition = _classes_in(sys.modules[model.__module__])[model.__qualname__]
    return {
        key.target.id: inspect.cleandoc(doc.value.value)
        for key, doc in pairwise(definition.body)
        if isinstance(key, ast.AnnAssign) and isinstance(key.target, ast.Name)
        if isinstance(doc, ast.Expr) and isinstance(doc.value, ast.Constant) and isinstance(doc.value.value, str)
    }


@cache
def _classes_in(module: ModuleType) -> dict[str, ast.ClassDef]:
    """Classes at the top of a module by name; its source is parsed once for all models in it."""
    return {part.name: part for part in ast.parse(inspect.getsource(module)).body if isinstance(part, ast.ClassDef)}
