"""What the docstring of a key says; read from the source when a form asks for it, since no other program needs it."""

import ast
import inspect
from functools import cache
from itertools import pairwise
from textwrap import dedent

from mtjlab.config.section import Section


@cache
def docs_of_keys(model: type[Section]) -> dict[str, str]:
    """The docstring under each key of ``model`` and of what it inherits from, by key; none where there is none."""
    docs: dict[str, str] = {}
    for base in reversed(model.__mro__):
        if issubclass(base, Section):
            docs |= _own_docs(base)
    return docs


def _own_docs(model: type[Section]) -> dict[str, str]:
    (definition,) = ast.parse(dedent(inspect.getsource(model))).body
    assert isinstance(definition, ast.ClassDef)
    return {
        key.target.id: inspect.cleandoc(doc.value.value)
        for key, doc in pairwise(definition.body)
        if isinstance(key, ast.AnnAssign) and isinstance(key.target, ast.Name)
        if isinstance(doc, ast.Expr) and isinstance(doc.value, ast.Constant) and isinstance(doc.value.value, str)
    }
