"""Probes and looks for the reset as data sets: what each shows, and every sample that was read for it."""

from collections.abc import Sequence

import numpy as np
import xarray as xr

from mtjlab.datasets.variables import MISSING, codes, count, junctions, numbers, real
from mtjlab.detection.detector import VERDICTS
from mtjlab.export.looks import KINDS, Looked, by_hand, probes, resets
from mtjlab.export.record import Record


def probes_of(record: Record) -> xr.Dataset | None:
    """Probes of an adaptive map; None if there are none."""
    return _looks(list(probes(record)), record.started.bench.junctions)


def resets_of(record: Record) -> xr.Dataset | None:
    """Looks whether the junctions are reset; None if there are none."""
    return _looks(list(resets(record)), record.started.bench.junctions)


def by_hand_of(record: Record) -> xr.Dataset | None:
    """Looks while somebody turned the currents; None if there are none."""
    return _looks(list(by_hand(record)), record.started.bench.junctions)


def _looks(looks: Sequence[Looked], junctions_: int) -> xr.Dataset | None:
    if not looks:
        return None
    dim = ("look",)
    states = [[VERDICTS.index(verdict) for verdict in one.verdicts] or [MISSING] * junctions_ for one in looks]
    stood = [(one.applied_s, one.until_s) for one in looks]
    series = [MISSING if one.series is None else one.series for one in looks]
    applied_s, until_s = ([np.nan if s is None else s for s in times] for times in zip(*stood, strict=True))
    kinds = [KINDS.index(one.kind) for one in looks]
    return xr.Dataset(
        {
            "kind": codes(dim, kinds, KINDS, "why it was looked", complete=True),
            "number": count(dim, [one.number for one in looks], "number of the probe, attempt or look", complete=True),
            "series": count(dim, series, "input of the map that was probed: 0 is A"),
            "input_current": real(dim, [one.input_ua for one in looks], "uA", "input current"),
            "applied": real(dim, applied_s, "s", "bench time at which the input was applied, in a probe"),
            "held_until": real(dim, until_s, "s", "bench time until which the input stood, in a probe"),
            "state": codes(("look", "junction"), states, VERDICTS, "state of the junction"),
            **_observed(looks, junctions_),
        },
        {
            "look": numbers("look", np.arange(len(looks)), "1", "look, in the order of the run"),
            "junction": junctions(junctions_),
        },
    )


def _observed(looks: Sequence[Looked], junctions_: int) -> dict[str, xr.Variable]:
    """Every sample, with the number of its look: the indexed ragged array of the CF conventions."""
    taken = [(k, r, v) for k, one in enumerate(looks) for r in one.readings for v in r.samples_mv]
    dim, by_junction, shape = ("observation",), ("observation", "junction"), (len(taken), junctions_)
    index = count(dim, [k for k, _, _ in taken], "look that it was read for", complete=True)
    index.attrs["instance_dimension"] = "look"
    currents_ua = np.reshape([reading.currents_ua for _, reading, _ in taken], shape)
    voltages_mv = np.reshape([voltages for _, _, voltages in taken], shape)
    return {
        "observed_look": index,
        "observed_input_current": real(dim, [r.input_ua for _, r, _ in taken], "uA", "input current while it was read"),
        "observed_time": real(dim, [r.t_s for _, r, _ in taken], "s", "bench time at the end of the reading"),
        "observed_current": real(by_junction, currents_ua, "uA", "current through the junction"),
        "observed_voltage": real(by_junction, voltages_mv, "mV", "voltage of the junction"),
    }
