"""All commands but the window: importing them imports everything, instruments included."""

from collections.abc import Callable

import typer

from mtjlab.cli.again import recover, rerun, resume
from mtjlab.cli.baselines import baselines
from mtjlab.cli.check import check
from mtjlab.cli.classify import classify
from mtjlab.cli.doctor import doctor
from mtjlab.cli.export import export
from mtjlab.cli.gui import gui
from mtjlab.cli.live import ask, live
from mtjlab.cli.measure import shift, sweep, switching_map
from mtjlab.cli.redetect import redetect
from mtjlab.cli.runs import follow, runs, show, stop
from mtjlab.cli.safe import safe
from mtjlab.cli.simulate import simulate
from mtjlab.cli.train import figures, train
from mtjlab.cli.vowels import vowels

app = typer.Typer(
    help="Live training of a classifier made of magnetic tunnel junctions.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
COMMANDS: tuple[Callable[..., None], ...] = (
    *(train, classify, check, sweep, shift, switching_map, live, ask),
    *(runs, show, follow, stop, resume, rerun, recover, redetect),
    *(figures, baselines, export, doctor, safe, simulate, gui),
)
for command in COMMANDS:
    app.command("map" if command is switching_map else None)(command)
app.add_typer(vowels, name="vowels", no_args_is_help=True)
