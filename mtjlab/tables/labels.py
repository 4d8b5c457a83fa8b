"""Columns that say of every row whether it is real: tables are copied and joined without what lies beside them."""

from collections.abc import Iterator

from mtjlab.schema import Column


def labels(is_simulated: bool, is_surrogate: bool | None) -> Iterator[Column]:
    """Whether the bench is simulated, and whether the data set is a surrogate; None for a run without a data set."""
    yield _constant("Simulated", "whether the bench is simulated", is_simulated)
    if is_surrogate is not None:
        yield _constant("Surrogate data", "whether the data set is drawn from published moments", is_surrogate)


def _constant(name: str, meaning: str, value: bool) -> Column:
    return Column(name, meaning, lambda _row: value, holds=int, variable="")
