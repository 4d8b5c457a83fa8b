"""``mtjlab simulate``: start simulated instruments for other programs."""

import time
from contextlib import suppress
from pathlib import Path

import click

from mtjlab.benches import simulators
from mtjlab.cli.common import print_json, results
from mtjlab.cli.options import AS_JSON, FAULT_HELP, PATH, QUIET, BenchCommand, bench_option, number_option
from mtjlab.config import InstrumentBenchConfig, read_bench
from mtjlab.domain import junction_label
from mtjlab.errors import RefusedError
from mtjlab.experiment import read_requested_bench
from mtjlab.terminal import Listing

LOOK_S = 0.2


@click.command(cls=BenchCommand)
@bench_option("Bench file whose instruments are simulated", required=True)
@number_option(
    "--seed", low=0, is_whole=True, default=0, help_text="Seed of the junctions and of the noise of the meters."
)
@number_option(
    "--speed", low=1e-3, default=1.0, help_text="Bench seconds per second of real time; other programs expect 1."
)
@click.option("--fault", "faults", multiple=True, help=f"{FAULT_HELP[0].upper()}{FAULT_HELP[1:]}")
@click.option(
    "--log",
    type=PATH,
    help=f"New file for all messages, outputs and true currents. Default: {simulators.LOG}, or a numbered "
    "name if that exists.",
)
@click.option(
    "--traffic",
    type=PATH,
    help="Answer from this file of recorded traffic (traffic.jsonl of a commissioning) instead of from a model.",
)
@AS_JSON
@QUIET
def simulate(
    bench: Path,
    seed: int,
    speed: float,
    faults: tuple[str, ...],
    log: Path | None,
    traffic: Path | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Start simulated instruments with the models, roles and wiring of a bench file; they run until Ctrl-C."""
    config = read_bench(bench)
    if not isinstance(config, InstrumentBenchConfig):
        raise RefusedError(
            f"{bench}: has no instruments: the junctions are simulated in process. Give a file of kind 'instruments'."
        )
    config = read_requested_bench(bench, True, faults, speed)
    assert isinstance(config, InstrumentBenchConfig)
    if traffic is not None:
        played = config.simulation.model_copy(update={"traffic": str(traffic)})
        config = config.model_copy(update={"simulation": played})
    log = log or simulators.free_log()
    with suppress(KeyboardInterrupt), simulators.simulated(config, log, seed, linger_s=None) as running:
        if as_json:
            print_json({"addresses": running.addresses, "control_port": running.control_port, "log": str(log)})
        elif not quiet:
            results.print(instruments_table(config, running.addresses))
            results.print(f"control port {running.control_port}, log {log}. Ctrl-C stops them.")
        while running.process.poll() is None:
            time.sleep(LOOK_S)


def instruments_table(config: InstrumentBenchConfig, addresses: dict[str, str]) -> Listing:
    """Table of role, model and address of each simulated instrument."""
    table = Listing("role", "model", "address", title=f"SIMULATED instruments of {config.name!r}")
    for k, label in enumerate(config.labels):
        table.add_row(f"source {label}", config.sources[label].model, addresses[f"source {junction_label(k)}"])
    for k, label in enumerate(config.labels):
        table.add_row(f"voltmeter {label}", config.voltmeters[label].model, addresses[f"voltmeter {junction_label(k)}"])
    for role, model, _ in config.field.parts:
        table.add_row(role, model, addresses[role])
    return table
