"""Any value of any type, at any key of a table."""

from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

Table = dict[str, Any]
Place = tuple[str, ...]

plain = (
    st.booleans()
    | st.integers(-3, 3)
    | st.integers(-(2**80), 2**80)
    | st.floats()
    | st.sampled_from([0.1, 5.0, 1e-300, 1e300, "", "x", "by hand", "[/]", "token", "simulated", "instruments", "@py"])
    | st.dates()
)
values = plain | st.lists(plain, max_size=4) | st.lists(st.lists(plain, max_size=3), max_size=2)
values |= st.dictionaries(st.sampled_from(["J1", "J9", "x", "settle_s", "model"]), plain, max_size=2)


def places(table: Table, so_far: Place = ()) -> Iterator[Place]:
    """Every key of a table and of the tables in it."""
    for key, value in table.items():
        yield (*so_far, key)
        if isinstance(value, dict):
            yield from places(value, (*so_far, key))


def with_value(table: Table, place: Place, value: Any) -> Table:
    key, *rest = place
    inner = table.get(key)
    put = with_value(inner if isinstance(inner, dict) else {}, tuple(rest), value) if rest else value
    return {**table, key: put}
