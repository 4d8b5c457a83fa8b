"""Every key that a message, a help text or a guide names is a key that a file can have."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from mtjlab import config
from mtjlab.config.section import Section
from mtjlab.procedures.kinds import KINDS
from mtjlab.requests import ManualRequest

PROJECT = Path(config.__file__).parents[2]
KEY = re.compile(r"(?<![\w{])[a-z][a-z0-9]*(?:_[a-z0-9]+)*_(?:ua|mv|ma|mt|ohm|hz|s|a|v|percent|per_v2|per_mt|per_h)\b")
GUIDES = [
    PROJECT / "README.md",
    *sorted((PROJECT / "mtjlab" / "guide").glob("*.md")),
    *sorted((PROJECT / "configs").glob("*.toml")),
]
INSIDE = PROJECT / "instruments" / "simulated"
"""Speaks to its own programs; a bench file never comes that far."""


def keys_of(model: type[Section]) -> set[str]:
    return set(model.model_fields).union(*map(keys_of, model.__subclasses__()))


PLANS = [kind.plan for kind in KINDS.values()]
KEYS = keys_of(Section).union(ManualRequest.__dataclass_fields__, *map(keys_of, PLANS))


def messages(source: str) -> Iterator[str]:
    """Literals of more than a word, with what is filled in left out; no docstrings."""
    tree = ast.parse(source)
    parts = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    parts |= {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in parts:
            yield node.value


def named(text: str) -> set[str]:
    return set(KEY.findall(text)) if " " in text.strip() else set()


@pytest.mark.parametrize("package", ["mtjlab", "instruments"])
def test_a_message_names_keys_that_exist(package: str) -> None:
    sources = [path for path in (PROJECT / package).rglob("*.py") if INSIDE not in path.parents]
    found = {(path.name, key) for path in sources for text in messages(path.read_text("utf-8")) for key in named(text)}
    assert found
    assert {(name, key) for name, key in found if key not in KEYS} == set()


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.name)
def test_a_guide_names_keys_that_exist(guide: Path) -> None:
    text = re.sub(r"```.*?```", "", guide.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert named(text) - KEYS == set()


def test_a_key_that_does_not_exist_is_found() -> None:
    assert named(next(messages('raise ValueError(f"{name}: choose a larger range_v")'))) == {"range_v"}
    assert "range_mv" in KEYS
