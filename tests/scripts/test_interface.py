"""The page of what is public says what the code does; nothing goes from it unnoticed."""

from interface import PAGE, entries, page


def test_the_page_of_what_is_public_is_that_of_the_code() -> None:
    written = PAGE.read_text(encoding="utf-8")
    made = page(written)
    gone = sorted(entries(written) - entries(made))
    assert not gone, (
        "Programs and old runs rely on these, which are removed, renamed or of another kind. Bring them back, or give "
        f"what they belong to a new format number: {gone}"
    )
    new = sorted(entries(made) - entries(written))
    assert written == made, f"{PAGE.name} is old, write it anew with `python scripts/interface.py`. New: {new}"


def test_every_name_of_a_page_counts_with_its_row_and_its_headings() -> None:
    rows = "| table | keys |\n|---|---|\n| `[a]`<br>What `x` is. | `x: number`, `y` |\n## B\n| `c` |  |"
    text = f"## Files\n\n### Plan\n\n{rows}"
    assert entries(text) == {"Files > Plan > [a]", "Files > Plan > [a] > x: number", "Files > Plan > [a] > y", "B > c"}
