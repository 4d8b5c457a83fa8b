"""Before Qt aborts: what is missing on this Linux is named with the packages that have it, and a missing screen too."""

import ctypes
import sys

import pytest

from mtjlab.errors import RefusedError
from mtjlab.gui import qt_check
from mtjlab.gui.qt_check import INSTALL_COMMANDS, NEEDED, demand_window

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there PyQt5 has all it needs")


@pytest.fixture(autouse=True)
def linux(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Linux with a screen, apt-get, and a user who is not root; Qt is to use X11."""
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}" if name == "apt-get" else None)
    monkeypatch.setattr(qt_check, "_broken_qt", lambda: None)
    monkeypatch.setattr(qt_check, "_connects", lambda: True)
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Some libraries cannot be loaded."""

    def load(name: str) -> None:
        if name in request.param:
            raise OSError(f"{name}: cannot open shared object file: No such file or directory")

    monkeypatch.setattr(ctypes, "CDLL", load)
    monkeypatch.setattr(qt_check, "_broken_qt", lambda: f"{request.param[0]}: cannot open shared object file")


def test_a_screen_and_all_libraries_are_enough() -> None:
    demand_window()


@pytest.mark.usefixtures("without")
@pytest.mark.parametrize("without", [("libxcb-icccm.so.4", "libxkbcommon-x11.so.0")], indirect=True)
def test_every_missing_library_is_named_with_one_command_that_installs_them() -> None:
    with pytest.raises(RefusedError) as caught:
        demand_window()
    text = str(caught.value)
    assert text.startswith("Qt cannot start: libxcb-icccm.so.4, libxkbcommon-x11.so.0 missing. Install them")
    assert text.endswith(f"\n  sudo {INSTALL_COMMANDS['apt-get']}")


@pytest.mark.usefixtures("without")
@pytest.mark.parametrize("without", [("libGL.so.1",)], indirect=True)
@pytest.mark.parametrize("manager", [*INSTALL_COMMANDS, None])
def test_the_command_is_that_of_the_system(manager: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}" if name == manager else None)
    with pytest.raises(RefusedError, match=r"libGL\.so\.1 missing") as caught:
        demand_window()
    assert (INSTALL_COMMANDS[manager] if manager else "package manager of this system") in str(caught.value)


def test_what_the_loader_says_is_said_where_no_library_of_the_list_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda name: None)
    monkeypatch.setattr(qt_check, "_broken_qt", lambda: "libz.so.1: wrong ELF class")
    with pytest.raises(RefusedError, match=r"Qt cannot start: libz\.so\.1: wrong ELF class"):
        demand_window()


def test_no_screen_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY")
    with pytest.raises(RefusedError, match=r"no screen for the window: DISPLAY is not set\. .*ssh -X"):
        demand_window()
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    demand_window()


def test_a_screen_that_lets_nobody_in_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(qt_check, "_connects", lambda: False)
    with pytest.raises(RefusedError, match=r"The screen ':0' \(DISPLAY\) cannot be opened"):
        demand_window()


def test_other_platforms_of_qt_need_no_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(qt_check, "_broken_qt", lambda: "broken")
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    demand_window()
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    monkeypatch.setattr(sys, "platform", "darwin")
    demand_window()


def test_every_package_manager_has_what_the_plugin_for_x11_is_linked_with() -> None:
    """A library whose package has another name everywhere is no excuse to leave it out of one list."""
    for command in INSTALL_COMMANDS.values():
        assert all(part in command for part in ("xkbcommon-x11", "fontconfig", "dbus", "xcb"))
    assert len(set(NEEDED)) == len(NEEDED)
