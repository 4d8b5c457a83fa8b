"""``mtjlab vowels``: the measured vowel file."""

from pathlib import Path

import click

from mtjlab.cli.common import results
from mtjlab.cli.options import PATH
from mtjlab.counted import counted
from mtjlab.vowels import files as vowel_files


@click.group()
def vowels() -> None:
    """The measured vowel file: import it, download it, show which vowels are in use."""


@vowels.command("import")
@click.argument("path", type=PATH, help="The measured file, vowdata.dat.")
def import_(path: Path) -> None:
    """Check the measured file and store a copy for this user."""
    stored = vowel_files.import_vowels(path)
    results.print(f"imported: {stored}")


@vowels.command()
@click.option("--mirror", "mirrors", multiple=True, help="Another address to try; may be repeated.")
def download(mirrors: tuple[str, ...]) -> None:
    """Download the measured file and store a copy for this user.

    It is taken from its author's address or from a mirror, and checked.
    """
    stored = vowel_files.download_vowels(mirrors=(*mirrors, *vowel_files.MIRRORS))
    results.print(f"downloaded: {stored}")


@vowels.command()
def show() -> None:
    """Show the vowels that a training would use."""
    data = vowel_files.find_vowels()
    results.print(f"{data.name}: {counted(len(data.tokens), 'token')}, classes {', '.join(data.classes)}")
