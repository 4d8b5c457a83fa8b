"""What a procedure is."""

from collections.abc import Generator
from typing import TypeAlias, TypeVar

from mtjlab.config.section import Section
from mtjlab.events import Event

Plan = TypeVar("Plan", bound=Section)
Result = TypeVar("Result")

Procedure: TypeAlias = Generator[Event, None, Result]
"""Calls the bench, yields what happened, returns its result. Each yield is a safe place to stop."""
