"""What a form has to know of each key of a plan, told by the plan's own model."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt
from pydantic.fields import FieldInfo

from mtjlab.config import PlanConfig
from mtjlab.config.section import Section

UNITS = {"ua": "µA", "mv": "mV", "mt": "mT", "s": "s", "ohm": "Ω", "percent": "%"}
GENERAL = "plan"
FIRST = (GENERAL, "training")
"""Sections that are open from the start."""


@dataclass(frozen=True, slots=True)
class FormField:
    """A key of a plan: where it stands (``training.steps``), how it is called, what may be entered.

    ``choices`` are all there is to choose from, or empty.
    """

    key: str
    label: str
    unit: str
    choices: tuple[str, ...]
    default: Any
    help: str
    range: str

    @property
    def is_text(self) -> bool:
        """Whether what is entered is taken as it stands."""
        return bool(self.choices) or self.default is None or isinstance(self.default, str)

    def entered(self, text: str) -> Any:
        """The value of what was entered; the text itself where it is none, so that the model can complain."""
        text = text.strip()
        if self.is_text:
            return text or None
        try:
            return json.loads(text)
        except ValueError:
            return text

    def shown(self, value: Any) -> str:
        """``value`` as it is entered."""
        if value is None:
            return ""
        return value if isinstance(value, str) else json.dumps(value)


@dataclass(frozen=True, slots=True)
class FormSection:
    """Keys that belong together."""

    name: str
    help: str
    fields: tuple[FormField, ...]


def sections_of_plan() -> tuple[FormSection, ...]:
    """All sections, those that are changed most first."""
    found = {section.name: section for section in _sections()}
    return tuple(found[name] for name in (*FIRST, *(name for name in found if name not in FIRST)))


def _sections() -> Iterator[FormSection]:
    plain: list[FormField] = []
    for key, field in PlanConfig.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, Section):
            model = field.annotation
            fields = tuple(_field(f"{key}.{name}", name, one) for name, one in model.model_fields.items())
            yield FormSection(key, _sentence(model.__doc__), fields)
        else:
            plain.append(_field(key, key, field))
    yield FormSection(GENERAL, "What the plan is called, and the seed of all that is drawn.", tuple(plain))


def _field(key: str, name: str, field: FieldInfo) -> FormField:
    stem, _, suffix = name.rpartition("_")
    unit = UNITS.get(suffix, "") if stem else ""
    choices = get_args(field.annotation) if get_origin(field.annotation) is Literal else ()
    return FormField(
        key=key,
        label=(stem if unit else name).replace("_", " "),
        unit=unit,
        choices=choices,
        default=field.default,
        help=_sentence(field.description),
        range=_range(field, unit),
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


def _sentence(text: str | None) -> str:
    return " ".join((text or "").split())
