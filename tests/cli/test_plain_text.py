"""Names are text: the command line prints them as they are, and no name steers the terminal."""

import ast
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

import mtjlab
from mtjlab.console import PlainConsole
from mtjlab.plain_text import visible

HOUSE = Path(mtjlab.__file__).parent
NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\t\n"), min_size=1, max_size=20)
STEERING = "".join(map(chr, [*range(9), *range(11, 32), *range(127, 160)])) + "\u202e\u2066\u2028\ufeff"


def printed(what: RenderableType) -> str:
    file = StringIO()
    PlainConsole(file=file, width=400, force_terminal=False).print(what)
    return file.getvalue()


def table_of(name: str) -> Table:
    table = Table(title=name)
    table.add_column(name, no_wrap=True)
    table.add_row(name)
    return table


@given(NAMES)
@pytest.mark.parametrize("made", [str, lambda name: Padding(name, 1), table_of], ids=["sentence", "padded", "table"])
def test_a_name_is_printed_as_it_is(made: object, name: str) -> None:
    assert visible(name).strip() in printed(made(name))  # type: ignore[operator]


@pytest.mark.parametrize("name", ["[i]", "[/u]", ":o:", "[bold]x[/bold]", "[link=file:///etc/passwd]y[/link]", "a\\[b"])
def test_what_looks_like_markup_is_text(name: str) -> None:
    assert printed(name) == f"{name}\n"
    assert printed(table_of(name)).count(name) == 3


@given(st.text(STEERING, min_size=1))
@pytest.mark.parametrize("made", [str, Text, table_of], ids=["sentence", "text", "table"])
def test_nothing_in_a_name_steers_the_terminal(made: object, name: str) -> None:
    assert not set(STEERING) & set(printed(made(name)))  # type: ignore[operator]


def test_what_steers_is_seen_as_its_escape() -> None:
    assert visible("a\x1b[2J\u202eb\x07\n\tc \u00e9 \U0001f9f2") == "a\\x1b[2J\\u202eb\\x07\n\tc \u00e9 \U0001f9f2"


def test_a_path_is_printed_in_one_piece() -> None:
    path = "/runs/" + "long name " * 20
    file = StringIO()
    PlainConsole(file=file, width=40).print(path)
    assert file.getvalue() == f"{path}\n"


def uses_of_rich(path: Path) -> set[str]:
    """Names that a module takes from the modules of rich that print or read markup."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    made = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    attributes = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    return (made & {"Console"}) | (attributes & {"from_markup", "secho", "echo"})


def test_there_is_one_console_and_nothing_reads_markup() -> None:
    found = {path.relative_to(HOUSE).as_posix(): uses_of_rich(path) for path in HOUSE.rglob("*.py")}
    assert {path: uses for path, uses in found.items() if uses} == {}
