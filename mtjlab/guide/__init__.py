"""The guide: one page for each topic, shown by ``mtjlab help`` and by the window."""

from dataclasses import dataclass
from pathlib import Path

_PAGES = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Topic:
    """A page of the guide: its name in `mtjlab help`, its heading, and its text as Markdown."""

    name: str
    title: str
    text: str


def topics() -> tuple[Topic, ...]:
    """All pages; the window page is the first."""
    pages = sorted(_PAGES.glob("*.md"), key=lambda page: (page.stem != "window", page.stem))
    return tuple(_read(page) for page in pages)


def _read(page: Path) -> Topic:
    text = page.read_text(encoding="utf-8")
    return Topic(page.stem, text.partition("\n")[0].removeprefix("# "), text)
