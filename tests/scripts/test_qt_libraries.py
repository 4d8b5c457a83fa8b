"""What Qt needs of the system: tried once, installed where allowed, otherwise named."""

import sys

import pytest
import qt_libraries
from environment import Environment

from tests.scripts.written_commands import Commands


@pytest.fixture
def linux(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Linux on which nobody is root, nothing is installed and no program runs."""
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr("os.geteuid", lambda: 1000, raising=False)
    monkeypatch.setattr("shutil.which", lambda name: None)


@pytest.mark.usefixtures("linux")
def test_qt_is_tried_once_for_each_state_of_the_environment(made: Environment, commands: Commands) -> None:
    qt_libraries.ensure_qt_starts(made)
    qt_libraries.ensure_qt_starts(made)
    assert commands.lines == [[str(made.program("python")), "-c", qt_libraries.PROBE]]
    made.pins.write_text("package==2\n")
    qt_libraries.ensure_qt_starts(made)
    assert len(commands.lines) == 2


def test_only_linux_needs_it(made: Environment, commands: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    qt_libraries.ensure_qt_starts(made)
    assert commands.lines == []


@pytest.mark.usefixtures("linux")
@pytest.mark.parametrize(("apt_cache_code", "glib"), [(0, "libglib2.0-0t64"), (100, "libglib2.0-0")])
def test_root_on_debian_has_the_libraries_installed(
    made: Environment, commands: Commands, monkeypatch: pytest.MonkeyPatch, apt_cache_code: int, glib: str
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0, raising=False)
    monkeypatch.setattr("shutil.which", lambda name: "/usr/bin/apt-get" if name == "apt-get" else None)
    commands.codes = [1, 0, apt_cache_code]
    qt_libraries.ensure_qt_starts(made)
    apt = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    packages = [glib, "libgl1", "libfontconfig1", "fonts-dejavu-core"]
    assert commands.lines[1] == [*apt, "update"]
    assert commands.lines[3] == [*apt, "install", "-y", "--no-install-recommends", *packages]
    assert commands.lines[4] == commands.lines[0]


@pytest.mark.usefixtures("linux")
def test_sudo_is_used_only_where_it_asks_for_no_password(commands: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    assert qt_libraries.administrator_prefix() is None
    monkeypatch.setattr("shutil.which", lambda name: "/usr/bin/sudo")
    commands.codes = [1]
    assert qt_libraries.administrator_prefix() is None
    assert qt_libraries.administrator_prefix() == ["sudo", "-n"]


@pytest.mark.usefixtures("linux")
@pytest.mark.parametrize("manager", ["apt-get", "dnf", "pacman", "zypper"])
def test_others_are_told_the_command_of_their_system(
    made: Environment,
    commands: Commands,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    manager: str,
) -> None:
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}" if name == manager else None)
    commands.codes = [1]
    with pytest.raises(SystemExit) as end:
        qt_libraries.ensure_qt_starts(made)
    assert end.value.code == 2
    said = capsys.readouterr().err
    assert "no library" in said
    assert f"\n  sudo {manager} " in said
    assert not any("install" in command for command in commands.lines)
    assert not (made.folder / "mtjlab-qt-starts").exists()
