"""``scripts/interface.py`` writes the tables of ``mtjlab/interface.md``, the public interface, from the code.

A table stands between ``<!-- table: NAME -->`` and ``<!-- end -->``; all else of the page is written by hand.
"""

import re
from collections.abc import Callable

import public
from public import PROJECT, Rows

PAGE = PROJECT / "mtjlab" / "interface.md"
_MARKED = re.compile(r"<!-- table: (\w+) -->.*?<!-- end -->", re.DOTALL)


def page(written: str) -> str:
    """The page with the tables of the present code."""
    return _MARKED.sub(lambda marked: f"<!-- table: {marked[1]} -->\n\n{TABLES[marked[1]]()}\n<!-- end -->", written)


def _table(
    first: str,
    second: str,
    rows: Rows,
    meanings: dict[str, str] | None = None,
    shown: Callable[[str], str] = "`{}`".format,
) -> str:
    lines = [f"| {first} | {second} |", "|---|---|"]
    for name, keys in rows.items():
        meaning = f"<br>{meanings[name]}" if meanings else ""
        lines.append(f"| {f'`{name}`' if name else ''}{meaning} | {', '.join(map(shown, keys))} |")
    return "\n".join([*lines, ""])


def _option(text: str) -> str:
    """Option with its values, which may be extended later."""
    name, _, takes = text.partition(" ")
    return f"`{name}` {takes}".strip()


def _parts(first: str, second: str, parts: dict[str, Rows]) -> str:
    return "\n".join(f"### {title}\n\n{_table(first, second, rows)}" for title, rows in parts.items())


def _events() -> str:
    """Table of events, each with the first line of its docstring."""
    meanings = {name: one.__doc__.splitlines()[0].replace("``", "`") for name, one in public.event_types().items()}
    return _table("type", "keys", public.events(), meanings)


TABLES: dict[str, Callable[[], str]] = {
    "codes": lambda: _table("meaning", "code", public.exit_codes()),
    "commands": lambda: _table("command", "arguments and options", public.commands(), shown=_option),
    "files": lambda: _parts("table", "keys", public.file_keys()),
    "events": _events,
    "objects": lambda: _table("object", "keys or values", public.objects()),
    "results": lambda: _table("of", "keys", public.results()),
    "exports": lambda: _parts("file", "columns or variables", public.exports()),
}
"""By the name in the page."""


def entries(text: str) -> set[str]:
    """Each row of a page and each name in it, with the headings above."""
    found, where = set(), ["", ""]
    for line in text.splitlines():
        if heading := re.match(r"(##+) (.*)", line):
            where[len(heading[1]) - 2 :] = [heading[2]]
        elif row := re.match(r"\| (?:`(.+?)`)?(?:<br>.*?)? \| (.*) \|$", line):
            above = " > ".join(part for part in (*where, row[1]) if part)
            found |= {above, *[f"{above} > {key}" for key in re.findall("`(.+?)`", row[2])]}
    return found


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
