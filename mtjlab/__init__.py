"""mtjlab: live training of a classifier made of magnetic tunnel junctions.

A procedure is a generator of events; the bench is its argument; the run folder is the only thing anyone else reads.
For notebooks and scripts: ``open_bench``, ``run``, ``read``, and each kind of run by its name, such as ``train``.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mtjlab.notebook import OpenBench, Run, open_bench, read, run

_OF_NOTEBOOK = ("OpenBench", "Run", "open_bench", "read", "run")

__all__ = ["OpenBench", "Run", "open_bench", "read", "run"]


def __getattr__(name: str) -> Any:
    """What notebooks use is loaded when it is asked for: commands start without it."""
    if name in _OF_NOTEBOOK:
        return getattr(import_module("mtjlab.notebook"), name)
    if name in import_module("mtjlab.procedures.kinds").KINDS:
        return import_module("mtjlab.notebook").events_of(name)
    raise AttributeError(f"module 'mtjlab' has no attribute {name!r}")


def __dir__() -> list[str]:
    """With every kind of run."""
    return sorted({*globals(), *_OF_NOTEBOOK, *import_module("mtjlab.procedures.kinds").KINDS})
