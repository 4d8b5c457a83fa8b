"""Classified tokens as a table."""

from collections.abc import Iterable
from operator import attrgetter

from mtjlab.domain import NO_CLASS
from mtjlab.procedures.classify.events import TokenClassified, TokensClassified
from mtjlab.procedures.classify.result import confidence_interval
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


def _confidence_end(token: TokenClassified, end: int) -> float | None:
    interval = confidence_interval(token)
    return None if interval is None else interval[end]


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
    Column("Confidence low", "lower end of its 95 % interval", lambda token: _confidence_end(token, 0)),
    Column("Confidence high", "upper end of its 95 % interval", lambda token: _confidence_end(token, 1)),
    Column("Presentations", "how often the token was presented", attrgetter("presentations"), holds=int),
    Column(
        "Configurations",
        "how often each configuration came",
        lambda token: "; ".join(f"{seen or NO_CLASS}: {times}" for seen, times in token.configurations),
        holds=str,
    ),
)
