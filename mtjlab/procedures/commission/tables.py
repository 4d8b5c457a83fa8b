"""What a commissioning found that differs, as a table."""

from collections.abc import Iterator
from operator import attrgetter

from mtjlab.domain import Difference
from mtjlab.procedures.commission.events import Commissioned
from mtjlab.schema import Column, DataSet, Table

COMMISSIONING = DataSet("commissioning", "Commissioning of the instruments")
DIFFERENCES = (
    Column("Part", "instrument that differs", attrgetter("role"), holds=str),
    Column("Sent", "what was sent to it, or what was tried", attrgetter("sent"), holds=str),
    Column("Expected", "what was expected", attrgetter("expected"), holds=str),
    Column("Came", "what came", attrgetter("came"), holds=str),
)


def commission_tables() -> Iterator[Table]:
    """Differences of the instruments."""

    def rows(event: Commissioned) -> tuple[Difference, ...]:
        return event.differences

    yield Table("differences", DIFFERENCES, {Commissioned: rows}, data_set=COMMISSIONING, dims=("difference",))
