"""Network learnt by a training."""

from collections.abc import Sequence

from mtjlab.config import Network
from mtjlab.procedures.training.state import TrainingState
from mtjlab.record import Record


def network_from(
    state: Record, learnt: TrainingState, device: str = "", features: Sequence[object] = ()
) -> Network | None:
    """Network that a training has learnt so far; features without names are called f1, f2, ..."""
    if learnt.encoded is None or learnt.controls is None or state.started is None:
        return None
    encoding = learnt.encoded.encoding
    return Network(
        device=device,
        run=state.started.run,
        data=state.started.data,
        pulse_width_s=learnt.pulse_width_s,
        chains=state.started.bench.chains or None,
        features=encoding.feature_names(features),
        control_currents_ua=learnt.controls.by_input_ua,
        coefficients_ua=encoding.coefficients_ua,
        classes={str(configuration): label for label, configuration in encoding.configurations},
    )
