"""Inference: a network and tokens -> bench, plan and procedure."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mtjlab.config import NETWORK, BenchConfig, Network, PlanConfig, read_plan
from mtjlab.counted import counted
from mtjlab.errors import RefusedError
from mtjlab.events import EncodedToken, Progress, TokenClassified
from mtjlab.experiment.bench_file import read_asked_bench
from mtjlab.experiment.calibration import Calibration, read_calibration
from mtjlab.experiment.engine import Order, RunResult, execute
from mtjlab.experiment.limits import demand_possible
from mtjlab.experiment.measuring import MeasuringRequest
from mtjlab.experiment.networks import network_of
from mtjlab.experiment.results import of_any_run
from mtjlab.procedures.classify import ClassifyPlan, classify
from mtjlab.procedures.types import Procedure
from mtjlab.reading import read_events
from mtjlab.run_state import HandedOver, fold
from mtjlab.runner import Viewer
from mtjlab.vowels.tables import read_tokens


@dataclass(frozen=True, slots=True)
class TokensAsked:
    """Which tokens: those of a table, typed features, or without either the test subset of the run."""

    table: Path | None = None
    features: tuple[tuple[float, ...], ...] = ()
    times: int = 1


@dataclass(frozen=True, slots=True)
class PreparedClassify:
    """A classification that could start. ``parent`` is the run that it resumes, ``rerun_of`` what it repeats."""

    request: MeasuringRequest
    bench: BenchConfig
    config: PlanConfig
    network: Network
    tokens: tuple[EncodedToken, ...]
    times: int
    calibration: Calibration | None
    noise_seed: int
    parent: HandedOver | None = None
    rerun_of: str | None = None


def prepare_classify(source: Path, request: MeasuringRequest, asked: TokensAsked) -> PreparedClassify:
    """Read and check all; ``source`` is the folder of a training, or a network file.

    Raises:
        RefusedError: something in it cannot be done; the message names file, key and remedy.
    """
    network = network_of(source)
    tokens = tokens_of(source, network, asked)
    bench = read_asked_bench(request.bench, request.simulate, request.faults, request.speed)
    return prepared_classify(request, bench, read_plan(request.plan), network, tokens, asked.times)


def prepared_classify(
    request: MeasuringRequest,
    bench: BenchConfig,
    config: PlanConfig,
    network: Network,
    tokens: tuple[EncodedToken, ...],
    times: int,
) -> PreparedClassify:
    """A classification of ``tokens``, checked.

    Raises:
        RefusedError: the network is none for this bench, or its control currents leave the limits.
    """
    junctions = len(network.control_currents_ua[0])
    if junctions != bench.junctions:
        raise RefusedError(
            f"The network is one of {counted(junctions, 'junction')}, the bench {bench.name!r} has "
            f"{bench.junctions}. Give the bench that it was trained on."
        )
    calibration = read_calibration(request.calibration, bench, request.simulate) if request.calibration else None
    demand_possible(bench, config, calibration, network.control_currents_ua, (0.0,))
    return PreparedClassify(request, bench, config, network, tokens, times, calibration, noise_seed=request.seed)


def run_classify(prepared: PreparedClassify, runs: Path, viewers: Sequence[Viewer] = ()) -> RunResult:
    """Classify into a new run folder under ``runs``.

    Raises:
        RefusedError: the run folder cannot be made; nothing was started.
    """
    request = prepared.request
    order = Order(
        procedure="classify",
        bench=prepared.bench,
        seed=request.seed,
        plan=prepared.config.name,
        data="",
        begin=lambda bench, _field, _folder: _classify(bench, prepared),
        files={
            "bench_file": str(request.bench.resolve()),
            "plan_file": str(request.plan.resolve()),
            "calibration": str(request.calibration.resolve()) if request.calibration else None,
        },
        asked={
            "network": prepared.network.model_dump(mode="json"),
            "classify": {"times": prepared.times, "tokens": [_asked(token) for token in prepared.tokens]},
            "plan": prepared.config.model_dump(mode="json"),
        },
        simulate=request.simulate,
        noise_seed=prepared.noise_seed,
        parent=prepared.parent,
        rerun_of=prepared.rerun_of,
    )
    return execute(order, runs, viewers)


def classify_result(folder: Path) -> dict[str, Any]:
    """What was recognised, as ``--json`` prints it.

    Raises:
        RefusedError: ``folder`` is no run folder, or its journal is damaged.
    """
    state = fold(read_events(folder))
    tokens = state.classified.tokens if state.classified else ()
    known = [token for token in tokens if token.label]
    right = sum(token.recognised_as == token.label for token in known)
    return {
        **of_any_run(folder, state),
        "presentations": state.presentations,
        "tokens": [_token_told(token) for token in tokens],
        "recognition": right / len(known) if known else None,
    }


def tokens_of(source: Path, network: Network, asked: TokensAsked) -> tuple[EncodedToken, ...]:
    """The tokens asked for, with their input currents.

    Raises:
        RefusedError: there are none, or they do not fit the network.
    """
    if asked.table is not None:
        read = read_tokens(asked.table, network.features)
        return tuple(EncodedToken(t.name, t.label, "test", network.inputs_ua(t.features)) for t in read)
    for typed in asked.features:
        if len(typed) != len(network.features):
            raise RefusedError(
                f"--features: {counted(len(typed), 'number')} for {counted(len(network.features), 'feature')}: "
                f"{', '.join(network.features)}."
            )
    if asked.features:
        return tuple(
            EncodedToken(f"typed {k}", "", "test", network.inputs_ua(typed))
            for k, typed in enumerate(asked.features, start=1)
        )
    encoded = None if source.is_file() else fold(read_events(source)).encoded
    if encoded is None:
        raise RefusedError(f"{source}: holds no tokens. Give --tokens TABLE or --features.")
    if encoded.encoding.coefficients_ua != network.coefficients_ua:
        raise RefusedError(
            f"{source / NETWORK}: coefficients_ua are not those that the run made its inputs with, and it holds no "
            "features. Give the tokens with --tokens TABLE, or --features."
        )
    return tuple(token for token in encoded.tokens if token.subset == "test")


def _classify(bench: Any, prepared: PreparedClassify) -> Procedure[Any]:
    calibration = prepared.calibration
    if calibration is not None:
        yield calibration.taken(bench.time_s)
    plan = ClassifyPlan(
        prepared.config,
        prepared.network.controls,
        prepared.tokens,
        prepared.times,
        prepared.network.class_of,
        calibration.measured if calibration else None,
    )
    return (yield from classify(bench, plan, prepared.parent.progress if prepared.parent else Progress()))


def _asked(token: EncodedToken) -> dict[str, Any]:
    return {"name": token.name, "label": token.label, "inputs_ua": list(token.inputs_ua)}


def _token_told(token: TokenClassified) -> dict[str, Any]:
    return {
        "name": token.name,
        "label": token.label or None,
        "class": token.recognised_as,
        "confidence": token.confidence,
        "configurations": [[str(came) if came else None, count] for came, count in token.configurations],
    }
