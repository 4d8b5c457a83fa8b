"""Level and output of the sources of a bench, read back; nothing is set."""

from contextlib import closing
from dataclasses import dataclass

from instruments.interfaces import CurrentSource, InstrumentError
from mtjlab.bench import UA_DECIMALS, UA_PER_A
from mtjlab.benches.factory import instrument_parts
from mtjlab.benches.parts import Part
from mtjlab.benches.sessions import Claims, Opener
from mtjlab.config import InstrumentBenchConfig


@dataclass(frozen=True, slots=True)
class SourceState:
    """Level that is set (uA) and output of a source, as read back; None and ``problem`` if that failed."""

    role: str
    level_ua: float | None
    output_on: bool | None
    problem: str | None = None

    @property
    def delivers_ua(self) -> float | None:
        """What it delivers; None where that is not known."""
        return 0.0 if self.output_on is False else self.level_ua


def source_states(config: InstrumentBenchConfig, claims: Claims | None = None) -> tuple[SourceState, ...]:
    """Every source of ``config``, from the top of the chain. ``claims`` holds them already against other programs."""
    with closing(Opener(config.link, claims, rescues=True)) as opener:
        return tuple(_state_of(part, opener) for part in instrument_parts(config).sources)


def _state_of(part: Part, opener: Opener) -> SourceState:
    try:
        source: CurrentSource = opener.open(part)  # type: ignore[assignment]  # its model plays this part
        with closing(source):
            return SourceState(part.role, round(source.level_a() * UA_PER_A, UA_DECIMALS), source.output_is_on())
    except (InstrumentError, OSError) as error:
        return SourceState(part.role, None, None, str(error))
