"""Whatever a source is asked for, only what is allowed reaches it."""

from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st
from pymeasure.adapters import Adapter

from instruments.current_sources import Keithley6221
from instruments.interfaces import SettingRefusedError, SourceSettings


class Recorder(Adapter):
    """A 6221 that remembers its level and every level it was told to take."""

    def __init__(self, found_a=0.0, on=False):
        super().__init__()
        self.level_a, self.on, self.levels_a = found_a, on, []

    def _write(self, command, **_):
        replies = []
        for part in command.split(";"):
            if part.startswith(":SOUR:CURR "):
                self.level_a = float(part.split()[1])
                self.levels_a.append(self.level_a)
            if part.endswith("?"):
                replies.append(self.answer(part))
        self.reply = ";".join(replies)

    def _read(self, **_):
        return self.reply

    def answer(self, query):
        settings = {
            "*OPC?": "1",
            ":SOUR:CURR:RANG?": "0.002",
            ":SOUR:CURR:COMP?": "2",
            ":SOUR:CURR?": repr(self.level_a),
        }
        return str(int(self.on)) if query == "OUTPut?" else settings.get(query, "0")


def same_way(level_a, found_a):
    return level_a == 0.0 or (level_a > 0.0) == (found_a > 0.0)


any_current = st.floats() | st.floats(-3e-3, 3e-3)


@given(found_a=st.floats(-3e-3, 3e-3), wanted_a=st.lists(any_current, max_size=8))
def test_whatever_is_asked_of_an_output_found_on_it_never_goes_up_or_changes_sign(found_a, wanted_a):
    recorder = Recorder(found_a, on=True)
    source = Keithley6221(recorder)
    for level_a in wanted_a:
        with suppress(SettingRefusedError):
            source.write_level(level_a)
    assert all(abs(level_a) <= abs(found_a) and same_way(level_a, found_a) for level_a in recorder.levels_a)
    allowed = [level_a for level_a in wanted_a if abs(level_a) <= abs(found_a) and same_way(level_a, found_a)]
    assert [level_a for level_a in recorder.levels_a if level_a] == [level_a for level_a in allowed if level_a]


@given(wanted_a=st.lists(any_current, max_size=8))
def test_whatever_is_asked_of_a_prepared_source_it_takes_exactly_what_is_in_its_range(wanted_a):
    recorder = Recorder()
    source = Keithley6221(recorder)
    source.prepare_source(SourceSettings(range_a=2e-3, compliance_v=2.0))
    for level_a in wanted_a:
        with suppress(SettingRefusedError):
            source.write_level(level_a)
    assert recorder.levels_a == [0.0, *(level_a for level_a in wanted_a if abs(level_a) <= 2e-3)]
