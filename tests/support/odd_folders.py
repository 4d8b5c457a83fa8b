"""What may lie in a run folder: any bytes, sound lines that say odd things, and files that are none."""

import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zlib import crc32

from hypothesis import strategies as st

from mtjlab.store import EMERGENCY, HEARTBEAT, JOURNAL, MANUAL_REQUESTS, REQUEST, STOP

NAMES = (
    JOURNAL,
    REQUEST,
    HEARTBEAT,
    STOP,
    EMERGENCY,
    MANUAL_REQUESTS,
    "notes.md",
    "guardian.txt",
    "network.toml",
    "log.txt",
)
HUGE_BYTES = 1 << 40


def sealed(body: bytes) -> bytes:
    """A line whose checksum fits, whatever it says."""
    return b'%s,"crc":"%08x"}\n' % (body, crc32(body))


def _huge(path: Path) -> None:
    """A file of a terabyte, which takes no room."""
    with path.open("wb") as file:
        file.truncate(HUGE_BYTES)


def _in_a_circle(path: Path) -> None:
    path.symlink_to(path.name)


def _dangling(path: Path) -> None:
    path.symlink_to(path.with_name("nowhere"))


KINDS: dict[str, Callable[[Path], object]] = {"a folder": Path.mkdir, "a huge file": _huge}
if sys.platform != "win32":
    KINDS |= {
        "a pipe": os.mkfifo,
        "a device": lambda path: path.symlink_to("/dev/zero"),
        "a link in a circle": _in_a_circle,
        "a dangling link": _dangling,
    }


@dataclass(frozen=True)
class Odd:
    """What is put in place of a file."""

    name: str
    what: str
    put: Callable[[Path], object] = field(repr=False)

    def into(self, folder: Path) -> None:
        path = folder / self.name
        path.unlink(missing_ok=True)
        self.put(path)


def _bytes(name: str, content: bytes) -> Odd:
    return Odd(name, repr(content), lambda path: path.write_bytes(content))


def _of_kind(name: str, kind: str) -> Odd:
    return Odd(name, kind, KINDS[kind])


values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)
times = st.text(max_size=30) | st.sampled_from(
    ["", "now", "2026-11-23", "2026-11-23T02:00:00", "0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59-12:00"]
)
types = st.sampled_from(
    ["run-started", "run-ended", "went-safe", "clock-jumped", "step-trained", "bench-connected", "x"]
)


@st.composite
def odd_lines(draw: st.DrawFn) -> bytes:
    """Lines with a checksum that fits: of odd numbers, times, types and contents."""
    lines = []
    for n in range(draw(st.integers(1, 4))):
        number = draw(st.just(str(n)) | st.sampled_from(["0", "7" * 5000]))
        at = draw(times).replace('"', "").encode("utf-8", "surrogatepass")
        rest = draw(st.binary(max_size=40).map(lambda raw: raw.replace(b"\n", b"")) | _fields())
        lines.append(sealed(b'{"n":%s,"at":"%s","type":"%s"%s' % (number.encode(), at, draw(types).encode(), rest)))
    return b"".join(lines)


def _fields() -> st.SearchStrategy[bytes]:
    keys = st.sampled_from(["status", "reason", "by_s", "run", "bench", "parent", "format", "step", "t_s"])
    return st.dictionaries(keys, values, max_size=4).map(_written)


def _written(fields: dict[str, Any]) -> bytes:

    return "".join(f",{json.dumps(key)}:{json.dumps(value)}" for key, value in fields.items()).encode()


odd_files: st.SearchStrategy[Odd] = st.one_of(
    st.builds(_bytes, st.sampled_from(NAMES), st.binary(max_size=200)),
    st.builds(
        _bytes,
        st.sampled_from([REQUEST, "guardian.txt", "notes.md", STOP]),
        st.text(max_size=60).map(lambda text: text.encode("utf-8", "surrogatepass")),
    ),
    st.builds(_bytes, st.just(JOURNAL), odd_lines()),
    st.builds(_of_kind, st.sampled_from(NAMES), st.sampled_from(sorted(KINDS))),
)
