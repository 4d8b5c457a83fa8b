"""Base class of simulated instruments: command lookup, execution in order, settings, and error queue."""

from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, ClassVar, TypeAlias, TypeVar

from instruments.simulated.terminals import Time
from instruments.simulated.vocabulary.kinds import Kind, Number, nr1
from instruments.simulated.vocabulary.scpi import (
    ScpiError,
    Unit,
    execution_error,
    parameter_not_allowed,
    parse,
    spellings,
    undefined_header,
)
from instruments.simulated.vocabulary.status import Status

Steps: TypeAlias = Generator[float, None, str | None]
"""Execution of a command that takes time: yields the bench times to wait for, returns the reply."""
Action: TypeAlias = Callable[["ScpiInstrument", tuple[str, ...]], "str | Steps | None"]
Method = TypeVar("Method", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Setting:
    """A value with its own command: ``PATTERN value`` sets it, ``PATTERN?`` reads it, ``*RST`` restores the default.

    The method ``changed`` of the instrument is called with ``name`` after a change.
    """

    pattern: str
    name: str
    kind: Kind
    default: Any


def writes(*patterns: str) -> Callable[[Method], Method]:
    """Mark a method that executes commands of these patterns; it gets the tuple of parameters."""
    return _marked("writes", patterns)


def asks(*patterns: str) -> Callable[[Method], Method]:
    """Mark a method that answers queries of these patterns (without question mark); it gets the parameters."""
    return _marked("asks", patterns)


def _marked(mark: str, patterns: tuple[str, ...]) -> Callable[[Method], Method]:
    def mark_method(method: Method) -> Method:
        setattr(method, mark, patterns)
        return method

    return mark_method


LATER = "99.9.9"
EVENT_MASK = Number(0, 65535, 0, nr1)


class ScpiInstrument:
    """An instrument that accepts only the commands of its model."""

    maker: ClassVar[str]
    model: ClassVar[str]
    firmware: ClassVar[str]
    settings: ClassVar[tuple[Setting, ...]] = ()
    level: ClassVar[str] = ""
    """Pattern of the command that sets the level of the output; empty if there is none."""
    _words: "ClassVar[dict[tuple[str, bool], Action]]"
    _level_headers: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, serial: str, time: Time) -> None:
        self.identity = (self.model, serial)
        self.time = time
        self.status = Status()
        self._refusals: dict[bool, float] = {}
        self.is_newer = False
        """It has a later firmware, with other words for an empty error queue."""
        self.armed = False
        """A sweep waits for its trigger: levels are refused until it is aborted."""
        self.values: dict[str, Any] = {}
        self._restore_defaults()

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls._words = _vocabulary(cls)
        cls._level_headers = frozenset(spellings(cls.level)) if cls.level else frozenset()

    def execute(self, message: str) -> Generator[float, None, str]:
        """Carry out one message: yields the bench times to wait for, returns the replies joined by ``;``."""
        replies = []
        for unit in parse(message):
            try:
                action = self._action(unit)
                self._check_not_refused(unit)
                result = action(self, unit.parameters)
                if result is not None and not isinstance(result, str):
                    result = yield from result
            except ScpiError as error:
                self.status.push(error)
                if error.ends_message:
                    break
            else:
                if result is not None:
                    replies.append(result)
        return ";".join(replies)

    def changed(self, name: str) -> None:
        """Act on a changed setting; overridden by models that have to."""

    def pretend(self, model: str, serial: str) -> None:
        """Identify as another instrument."""
        self.identity = (model, serial)

    def refuse(self, count: float, levels_only: bool) -> None:
        """Refuse the next ``count`` settings, or levels, with an error in the queue."""
        self._refusals[levels_only] = count

    def at_front_panel(self, message: str) -> None:
        """Execute ``message`` as if entered at the front panel: out-of-range values are ignored without an error."""
        for unit in parse(message):
            with suppress(ScpiError):
                self._action(unit)(self, unit.parameters)

    def reset(self) -> None:
        """Reset, as ``*RST`` does."""
        self._restore_defaults()

    def summary(self) -> int:
        """Model-specific bits of the status byte."""
        return 0

    def wait_until_done(self) -> Iterator[float]:
        """Bench times to wait for until no operation is pending."""
        yield from ()

    def _restore_defaults(self) -> None:
        for setting in self.settings:
            self.values[setting.name] = setting.default

    def _action(self, unit: Unit) -> Action:
        action = self._words.get((unit.header, unit.query))
        if action is None:
            raise undefined_header()
        return action

    def _check_not_refused(self, unit: Unit) -> None:
        """Raise ScpiError for a setting that is refused; queries and common commands never are."""
        if unit.query or unit.header.startswith("*"):
            return
        if self.armed and unit.header in self._level_headers:
            raise execution_error()
        for levels_only, left in self._refusals.items():
            if left > 0 and (unit.header in self._level_headers or not levels_only):
                self._refusals[levels_only] = left - 1
                raise execution_error()

    @asks("*IDN")
    def _identity(self, parameters: tuple[str, ...]) -> str:
        firmware = LATER if self.is_newer else self.firmware
        return f"{self.maker},{self.identity[0]},{self.identity[1]},{firmware}"

    @asks("*OPT")
    def _options(self, parameters: tuple[str, ...]) -> str:
        return "0"

    @asks("*TST")
    def _self_test(self, parameters: tuple[str, ...]) -> str:
        return "0"

    @writes("*RST")
    def _reset(self, parameters: tuple[str, ...]) -> None:
        if parameters:
            raise parameter_not_allowed()
        self.reset()

    @writes("*CLS")
    def _clear(self, parameters: tuple[str, ...]) -> None:
        self.status.clear()

    @writes("*TRG", "*WAI")
    def _wait(self, parameters: tuple[str, ...]) -> Steps:
        yield from self.wait_until_done()
        return None

    @writes("*OPC")
    def _set_when_done(self, parameters: tuple[str, ...]) -> Steps:
        yield from self.wait_until_done()
        self.status.operation_complete()
        return None

    @asks("*OPC")
    def _reply_when_done(self, parameters: tuple[str, ...]) -> Steps:
        yield from self.wait_until_done()
        return "1"

    @asks("*ESR")
    def _events(self, parameters: tuple[str, ...]) -> str:
        return str(self.status.take_events())

    @asks("*STB")
    def _status_byte(self, parameters: tuple[str, ...]) -> str:
        return str(self.status.byte(self.summary()))

    @writes("*ESE")
    def _enable_events(self, parameters: tuple[str, ...]) -> None:
        self.status.event_enable = int(EVENT_MASK.value(parameters))

    @asks("*ESE")
    def _enabled_events(self, parameters: tuple[str, ...]) -> str:
        return str(self.status.event_enable)

    @writes("*SRE")
    def _enable_service(self, parameters: tuple[str, ...]) -> None:
        self.status.service_enable = int(EVENT_MASK.value(parameters))

    @asks("*SRE")
    def _enabled_service(self, parameters: tuple[str, ...]) -> str:
        return str(self.status.service_enable)

    @asks(":SYSTem:ERRor[:NEXT]", ":STATus:QUEue[:NEXT]")
    def _next_error(self, parameters: tuple[str, ...]) -> str:
        error = self.status.pop()
        if error is None:
            return f"{'+' * self.is_newer}{self.error_text(0, 'No error')}"
        return self.error_text(error.code, error.text)

    @writes(":SYSTem:CLEar", ":STATus:QUEue:CLEar")
    def _clear_errors(self, parameters: tuple[str, ...]) -> None:
        self.status.clear_queue()

    @writes(":SYSTem:LOCal", ":SYSTem:REMote", ":SYSTem:RWLock")
    def _ignore(self, parameters: tuple[str, ...]) -> None:
        """Lock or unlock the front panel: no effect in the simulation."""

    def error_text(self, code: int, text: str) -> str:
        """An entry of the error queue as this model writes it."""
        return f'{code},"{text}"'


def _vocabulary(model: type[ScpiInstrument]) -> dict[tuple[str, bool], Action]:
    """(header, whether a query) -> action, in all spellings."""
    words: dict[tuple[str, bool], Action] = {}
    for kind in reversed(model.__mro__):
        for name, method in vars(kind).items():
            for mark, query in (("writes", False), ("asks", True)):
                for pattern in getattr(method, mark, ()):
                    _learn(words, pattern, query, getattr(model, name))
    for setting in model.settings:
        _learn(words, setting.pattern, False, _setter(setting))
        _learn(words, setting.pattern, True, _getter(setting))
    return words


def _learn(words: dict[tuple[str, bool], Action], pattern: str, query: bool, action: Action) -> None:
    for header in spellings(pattern):
        words[header, query] = action


def _setter(setting: Setting) -> Action:
    def set_value(instrument: ScpiInstrument, parameters: tuple[str, ...]) -> None:
        instrument.values[setting.name] = setting.kind.value(parameters)
        instrument.changed(setting.name)

    return set_value


def _getter(setting: Setting) -> Action:
    def get_value(instrument: ScpiInstrument, parameters: tuple[str, ...]) -> str:
        return setting.kind.reply(instrument.values[setting.name], parameters)

    return get_value
