"""Dimensions that tables share, and what is read of each junction."""

from operator import attrgetter

from mtjlab.detection.detector import VERDICTS
from mtjlab.domain import input_label, junction_label
from mtjlab.schema import Axis, Codes, Column, Columns, Each

JUNCTION = Axis("junction", "junction, from source 1 to ground", junction_label)
INPUT = Axis("input", "input, in the order they are applied", input_label)
DIRECTION = Axis("direction", "direction of the input", ("rising", "falling").__getitem__, size=2)
STATES = Codes(VERDICTS)


def along(axis: Axis, value: str) -> Column:
    """The column that says where along ``axis`` a row belongs; ``value`` is the attribute of the row."""
    return Column(axis.name.capitalize(), axis.long_name, attrgetter(value), holds=axis)


def electrical(current: str, voltage: str, without: tuple[str, ...] = ()) -> Columns:
    """Current and voltage of each junction in a row with a ``reading`` and one set of samples, ``voltages_mv``.

    ``current`` and ``voltage`` are what data sets call them; the current is without the dimensions ``without``.
    """
    return (
        Each(
            JUNCTION,
            (
                Column(
                    "{junction} current",
                    "current through the junction",
                    attrgetter("reading.currents_ua"),
                    "uA",
                    variable=current,
                    by=(JUNCTION,),
                    without=without,
                ),
                Column(
                    "{junction} voltage",
                    "voltage of the junction",
                    attrgetter("voltages_mv"),
                    "mV",
                    variable=voltage,
                    by=(JUNCTION,),
                ),
            ),
        ),
    )
