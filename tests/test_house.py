"""The rules of the house that a machine can check."""

import os
import re
import shutil
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import grimp
import pytest

PROJECT = Path(__file__).resolve().parents[1]
SOURCES = {".ci", ".readme", "configs", "instruments", "mtjlab", "scripts", "tests"}
TOP_LEVEL = SOURCES | {".gitignore", "LICENSE", "README.md", "pyproject.toml"}

# In pieces, so that this file does not hold what it looks for.
REGISTRIES = [
    "pypi" + ".org", "python" + "hosted.org", "anaconda" + ".org", "npmjs" + ".org", "crates" + ".io",
    "--index" + "-url", "--extra-index" + "-url", "--find" + "-links",
]  # fmt: skip
VOWEL_DATA_HEADER = "(c) 1995 " + "James Hillenbrand"
VOWEL_DATA_LINE = re.compile(r"^[mwbg]\d\d[a-z]{2}(?:\s+\d+){5}", re.MULTILINE)
QUOTABLE_LINES = 20


def house_files() -> list[Path]:
    """Files that git tracks, as paths within the project; where git does not say, all that lie where sources belong."""
    if shutil.which("git") and (PROJECT / ".git").exists():
        listing = subprocess.run(["git", "ls-files", "-z"], cwd=PROJECT, capture_output=True, check=False)
        if listing.returncode == 0:
            tracked = (Path(os.fsdecode(name)) for name in listing.stdout.split(b"\0") if name)
            return [path for path in tracked if (PROJECT / path).is_file()]
    found = (path for name in TOP_LEVEL for path in (PROJECT / name, *(PROJECT / name).rglob("*")))
    return [path.relative_to(PROJECT) for path in found if path.is_file() and "__pycache__" not in path.parts]


def text_of(path: Path) -> str:
    return (PROJECT / path).read_bytes().decode("utf-8", errors="replace")


@pytest.mark.parametrize(
    "command",
    [
        ["ruff", "check"],
        ["ruff", "format", "--check"],
        ["mypy"],
        ["lint-imports", "--no-logo"],
    ],
    ids=" ".join,
)
def test_the_linters_are_content(command: list[str]) -> None:
    program = shutil.which(command[0], path=str(Path(sys.executable).parent))
    assert program is not None, f"{command[0]} is not installed beside {sys.executable}"
    done = subprocess.run([program, *command[1:]], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(command)}:\n{done.stdout}{done.stderr}"


def test_no_module_imports_itself_by_way_of_others() -> None:
    """Not even for types alone. A contract of import-linter looks at packages in the same way."""
    graph = grimp.build_graph("mtjlab", "instruments", cache_dir=None)
    modules = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    TopologicalSorter(modules).prepare()  # raises CycleError, which names them


def test_the_top_level_holds_what_belongs_there_and_nothing_else() -> None:
    assert {path.parts[0] for path in house_files()} <= TOP_LEVEL


def test_no_file_names_a_package_registry() -> None:
    named = [(str(path), registry) for path in house_files() for registry in REGISTRIES if registry in text_of(path)]
    assert named == []


def holds_vowel_data(text: str) -> bool:
    """Whether ``text`` is a copy of the data file: its copyright line with data, or more data than one would quote."""
    lines = VOWEL_DATA_LINE.findall(text)
    return bool(lines) and (VOWEL_DATA_HEADER in text or len(lines) > QUOTABLE_LINES)


def test_no_file_is_a_copy_of_the_vowel_data() -> None:
    assert [str(path) for path in house_files() if holds_vowel_data(text_of(path))] == []


def test_a_copy_of_the_vowel_data_would_be_noticed() -> None:
    line = "m01ae  111 222 333 444 555 666\n"
    assert holds_vowel_data(f"{VOWEL_DATA_HEADER}\n\n{line}")
    assert holds_vowel_data(line * (QUOTABLE_LINES + 1))
    assert not holds_vowel_data(line)
    assert not holds_vowel_data(f"Data {VOWEL_DATA_HEADER}, not distributed with this program.")


def test_the_licence_is_the_gpl_version_3_and_the_project_says_so() -> None:
    title, version = (line.strip() for line in text_of(Path("LICENSE")).splitlines()[:2])
    assert (title, version.split(",")[0]) == ("GNU GENERAL PUBLIC LICENSE", "Version 3")
    assert 'license = "GPL-3.0-or-later"' in text_of(Path("pyproject.toml"))


def test_names_that_people_type_are_looked_up_by_what_takes_any_name() -> None:
    """Path.exists() and its like raise where a name is longer than a name may be; those of os.path say no."""
    asked = re.compile(r"(?<!entry)\.(?:exists|is_file|is_dir)\(\)")
    found = [path for path in house_files() if path.parts[0] in {"mtjlab", "instruments"} and path.suffix == ".py"]
    assert [str(path) for path in found if asked.search(text_of(path))] == []
