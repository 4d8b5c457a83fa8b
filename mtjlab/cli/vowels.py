"""The vowels that are learnt."""

from pathlib import Path
from typing import Annotated

import typer

from mtjlab.cli.common import results
from mtjlab.counted import counted
from mtjlab.vowels import files as vowel_files

vowels = typer.Typer(help="The vowels that are learnt: import the measured file, download it, see which are in use.")


@vowels.command("import")
def import_(path: Annotated[Path, typer.Argument(help="The measured file, vowdata.dat.", show_default=False)]) -> None:
    """Check the measured file and keep a copy for this user."""
    kept = vowel_files.import_vowels(path)
    results.print(f"imported: {kept}")


@vowels.command()
def download(
    mirror: Annotated[list[str] | None, typer.Option(help="Another address to try; may be given again.")] = None,
) -> None:
    """Download the measured file from its author's address or a mirror, check it, and keep a copy for this user."""
    kept = vowel_files.download_vowels(mirrors=(*(mirror or ()), *vowel_files.MIRRORS))
    results.print(f"downloaded: {kept}")


@vowels.command()
def show() -> None:
    """Say which vowels a training would learn."""
    data = vowel_files.find_vowels()
    results.print(f"{data.name}: {counted(len(data.tokens), 'token')}, classes {', '.join(data.classes)}")
