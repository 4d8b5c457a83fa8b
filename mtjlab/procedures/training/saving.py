"""The network, written beside the journal of its run."""

from pathlib import Path

from mtjlab.config import NETWORK, Network, network_text
from mtjlab.store import put


def save_network(folder: Path, network: Network | None) -> None:
    """Write ``network.toml``, if something was learnt."""
    if network is not None:
        put(folder / NETWORK, network_text(network).encode())
