"""Plan of a commissioning."""

from typing import Annotated

from pydantic import Field

from mtjlab.config import Shown
from mtjlab.config.section import Positive, Section

STEPS = (
    "Step 1 of 3. A few volts of static charge destroy a tunnel barrier. Are all sources at zero, their outputs off, "
    "and is the chain shorted?",
    "Step 2 of 3. Connect sources and voltmeters as the bench file says. Are all of them connected and warm, and does "
    "no other program use them?",
    "Step 3 of 3. Open the short. Is it open, and will nobody touch the wiring for the next minute? Outputs then go on "
    "at zero, and no junction carries more than 10 uA.",
)
"""What an operator does and confirms, in this order."""


class CommissionOptions(Section):
    """A new bench file, and the word of the operator."""

    out: Annotated[str, Shown("new bench file")] = "commissioned.toml"
    """New bench file with what was measured; it must not exist."""
    confirm_opened: Annotated[bool, Shown("shorted while connected, opened since")] = False
    """Confirm that the chain was shorted while it was connected, all sources at zero, and that the short is opened."""


class CommissionPlan(Section):
    """Files, and how instruments are tried: at zero current, then with one source at a time at ``probe_ua``."""

    out: str = ""
    bench_file: str = ""
    probe_ua: Positive = 10.0
    samples: Annotated[int, Field(ge=8)] = 60
    """Samples of each integration time at zero current."""
    nplcs: tuple[float, ...] = (0.1, 0.2, 0.35, 1.0)
    steps: Annotated[int, Field(ge=1)] = 8
    """Steps up of each source."""
    step_samples: Annotated[int, Field(ge=8)] = 40
    step_nplc: Positive = 0.1
    hold_s: Positive = 0.2
    """Time at zero before a step."""
