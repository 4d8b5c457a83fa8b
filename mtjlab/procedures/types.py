"""What a procedure is, and what its kind keeps of it."""

from collections.abc import Generator
from typing import Protocol, TypeAlias, TypeVar

from mtjlab.config.section import Section
from mtjlab.events import Event

Plan = TypeVar("Plan", bound=Section)
Result = TypeVar("Result")

Procedure: TypeAlias = Generator[Event, None, Result]
"""Calls the bench, yields what happened, returns its result. Each yield is a safe place to stop."""


class KindState(Protocol):
    """What is known of a run by the events of its kind: bounded, so that whoever looks on may keep it."""

    def take(self, event: Event) -> None:
        """Take one event in."""
