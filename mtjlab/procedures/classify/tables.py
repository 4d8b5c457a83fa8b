"""Classified tokens as a table."""

from collections.abc import Iterable
from operator import attrgetter

from mtjlab.domain import NO_CLASS
from mtjlab.procedures.classify.events import TokenClassified, TokensClassified
from mtjlab.schema import Column, Table


def classified() -> Table:
    """Table with a row for each token."""
    last: TokensClassified | None = None

    def take(event: TokensClassified) -> tuple[()]:
        nonlocal last
        last = event
        return ()

    def rows() -> Iterable[TokenClassified]:
        return () if last is None else last.tokens

    return Table("classified", _COLUMNS, {TokensClassified: take}, rows)


_COLUMNS = (
    Column("Token", "token", attrgetter("name"), holds=str),
    Column("Class", "class of the token, if that is known", attrgetter("label"), holds=str),
    Column(
        "Recognised as",
        "class that came most often",
        lambda token: token.recognised_as or NO_CLASS,
        holds=str,
    ),
    Column("Confidence", "its share of the presentations", attrgetter("confidence")),
    Column(
        "Configurations",
        "how often each configuration came",
        lambda token: "; ".join(f"{seen or NO_CLASS}: {times}" for seen, times in token.configurations),
        holds=str,
    ),
)
