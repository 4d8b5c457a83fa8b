"""``mtjlab configs``: list the supplied configurations, copy one to edit it."""

from pathlib import Path

import click
from rich.text import Text

from mtjlab.cli.common import print_json, results
from mtjlab.cli.options import AS_JSON, PATH
from mtjlab.supplied_configs import CONFIGS, copy_supplied, supplied_names
from mtjlab.text import read_text


@click.group(invoke_without_command=True)
@AS_JSON
@click.pass_context
def configs(context: click.Context, as_json: bool) -> None:
    """List the supplied configurations; their names are accepted wherever a bench or plan file is."""
    if context.invoked_subcommand is not None:
        return
    about = {name: _about(CONFIGS / f"{name}.toml") for name in supplied_names()}
    if as_json:
        print_json({"folder": str(CONFIGS), "configs": [{"name": name, "about": text} for name, text in about.items()]})
        return
    width = max(map(len, about))
    for name, text in about.items():
        results.print_beside(Text(f"{name:{width}}  "), text)


@configs.command()
@click.argument("name", help="Name of a supplied configuration.")
@click.argument("to", type=PATH, default=Path(), help="File or folder; an existing file is never overwritten.")
def copy(name: str, to: Path) -> None:
    """Copy a supplied configuration to edit it."""
    results.print(f"copied: {copy_supplied(name, to)}", soft_wrap=True)


def _about(path: Path) -> str:
    """The first sentence of the comments in the file."""
    lines = [line.removeprefix("#").strip() for line in read_text(path).splitlines() if line.startswith("#")]
    return " ".join(lines).partition(". ")[0].rstrip(".")
