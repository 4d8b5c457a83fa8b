"""Type of a procedure."""

from collections.abc import Generator
from typing import TypeAlias, TypeVar

from mtjlab.config.section import Section
from mtjlab.events import Event

Plan = TypeVar("Plan", bound=Section)
Result = TypeVar("Result")

Procedure: TypeAlias = Generator[Event, None, Result]
"""Operates the bench, yields events, returns its result. Each yield is a safe point to stop."""
