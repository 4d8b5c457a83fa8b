"""Options that several commands take, in groups: one parameter of a command stands for all options of its group."""

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass, is_dataclass
from pathlib import Path
from typing import Annotated, Any

from mtjlab.cli.common import AsJson, Calibration, ConfirmShorted, Faults, Quiet, Runs, Seed, Simulate, Speed
from mtjlab.cli.numbers import decimal_option, whole_option
from mtjlab.experiment import MeasuringRequest


@dataclass(frozen=True, slots=True)
class Staircase:
    """The inputs of a curve; None is left to the default of what is asked."""

    start: Annotated[float | None, decimal_option(low=0, told="First input of a rising leg, in uA.")] = None
    stop: Annotated[float | None, decimal_option(told="Last input of a rising leg, in uA.")] = None
    step: Annotated[float | None, decimal_option(told="Step of the input, in uA.")] = None
    dwell: Annotated[float | None, decimal_option(low=0, told="Seconds held before each reading.")] = None
    repetitions: Annotated[int | None, whole_option(low=1, told="Curves of each kind.")] = None

    @property
    def wishes(self) -> dict[str, float | None]:
        """By the names of the settings."""
        return {
            "input_start_ua": self.start,
            "input_stop_ua": self.stop,
            "input_step_ua": self.step,
            "dwell_s": self.dwell,
            "repetitions": self.repetitions,
        }


@dataclass(frozen=True, slots=True)
class OnBench:
    """On what, with what and into which folder a measurement is made."""

    calibration: Calibration = None
    seed: Seed = 0
    runs: Runs = Path("runs")
    simulate: Simulate = False
    speed: Speed = None
    fault: Faults = None

    def request(self, bench: Path, plan: Path) -> MeasuringRequest:
        """What is asked of the experiment."""
        faults = tuple(self.fault or ())
        return MeasuringRequest(bench, plan, self.calibration, self.seed, self.simulate, faults, self.speed)


@dataclass(frozen=True, slots=True)
class Dialogue:
    """How a command speaks with whoever started it."""

    confirm_shorted: ConfirmShorted = False
    as_json: AsJson = False
    quiet: Quiet = False


def grouped(command: Callable[..., None]) -> Callable[..., None]:
    """``command`` as typer takes it: a parameter whose type is a dataclass becomes an option for each of its fields."""
    parameters = inspect.signature(command).parameters
    groups: dict[str, Any] = {n: one.annotation for n, one in parameters.items() if is_dataclass(one.annotation)}
    fields = {name: inspect.signature(group).parameters for name, group in groups.items()}

    @functools.wraps(command)
    def with_single_options(**options: Any) -> None:
        whole = {name: groups[name](**{field: options.pop(field) for field in fields[name]}) for name in groups}
        command(**whole, **options)

    single = [
        option.replace(kind=inspect.Parameter.KEYWORD_ONLY)
        for name, one in parameters.items()
        for option in (fields[name].values() if name in groups else [one])
    ]
    with_single_options.__signature__ = inspect.Signature(single)  # type: ignore[attr-defined]
    with_single_options.__annotations__ = {option.name: option.annotation for option in single}
    return with_single_options
