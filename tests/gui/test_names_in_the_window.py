"""Names are text: the window shows them as they are, and nothing in them is interpreted, opened or fetched."""

import ast
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup, escape
from PyQt5.QtGui import QTextDocument
from PyQt5.QtWidgets import QApplication

import mtjlab.gui
from mtjlab.gui.look.formatting import as_html
from mtjlab.gui.look.label import Label, bold, coloured, dot, tooltip
from mtjlab.plain_text import visible

WINDOW = Path(mtjlab.gui.__file__).parent
NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp", "Zs"]), min_size=1, max_size=20)
HOSTILE = "<img src='file:///etc/passwd'>", "<b>x</b>", "a & b", "&lt;", "<a href='x'>y</a>", "</span><h1>z"


def shown(html: str) -> str:
    """What a person reads."""
    document = QTextDocument()
    document.setHtml(html)
    return document.toPlainText().replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("name", HOSTILE)
def test_a_label_shows_a_name_as_it_is(name: str, qapp: QApplication) -> None:
    assert Label(name).text() == name
    assert Label(name).textFormat() != Label(bold(name)).textFormat()
    assert shown(Label(bold(name)).text()) == name


@given(NAMES)
def test_any_name_comes_out_of_markup_as_it_went_in(name: str) -> None:
    for made in (bold(name), coloured(name, "red"), tooltip(name), as_html(name.replace("I_", ""))):
        assert shown(made) == visible(name).replace("I_", "")
    assert shown(dot(name, "red")) == f"● {visible(name)}"


def test_what_steers_the_direction_of_a_line_is_seen() -> None:
    assert Label("a\u202eb\x07").text() == "a\\u202eb\\x07"
    assert shown(tooltip("a\u202eb")) == "a\\u202eb"


def test_symbols_of_the_paper_are_kept_beside_names() -> None:
    assert as_html("I_A of <b>", "second") == Markup("<p>I<sub>A</sub> of &lt;b&gt;<br>second</p>")
    assert escape(as_html("x")) == as_html("x")


def calls_in(path: Path) -> list[tuple[str, ast.Call]]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [
        (node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", ""), node) for node in found
    ]


def is_ours(text: ast.expr) -> bool:
    """Whether a text was written by us, or went through what escapes names."""
    match text:
        case ast.Constant():
            return True
        case ast.IfExp():
            return is_ours(text.body) and is_ours(text.orelse)
        case ast.Call(func=ast.Name(id="tooltip" | "as_html" | "_tooltip")):
            return True
    return False


def test_the_window_has_one_label_and_every_tooltip_is_text() -> None:
    wrong = []
    for path in sorted(WINDOW.rglob("*.py")):
        name = path.relative_to(WINDOW).as_posix()
        for called, node in calls_in(path):
            if called == "QLabel":
                wrong.append(f"{name}: QLabel")
            if called == "setToolTip" and not is_ours(node.args[0]):
                wrong.append(f"{name}: {ast.unparse(node)}")
            if called == "Markup" and node.args and not isinstance(node.args[0], ast.Constant):
                wrong.append(f"{name}: {ast.unparse(node)}")
    allowed = {"help.py: Markup(document.toHtml())"}
    assert [one for one in wrong if one not in allowed and "re.sub" not in one] == []
