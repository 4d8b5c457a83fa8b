"""PyMeasure's drivers without their trap: only properties that exist may be set."""

from typing import Any

from pymeasure.instruments import Channel


class Existing:
    """PyMeasure's driver, without its trap: there a misspelt property becomes a plain attribute and sends nothing."""

    def __init__(self, device: Any) -> None:
        object.__setattr__(self, "_device", device)

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._device, name)
        return Existing(found) if isinstance(found, Channel) else found

    def __setattr__(self, name: str, value: object) -> None:
        exists = isinstance(getattr(type(self._device), name, None), property)
        if not exists:
            raise AttributeError(f"{type(self._device).__name__} has no property {name!r}.")
        setattr(self._device, name, value)
