"""A count and its noun: one of something is never told in the plural."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import mtjlab
from mtjlab.counted import counted, word_for

HOUSE = Path(mtjlab.__file__).parent
ALWAYS_SEVERAL = {
    "{classes} classes",  # refused with junctions for 8: the message asks for fewer
    "{seeds} seeds", "{told['seeds']} seeds",  # two at least
    "{most} bytes", "{FEWEST_SWEEP_STEPS} steps", "{MOST_IN_A_ROW} times",
    "{count} tokens", "{count} times", "{len(found)} runs",  # only told of several
    "{len(self._failures)} presentations",  # the last of many
    "{len(value)} rows", "{len(same)} instruments",  # only told of several
    "{path.suffix.removeprefix('.')} files", "{kind} junctions",  # kinds, not numbers
    "{found.inputs + 1} inputs",  # two at least
    "{len(chains)} chains", "{len(request.bench.chain_sizes)} chains", "{sum(self.chain_sizes)} junctions",  # likewise
    "{FEWEST_POINTS} steps", "{size} rows", "{size} numbers", "{RESISTANCE} numbers",
}  # fmt: skip


@pytest.mark.parametrize(("count", "told"), [(0, "0 wishes granted"), (1, "1 wish granted"), (2, "2 wishes granted")])
def test_one_is_told_in_the_singular(count: int, told: str) -> None:
    assert f"{counted(count, 'wish', 'wishes')} granted" == told


@pytest.mark.parametrize(("count", "noun"), [(0, "steps"), (1, "step"), (2, "steps"), (80, "steps")])
def test_a_noun_without_an_own_plural_takes_an_s(count: int, noun: str) -> None:
    assert (word_for(count, "step"), counted(count, "step")) == (noun, f"{count} {noun}")


@cache
def trees() -> dict[Path, ast.AST]:
    """The code of the house, file by file."""
    return {path.relative_to(HOUSE): ast.parse(path.read_text(encoding="utf-8")) for path in HOUSE.rglob("*.py")}


def plurals() -> set[str]:
    """Of all nouns that are counted somewhere."""
    found = set()
    for tree in trees().values():
        for call in ast.walk(tree):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "counted":
                nouns = [one.value for one in call.args[1:] if isinstance(one, ast.Constant)]
                found |= {nouns[-1] if len(nouns) == 2 else f"{nouns[0]}s"} if nouns else set()
    return found


def fixed_plurals(tree: ast.AST, nouns: set[str]) -> Iterator[str]:
    """Numbers in f-strings that are followed by such a plural whatever they are."""
    for joined in ast.walk(tree):
        if isinstance(joined, ast.JoinedStr):
            for value, text in zip(joined.values, joined.values[1:], strict=False):
                if isinstance(value, ast.FormattedValue) and isinstance(text, ast.Constant):
                    first = next((noun for noun in nouns if f"{text.value}.".startswith(f" {noun}")), None)
                    if first and not value.format_spec:
                        yield f"{{{ast.unparse(value.value)}}} {first}"


def test_no_number_is_followed_by_a_plural_whatever_it_is() -> None:
    nouns = plurals()
    assert {"steps", "switches", "presentations", "junctions", "files"} <= nouns
    found = {(str(path), told) for path, tree in trees().items() for told in fixed_plurals(tree, nouns)}
    assert {one for one in found if one[1] not in ALWAYS_SEVERAL} == set()


def test_no_plural_is_made_by_hand() -> None:
    made = [
        str(path)
        for path, tree in trees().items()
        for one in ast.walk(tree)
        if isinstance(one, ast.IfExp) and "s" in (getattr(one.body, "value", ""), getattr(one.orelse, "value", ""))
    ]
    assert made == []
