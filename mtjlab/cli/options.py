"""Options that several commands take, in groups: one parameter of a command stands for all options of its group."""

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass, is_dataclass
from typing import Any

from mtjlab.cli.common import AsJson, ConfirmShorted, Quiet


@dataclass(frozen=True, slots=True)
class Dialogue:
    """How a command speaks with whoever started it."""

    confirm_shorted: ConfirmShorted = False
    as_json: AsJson = False
    quiet: Quiet = False


def grouped(command: Callable[..., None]) -> Callable[..., None]:
    """``command`` as typer takes it: a parameter whose type is a dataclass becomes an option for each of its fields."""
    parameters = inspect.signature(command).parameters
    groups: dict[str, Any] = {n: one.annotation for n, one in parameters.items() if is_dataclass(one.annotation)}
    fields = {name: inspect.signature(group).parameters for name, group in groups.items()}

    @functools.wraps(command)
    def with_single_options(**options: Any) -> None:
        whole = {name: groups[name](**{field: options.pop(field) for field in fields[name]}) for name in groups}
        command(**whole, **options)

    single = [
        option.replace(kind=inspect.Parameter.KEYWORD_ONLY)
        for name, one in parameters.items()
        for option in (fields[name].values() if name in groups else [one])
    ]
    with_single_options.__signature__ = inspect.Signature(single)  # type: ignore[attr-defined]
    with_single_options.__annotations__ = {option.name: option.annotation for option in single}
    return with_single_options
