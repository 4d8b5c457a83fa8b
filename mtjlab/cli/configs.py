"""The configurations that come with mtjlab: list them, get one to change."""

from pathlib import Path
from typing import Annotated

import typer

from mtjlab.cli.common import AsJson, print_json, results
from mtjlab.ready import CONFIGS, copy_ready, ready_names
from mtjlab.text import read_text

configs = typer.Typer(
    help="The configurations that come with mtjlab: list them, copy one to change it.", invoke_without_command=True
)


@configs.callback()
def listed(context: typer.Context, as_json: AsJson = False) -> None:
    """The configurations that come with mtjlab; their names stand for them wherever a file is asked for."""
    if context.invoked_subcommand is not None:
        return
    about = {name: _about(CONFIGS / f"{name}.toml") for name in ready_names()}
    if as_json:
        print_json({"folder": str(CONFIGS), "configs": [{"name": name, "about": told} for name, told in about.items()]})
        return
    width = max(map(len, about))
    for name, told in about.items():
        results.print(f"{name:{width}}  {told}", soft_wrap=True)


@configs.command()
def copy(
    name: Annotated[str, typer.Argument(help="Name of a ready configuration.", show_default=False)],
    to: Annotated[Path, typer.Argument(help="File, or folder; nothing is overwritten.")] = Path(),
) -> None:
    """Copy a ready configuration, to be changed."""
    results.print(f"copied: {copy_ready(name, to)}", soft_wrap=True)


def _about(path: Path) -> str:
    """The first sentence of what it says of itself."""
    lines = [line.removeprefix("#").strip() for line in read_text(path).splitlines() if line.startswith("#")]
    return " ".join(lines).partition(". ")[0].rstrip(".")
