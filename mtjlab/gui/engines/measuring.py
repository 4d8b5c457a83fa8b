"""How a measurement that was entered in a form is asked of an engine."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from mtjlab.config import ClassifyAsked, MapAsked, ShiftAsked, SweepAsked, SweepSettings

Measurement = SweepAsked | ShiftAsked | MapAsked | ClassifyAsked


def options_of(asked: Measurement) -> list[str]:
    """The command and its options: everything is said, nothing left to defaults that may be others one day."""
    if isinstance(asked, ClassifyAsked):
        table = ["--tokens", str(Path(asked.tokens).resolve())] if asked.tokens else []
        return [asked.procedure, asked.network, "--times", str(asked.times), *table]
    options = [asked.procedure, *_staircase(asked.staircase)]
    match asked:
        case SweepAsked():
            return [*options, "--controls", _row(asked.controls_ua), "--legs", asked.legs]
        case ShiftAsked():
            return [*options, "--controls", _row(asked.controls_ua), "--by", _row(asked.by_ua)]
        case MapAsked():
            controls = ";".join(map(_row, asked.controls_ua))
            own = {"way": asked.way, "cell": asked.cell_ua, "times": asked.times}
            own |= {"width": asked.width_ua, "probes": asked.most_probes}
            return [*options, "--controls", controls, *(part for key in own for part in (f"--{key}", str(own[key])))]


def measurement_in(request: Mapping[str, Any]) -> dict[str, Any]:
    """What a run that is no training was asked, as its form holds it; of a classification what its command said."""
    procedure = request["run"]["procedure"]
    asked = dict(request.get(procedure, {}))
    if procedure != ClassifyAsked.model_fields["procedure"].default:
        return asked
    command = list(request["run"].get("command", ()))
    tokens = command[command.index("--tokens") + 1] if "--tokens" in command[:-1] else None
    return {"network": request.get("network", {}).get("run"), "times": asked.get("times"), "tokens": tokens}


def _staircase(staircase: SweepSettings) -> list[str]:
    told = {
        "start": staircase.input_start_ua,
        "stop": staircase.input_stop_ua,
        "step": staircase.input_step_ua,
        "dwell": staircase.dwell_s,
        "repetitions": staircase.repetitions,
    }
    return [part for key, value in told.items() for part in (f"--{key}", str(value))]


def _row(currents_ua: Iterable[float]) -> str:
    return ",".join(map(str, currents_ua))
