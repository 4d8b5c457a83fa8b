"""The seven spoken vowels: the measured ones, and the surrogate that replaces them.

The measured file is vowdata.dat of Hillenbrand, Getty, Clark and Wheeler, J. Acoust. Soc. Am. 97, 3099 (1995). It is
not free to copy: the project holds only the names of the tokens that are used, and their first and second moments.
"""

import json
import re
from collections.abc import Iterable
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np

from mtjlab.counted import counted
from mtjlab.text import read_text
from mtjlab.vowels.data_set import DataError, DataSet, Token

HILLENBRAND = "hillenbrand-1995"
SURROGATE = "surrogate"
SURROGATE_SEED = 1995
"""Seed of *the* embedded surrogate; another seed is another data set."""

_DATA_LINES = 1668
_COLUMN_NUMBERS = [str(number) for number in range(1, 17)]
_VALUE = re.compile(r"\d{1,4}")
_TOKEN_NAME = re.compile(r"([mwbg]\d\d)(ae|ah|aw|eh|ei|er|ih|iy|oa|oo|uh|uw)")
_FORMANTS = (*range(3, 6), *range(7, 16))
"""Columns of F1-F3 at steady state, 20, 50 and 80 % of the duration, counted from 0."""
_TALKERS_PER_VOWEL = 37


def surrogate(seed: int = SURROGATE_SEED) -> DataSet:
    """Seven vowels, 37 tokens each, drawn from multivariate normals with the moments of the measured ones; in Hz.

    Tokens of different vowels are drawn independently, so they have no talkers.
    """
    statistics = _embedded("vowel_statistics.json")
    rng = np.random.default_rng(seed)
    tokens: list[Token] = []
    for label, moments in statistics["vowels"].items():
        spread = np.diag(moments["sd_hz"]) @ np.linalg.cholesky(np.array(statistics["correlation"]))
        normal = rng.standard_normal((_TALKERS_PER_VOWEL, len(moments["mean_hz"])))
        formants = np.rint(normal @ spread.T + moments["mean_hz"]).tolist()  # whole Hz, as measured
        tokens += [Token(f"s{k:02}{label}", label, None, tuple(row)) for k, row in enumerate(formants, start=1)]
    return DataSet(SURROGATE, tuple(statistics["features"]), tuple(tokens))


def read_hillenbrand(path: Path) -> DataSet:
    """The 259 selected tokens of vowdata.dat: 7 vowels, 37 female talkers each, 12 formants in Hz.

    Raises:
        DataError: the file cannot be read, is damaged or incomplete, or a selected token was not measured in full.
    """
    tokens = tuple(_selected(path, _measured(path)))
    features = tuple(_embedded("vowel_statistics.json")["features"])
    return DataSet(HILLENBRAND, features, tokens, str(path.resolve()))


def read_speakers(path: Path, groups: str, name: str) -> DataSet:
    """All tokens of the same seven vowels in vowdata.dat by other speakers, if their 12 formants were measured.

    ``groups``: first letters of the talkers: m men, w women, b boys, g girls. ``name`` is that of the data set.

    Raises:
        DataError: the file cannot be read, or is damaged or incomplete.
    """
    statistics = _embedded("vowel_statistics.json")
    tokens = (
        Token(token, token[3:], token[:3], _formants(values))
        for token, values in _measured(path).items()
        if token[0] in groups and token[3:] in statistics["vowels"]
    )
    measured = tuple(token for token in tokens if all(token.features))
    return DataSet(name, tuple(statistics["features"]), measured, str(path.resolve()))


def _measured(path: Path) -> dict[str, tuple[int, ...]]:
    """The values of every token by its name."""
    rows: dict[str, tuple[int, ...]] = {}
    for number, line in _data_lines(path):
        name, values = _parse(path, number, line)
        if name in rows:
            raise _damaged(path, number, f"a second {name}")
        rows[name] = values
    if len(rows) != _DATA_LINES:
        raise DataError(
            f"{path}: {counted(len(rows), 'data line')} instead of {_DATA_LINES}. The file is cut off or not "
            "the original; download it again."
        )
    return rows


def _formants(values: tuple[int, ...]) -> tuple[float, ...]:
    return tuple(float(values[column - 1]) for column in _FORMANTS)


@cache
def _embedded(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(
        (resources.files("mtjlab.vowels") / "moments" / name).read_text(encoding="utf-8")
    )
    return content


def _data_lines(path: Path) -> list[tuple[int, str]]:
    """The lines below the header, or all if it was cut off, each with its number; blank ones left out."""
    lines = [(n, line) for n, line in enumerate(read_text(path).split("\n"), start=1) if line.strip()]
    if not lines:
        raise DataError(f"{path}: the file is empty.")
    for k, (_, line) in enumerate(lines, start=1):
        if line.split() == _COLUMN_NUMBERS:
            return lines[k:]
    if _TOKEN_NAME.fullmatch(lines[0][1].split()[0]):
        return lines
    raise DataError(f"{path}: no line of column numbers (1 to 16), so this is not vowdata.dat.")


def _parse(path: Path, number: int, line: str) -> tuple[str, tuple[int, ...]]:
    """Name and the 15 measured values of a data line."""
    name, *values = line.split()
    if not _TOKEN_NAME.fullmatch(name):
        raise _damaged(path, number, f"{name!r} is not a talker and a vowel such as 'w01ae'")
    if len(values) != len(_COLUMN_NUMBERS) - 1:
        raise _damaged(path, number, f"{counted(1 + len(values), 'column')} instead of {len(_COLUMN_NUMBERS)}")
    for column, value in enumerate(values, start=2):
        if not _VALUE.fullmatch(value):
            raise _damaged(path, number, f"column {column} holds {value!r}, not a whole number from 0 to 9999")
    return name, tuple(int(value) for value in values)


def _damaged(path: Path, number: int, what: str) -> DataError:
    return DataError(f"{path}, line {number}: {what}. The file is damaged; download it again.")


def _selected(path: Path, rows: dict[str, tuple[int, ...]]) -> Iterable[Token]:
    for label, talkers in _embedded("vowel_selection.json")["speakers"].items():
        for talker in talkers:
            name = talker + label
            if name not in rows:
                raise DataError(f"{path}: token {name} is missing. The file is damaged; download it again.")
            formants = _formants(rows[name])
            if not all(formants):
                raise DataError(f"{path}: a formant of {name} is 0. The file is damaged; download it again.")
            yield Token(name, label, talker, formants)
