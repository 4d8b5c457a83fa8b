"""All commands but the window: importing them imports everything, instruments included."""

import typer

from mtjlab.cli.again import recover, rerun, resume
from mtjlab.cli.check import check
from mtjlab.cli.doctor import doctor
from mtjlab.cli.gui import gui
from mtjlab.cli.runs import follow, runs, show, stop
from mtjlab.cli.simulate import simulate
from mtjlab.cli.train import figures, train
from mtjlab.cli.vowels import vowels

app = typer.Typer(
    help="Live training of a classifier made of magnetic tunnel junctions.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
for command in (train, check, runs, show, follow, stop, resume, rerun, recover, figures, doctor, simulate, gui):
    app.command()(command)
app.add_typer(vowels, name="vowels", no_args_is_help=True)
