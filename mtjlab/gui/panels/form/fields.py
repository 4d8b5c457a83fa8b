"""What a form has to know of each key of a model, told by the model itself."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from math import inf
from typing import Any, Literal, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from mtjlab.config.docs import docs_of_keys
from mtjlab.config.section import Section
from mtjlab.typed_numbers import NumberRange, read_number, read_numbers

UNITS = {"ua": "µA", "mv": "mV", "mt": "mT", "s": "s", "ohm": "Ω", "percent": "%", "steps": "steps"}
GENERAL = ""
"""Name of the section of those keys that stand in none."""


@dataclass(frozen=True, slots=True)
class FormField:
    """A key: where it stands (``training.steps``), how it is called, what may be entered.

    ``choices`` are all there is to choose from, or empty. ``default`` is None where there is none. Numbers and lists of
    numbers are entered as such, unless the key ``is_text``. Where one is none, ``example`` is what may be entered.
    """

    key: str
    label: str
    unit: str
    choices: tuple[str, ...]
    default: Any
    is_text: bool
    is_one_number: bool
    is_whole: bool
    help: str
    range: str
    example: str

    def entered(self, text: str) -> Any:
        """The value of what was entered; None where nothing was.

        Raises:
            NotANumberError: it is no number, or none beyond doubt.
        """
        text = text.strip()
        if self.is_text or not text:
            return text or None
        return read_number(text, self.example) if self.is_one_number else read_numbers(text)

    def shown(self, value: Any) -> str:
        """``value`` as it is entered."""
        if value is None:
            return ""
        if isinstance(value, list | tuple) and len(value) > 1:
            return ("; " if isinstance(value[0], list | tuple) else ", ").join(map(self.shown, value))
        return value if isinstance(value, str) else json.dumps(value)


@dataclass(frozen=True, slots=True)
class FormSection:
    """Keys that belong together."""

    name: str
    help: str
    fields: tuple[FormField, ...]


def sections_of(model: type[Section], first: tuple[str, ...] = ()) -> tuple[FormSection, ...]:
    """All sections of ``model``: keys that stand in none, then those named in ``first``, then the others."""
    found = {section.name: section for section in _sections(model)}
    order = (GENERAL, *first, *found)
    return tuple(found[name] for name in dict.fromkeys(order) if name in found and found[name].fields)


def _sections(model: type[Section]) -> Iterator[FormSection]:
    plain: list[FormField] = []
    for key, field in model.model_fields.items():
        table = field.annotation
        if isinstance(table, type) and issubclass(table, Section):
            fields = tuple(
                _field(f"{key}.{name}", table, name, getattr(field.default, name, one.default))
                for name, one in table.model_fields.items()
            )
            yield FormSection(key, _sentence(table.__doc__), fields)
        elif len(get_args(table)) != 1 or get_origin(table) is not Literal:  # else there is nothing to choose
            plain.append(_field(key, model, key, field.default))
    yield FormSection(GENERAL, "", tuple(plain))


def _field(key: str, model: type[Section], name: str, default: Any) -> FormField:
    field = model.model_fields[name]
    stem, _, suffix = name.rpartition("_")
    unit = UNITS.get(suffix, "") if stem else ""
    choices = get_args(field.annotation) if get_origin(field.annotation) is Literal else ()
    is_whole = field.annotation in (int, int | None)
    return FormField(
        key=key,
        label=(stem if unit else name).replace("_", " "),
        unit=unit,
        choices=choices,
        default=None if default is PydanticUndefined else default,
        is_text=bool(choices) or field.annotation in (str, str | None),
        is_one_number=field.annotation in (int, float, int | None, float | None),
        is_whole=is_whole,
        help=_sentence(docs_of_keys(model).get(name)),
        range=_range(field, unit),
        example=NumberRange(*_limits(field), is_whole=is_whole).example,
    )


def _range(field: FieldInfo, unit: str) -> str:
    told = []
    for limit in field.metadata:
        match limit:
            case Ge(ge=value):
                told.append(f"at least {value}")
            case Gt(gt=value):
                told.append(f"above {value}")
            case Le(le=value):
                told.append(f"at most {value}")
            case Lt(lt=value):
                told.append(f"below {value}")
    return f"{', '.join(told)} {unit}".strip() if told else ""


def _limits(field: FieldInfo) -> tuple[float, float]:
    low, high = -inf, inf
    for limit in field.metadata:
        low = max(low, getattr(limit, "ge", low), getattr(limit, "gt", low))
        high = min(high, getattr(limit, "le", high), getattr(limit, "lt", high))
    return low, high


def _sentence(text: str | None) -> str:
    return " ".join((text or "").split())
