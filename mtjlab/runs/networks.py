"""The network of a run, or in a file of its own."""

import os
from pathlib import Path

from mtjlab.config import NETWORK, Network, section_of
from mtjlab.errors import RefusedError
from mtjlab.runs.opened import run_of
from mtjlab.store import is_there, text_of_run
from mtjlab.text import toml_of


def network_of(source: Path) -> Network:
    """The network in a file, or that of a run: its ``network.toml``, edited or not, or what its journal holds.

    Raises:
        RefusedError: there is none, or it is damaged.
    """
    path = source / NETWORK if os.path.isdir(source) else source
    if is_there(path):
        return section_of(path, toml_of(text_of_run(path), path), Network)
    run = run_of(source)
    network = run.kind.network(run)
    if network is None:
        raise RefusedError(f"{source}: the run has not learnt anything. Give a training, or a {NETWORK}.")
    return network
