"""The network that a training leaves behind: written beside its journal, read again for inference."""

from collections.abc import Sequence
from pathlib import Path

from mtjlab.config import NETWORK, Network, network_text, section_of
from mtjlab.errors import RefusedError
from mtjlab.reading import read_events
from mtjlab.run_state import RunState, fold
from mtjlab.store import is_there, put, read_request, text_of_run
from mtjlab.text import toml_of


def network_of(source: Path) -> Network:
    """The network in a file, or that of a run: its ``network.toml``, edited or not, or what its journal holds.

    Raises:
        RefusedError: there is none, or it is damaged.
    """
    path = source / NETWORK if source.is_dir() else source
    if is_there(path):
        return section_of(path, toml_of(text_of_run(path), path), Network)
    known = read_request(source).get("data", {}).get("features", ())
    network = network_from(fold(read_events(source)), features=known)
    if network is None:
        raise RefusedError(f"{source}: the run has not learnt anything. Give a training, or a {NETWORK}.")
    return network


def network_from(state: RunState, device: str = "", features: Sequence[object] = ()) -> Network | None:
    """The network that a training has learnt so far; features without names are called f1, f2, ..."""
    if state.encoded is None or state.controls is None or state.started is None:
        return None
    encoding = state.encoded.encoding
    return Network(
        device=device,
        run=state.started.run,
        features=encoding.feature_names(features),
        control_currents_ua=state.controls.by_input_ua,
        coefficients_ua=encoding.coefficients_ua,
        classes={str(configuration): label for label, configuration in encoding.configurations},
    )


def save_network(folder: Path, state: RunState, device: str, features: tuple[str, ...]) -> None:
    """Write ``network.toml`` into the folder of a training that has learnt something."""
    network = network_from(state, device, features)
    if network is not None:
        put(folder / NETWORK, network_text(network).encode())
