"""What all tables of a configuration file have in common."""

from typing import Annotated, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

Positive: TypeAlias = Annotated[float, Field(gt=0)]
NotNegative: TypeAlias = Annotated[float, Field(ge=0)]
PerJunctionOrAll: TypeAlias = float | tuple[float, ...]


class Section(BaseModel):
    """A table of a configuration file: frozen, nothing unknown in it, finite numbers only.

    The docstring of a key is what forms say of it.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, allow_inf_nan=False, use_attribute_docstrings=True
    )
