"""Pages of the guide on the terminal."""

import click
from rich.markdown import Markdown

from mtjlab.cli.common import results
from mtjlab.errors import RefusedError
from mtjlab.guide import topics

WIDEST = 100


@click.command("help")
@click.argument("topic", required=False, help="Page of the guide; default: list the pages.")
def help_(topic: str | None) -> None:
    """Print a page of the guide."""
    pages = {one.name: one for one in topics()}
    if topic is None:
        width = max(map(len, pages))
        for page in pages.values():
            results.print(f"{page.name:{width}}  {page.title}")
    elif topic in pages:
        results.print(Markdown(pages[topic].text), width=min(results.width, WIDEST))
    else:
        raise RefusedError(f"{topic}: is not a page of the guide. The pages are {', '.join(pages)}.")
