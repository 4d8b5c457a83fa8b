"""Text files as saved by any program: with or without a byte order mark, with the line ends of any system."""

import os
import re
import stat
import tomllib
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from math import isfinite, nan
from pathlib import Path
from typing import Any

from mtjlab.errors import RefusedError

WINDOWS = "cp1252"
"""Encoding of programs on Windows in western Europe and America, if not UTF-8; contains all of Latin-1."""
_SAVE = "Save it as UTF-8 (a table as CSV UTF-8)."
_EXTRACT = 40
LARGEST = 100_000_000
"""Maximum size of a text file in bytes; reading a device could go on forever."""

_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
_COMMA = re.compile(r"=\s*[+-]?\d+,\d+\s*(#|$)")
_TYPOGRAPHIC = re.compile("[“”„‘’«»]")  # noqa: RUF001
_BACKSLASH = re.compile(r'"[^"\n]*\\[^"\n]*"')


class NotTextError(RefusedError):
    """A file is not text in the required encoding; ``trouble`` says where, and what to do."""

    def __init__(self, source: Path, trouble: str) -> None:
        super().__init__(f"{source}: {trouble}")
        self.trouble = trouble


def normalised(content: bytes) -> bytes:
    """Normalise UTF-8: without byte order mark and end mark of DOS, with lines that end in a line feed only."""
    return content.removeprefix(BOM_UTF8).replace(b"\r\n", b"\n").removesuffix(b"\x1a")


def is_utf_16(content: bytes) -> bool:
    """Whether ``content`` has a byte order mark of UTF-16, as files written by PowerShell."""
    return content.startswith((BOM_UTF16_LE, BOM_UTF16_BE))


def likely_text(content: bytes) -> str:
    """Text in UTF-8 or UTF-16; invalid bytes are replaced."""
    return content.decode("utf-16", "replace") if is_utf_16(content) else normalised(content).decode("utf-8", "replace")


def text_of(content: bytes, source: Path, encoding: str = "utf-8") -> str:
    """Text in ``content``, read from ``source``, with lines that end in a line feed only.

    Raises:
        NotTextError: it is not text in this encoding; the message names the line, and what to do.
    """
    if is_utf_16(content) or b"\0" in content:
        raise NotTextError(source, f"is not UTF-8 but UTF-16, or no text at all. {_SAVE}")
    normalised_content = normalised(content)
    try:
        return normalised_content.decode(encoding).replace("\r", "\n")
    except UnicodeDecodeError as error:
        line = normalised_content.count(b"\n", 0, error.start) + 1
        raise NotTextError(source, f"line {line} is {_not_text(normalised_content, error)}") from error


def read_text(path: Path, encoding: str = "utf-8") -> str:
    """Text of a file.

    Raises:
        RefusedError: it cannot be read, or is not text in this encoding; the message names the line, and what to do.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode) and not os.path.isdir(path):
            raise RefusedError(f"{path}: is not a regular file, so it is not read. Give a regular file.")
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        raise RefusedError(f"{path}: cannot be read ({_reason(error)}). Check the path.") from error
    if len(content) > LARGEST:
        raise RefusedError(f"{path}: is larger than {LARGEST // 1_000_000} MB, so it cannot be a file of this kind.")
    return text_of(content, path, encoding)


def toml_of(text: str, source: Path) -> dict[str, Any]:
    """Parse a TOML text read from ``source``.

    Raises:
        RefusedError: it is not valid TOML; the message says where, and how to correct common mistakes.
    """
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise RefusedError(f"{source}: is not valid TOML: {error}.{_advice(text, str(error))}") from error


def read_toml(path: Path) -> dict[str, Any]:
    """Parse a TOML file. Raises RefusedError as ``read_text`` and ``toml_of``."""
    return toml_of(read_text(path), path)


def _not_text(content: bytes, error: UnicodeDecodeError) -> str:
    begin = content.rfind(b"\n", 0, error.start) + 1
    extract = content[max(begin, error.start - _EXTRACT) : error.end + _EXTRACT].split(b"\n")[0]
    try:
        shown = extract.decode(WINDOWS).strip()
    except UnicodeDecodeError:
        shown = ""
    if error.encoding != "utf-8" or not shown.isprintable() or not shown:
        return "not text. The file is damaged or of another kind."
    return f"not UTF-8. In the encoding of Windows (Latin-1) it would read {shown!r}. {_SAVE}"


def _advice(text: str, complaint: str) -> str:
    """How to correct a comma in a number, typographic quotes, or a Windows path, in the line of a complaint."""
    found = re.search(r"at line (\d+)", complaint)
    lines = text.splitlines() or [""]
    line = lines[min(int(found[1]) if found else len(lines), len(lines)) - 1]
    if _COMMA.search(line):
        return " Write numbers with a decimal point: 6.0 and not 6,0."
    if _TYPOGRAPHIC.search(line):
        return " Write straight quotes: \" or '."
    if _BACKSLASH.search(line):
        return " In double quotes a backslash begins an escape: write paths as 'C:\\folder\\file' or C:/folder/file."
    return ""


def storable(text: str) -> str:
    """``text`` with lone surrogates (invalid bytes of file names) escaped, so that it can be written to a file."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def number_of(text: str) -> float:
    """Finite number with a decimal point. Raises ValueError."""
    plain = text.strip()
    value = float(plain) if _NUMBER.fullmatch(plain) else nan
    if not isfinite(value):
        raise ValueError(f"{text!r} is not a number such as 1.5 or 1e-3")
    return value


def _reason(error: OSError | ValueError) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
