"""mtjlab: training of a classifier made of magnetic tunnel junctions.

A procedure is a generator of events with the bench as its argument; everything else reads only the run folder.
For notebooks and scripts: ``open_bench``, ``run``, ``read``, and each kind of run by its name, such as ``train``.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mtjlab.notebook import OpenBench, Run, open_bench, read, run

_OF_NOTEBOOK = ("OpenBench", "Run", "open_bench", "read", "run")

__all__ = ["OpenBench", "Run", "open_bench", "read", "run"]


def __getattr__(name: str) -> Any:
    """Load the names for notebooks on first access, so that commands start without them."""
    if name in _OF_NOTEBOOK:
        return getattr(import_module("mtjlab.notebook"), name)
    if name in import_module("mtjlab.procedures.kinds").KINDS:
        return import_module("mtjlab.notebook").events_of(name)
    raise AttributeError(f"module 'mtjlab' has no attribute {name!r}")


def __dir__() -> list[str]:
    """Names including those of the kinds of runs."""
    return sorted({*globals(), *_OF_NOTEBOOK, *import_module("mtjlab.procedures.kinds").KINDS})
