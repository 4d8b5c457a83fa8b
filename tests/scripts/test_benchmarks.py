"""Benchmarks are run by hand, now and then: what they import of the project must still be there."""

import ast
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
OURS = ("mtjlab", "instruments", "tests")


def imported(script: Path) -> Iterator[tuple[str, str]]:
    """Module and name of everything that a script imports of the project."""
    for node in ast.walk(ast.parse(script.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.partition(".")[0] in OURS:
            yield from ((node.module, name.name) for name in node.names)


@pytest.mark.parametrize("script", sorted(SCRIPTS.glob("**/*.py")), ids=lambda path: path.name)
def test_what_a_script_imports_of_the_project_is_there(script: Path) -> None:
    for module, name in imported(script):
        assert hasattr(import_module(module), name) or find_spec(f"{module}.{name}"), f"{module}.{name}"
