"""A file in the layout of the measured vowels, with values that nobody measured."""

from itertools import product
from pathlib import Path

VOWELS = ("ae", "ah", "aw", "eh", "er", "ei", "ih", "iy", "oa", "oo", "uh", "uw")
GROUPS = {"m": 50, "w": 50, "b": 29, "g": 21}
TALKERS = [f"{group}{number:02}" for group, count in GROUPS.items() for number in range(1, count + 1)]
COLUMNS = range(1, 17)
HEADER = ["a file made by a test", "", *[f"col{k}:  something" for k in COLUMNS], "", " ".join(map(str, COLUMNS))]


def _line(number: int, name: str) -> str:
    values = [200 + (number * (k + 3)) % 700 + 100 * k for k in range(15)]
    return f"{name} " + " ".join(map(str, values))


LINES = [_line(n, f"{talker}{vowel}") for n, (vowel, talker) in enumerate(product(VOWELS, TALKERS))]
"""More talkers than the original has, cut to as many lines as it has without losing a woman."""
_spare = [line for line in LINES if not line.startswith("w")][: len(LINES) - 1668]
LINES = [line for line in LINES if line not in set(_spare)]


def written(folder: Path, lines: list[str]) -> Path:
    path = folder / "vowdata.dat"
    path.write_bytes("\r\n".join([*HEADER, *lines, ""]).encode("ascii"))
    return path
