"""Mistakes of wiring in words: what is dead, open, short, swapped, reversed or elsewhere."""

from collections.abc import Iterator, Sequence

import numpy as np

from mtjlab.diagnosis.arrangement import misplaced
from mtjlab.diagnosis.connections import Connections
from mtjlab.diagnosis.expected import Expected
from mtjlab.diagnosis.finding import Finding, Part, listed, mistake
from mtjlab.diagnosis.measured import Measured
from mtjlab.diagnosis.opens import Opens
from mtjlab.diagnosis.signs import Reversal
from mtjlab.domain import junction_label

CORRECT = "or correct the addresses in the bench file."


def wiring_mistakes(expected: Expected, measured: Measured, connections: Connections) -> Iterator[Finding]:
    """A finding for each mistake of wiring."""
    if connections.nothing_answers:
        yield mistake(
            "chain",
            (),
            "chain-silent",
            f"no voltmeter answers any source by more than {max(measured.zero_ohm):.3g} ohm, no source is limited",
            "Take the short off the chain if it is still in; then check that sources and voltmeters are connected.",
        )
    else:
        yield from _dead(expected, measured, connections)
        yield from _short_across(expected, connections)
        yield from _short_to_ground(expected, measured, connections)
    yield from _open(connections.opens, sorted(measured.limited))
    yield from _off_or_stuck(measured)
    yield from _mixed_up(expected, connections)
    yield from _reversed(connections.reversals)
    yield from _puzzling(connections)


def _dead(expected: Expected, measured: Measured, connections: Connections) -> Iterator[Finding]:
    for k in sorted(connections.dead - measured.off):
        yield mistake(
            "source",
            k,
            "dead",
            f"takes {expected.probe_ua:.6g} uA without a complaint, but no voltmeter answers",
            "Check its output cable, and the fuse or relay of its output.",
        )


def _short_across(expected: Expected, connections: Connections) -> Iterator[Finding]:
    for m in sorted(connections.silent):
        if connections.arrangement.shorts.issuperset(expected.below(m)):
            continue
        label, largest_ohm = junction_label(m), float(np.nanmax(np.abs(connections.known_ohm[m])))
        yield _short(m, f"{largest_ohm:.2g} ohm; or voltmeter {label} is not connected to it")


def _short_to_ground(expected: Expected, measured: Measured, connections: Connections) -> Iterator[Finding]:
    arrangement = connections.arrangement
    for j in sorted(arrangement.shorts):
        seen_by = [meter for meter, tap in arrangement.taps.items() if tap <= j]
        otherwise = ""
        if seen_by == [j] and j + 1 < expected.junctions:
            otherwise = f"; or source or voltmeter {junction_label(j)} is at the node of {junction_label(j + 1)}"
        yield _short(j, f"less than {measured.zero_ohm[j]:.3g} ohm{otherwise}")


def _short(junction: int, ohm: str) -> Finding:
    remedy = f"Look for a bridge between the pads of {junction_label(junction)}, then at the leads of its voltmeter."
    return mistake("junction", junction, "short", f"short: {ohm}", remedy)


def _open(opens: Opens, limited: Sequence[int]) -> Iterator[Finding]:
    if opens.junction is not None:
        j = opens.junction
        lead = f"; or the lead of source {junction_label(j)} is" if opens.either else ""
        yield mistake(
            "junction",
            j,
            "open",
            f"open: the current of source{'s' if j else ''} {listed(limited)} finds no way to ground{lead}",
            f"Check both contacts of {junction_label(j)} and the way from there to ground.",
        )
    for k in sorted(opens.leads):
        yield mistake(
            "source",
            k,
            "open-lead",
            "drives into nothing, though the chain carries the other sources",
            "Check its cable and its contact to the chain.",
        )


def _off_or_stuck(measured: Measured) -> Iterator[Finding]:
    for k in sorted(measured.off):
        remedy = "Look at its front panel for an interlock or a protection that tripped."
        yield mistake("source", k, "output-off", "its output is off, though it was switched on", remedy)
    for m in sorted(measured.stuck):
        yield mistake(
            "voltmeter",
            m,
            "stuck",
            f"reads {measured.offset_mv[m]:.6g} mV to the last digit, whatever flows",
            "Check that its input is connected and that no hold or filter is on; then switch it off and on.",
        )


def _mixed_up(expected: Expected, connections: Connections) -> Iterator[Finding]:
    feeds, taps = connections.arrangement.feeds, connections.arrangement.taps
    sources, meters = misplaced(feeds), misplaced(taps)
    measures = "measures from the top of" if expected.to_ground else "measures"
    for places in sources:
        both = len(places) == 2 and places in meters
        if both:
            told = "swapped, with their voltmeters: each feeds and measures at the other's node"
            yield mistake("source", places, "swapped", told, f"Swap their cables, {CORRECT}")
        else:
            yield _elsewhere("source", places, feeds, "feeds the top of")
    for places in meters:
        if len(places) == 1 or places not in sources:
            yield _elsewhere("voltmeter", places, taps, measures)


def _elsewhere(part: Part, places: tuple[int, ...], at: dict[int, int], does: str) -> Finding:
    if len(places) == 2:
        told = f"swapped: each {does} the other's junction"
        return mistake(part, places, "swapped", told, f"Swap their leads, {CORRECT}")
    here, there = junction_label(places[0]), junction_label(at[places[0]])
    remedy = f"Move its lead from {there} to {here}, {CORRECT}"
    return mistake(part, places, "misplaced", f"{does} {there} instead of {here}", remedy)


def _reversed(reversals: tuple[Reversal, ...]) -> Iterator[Finding]:
    first, *others = reversals
    also = f"; or {' or '.join(map(_named, others))} instead" if others else ""
    for k in sorted(first.sources):
        yield _flipped("source", k, f"reversed: it pulls where it should push{also}")
    for m in sorted(first.meters):
        yield _flipped("voltmeter", m, f"reversed: it answers with the wrong sign{also}")


def _flipped(part: Part, one: int, measured: str) -> Finding:
    return mistake(part, one, "reversed", measured, "Swap its two leads.")


def _named(reversal: Reversal) -> str:
    groups = (("source", reversal.sources), ("voltmeter", reversal.meters))
    return " with ".join(f"{part} {listed(sorted(whole))}" for part, whole in groups if whole)


def _puzzling(connections: Connections) -> Iterator[Finding]:
    for m in sorted(connections.arrangement.puzzling):
        row = ", ".join(f"{ohm:.0f}" if np.isfinite(ohm) else "?" for ohm in connections.known_ohm[m].tolist())
        yield mistake(
            "voltmeter",
            m,
            "puzzling",
            f"answers the sources by {row} ohm, which no place in the chain explains",
            "Check both its leads. If junctions may have switched meanwhile, run the check again.",
        )
