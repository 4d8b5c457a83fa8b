"""Whether Qt can open a window here: it aborts the process if not, with a message that names no package."""

import ctypes
import os
import shutil
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from mtjlab.errors import RefusedError

NEEDED = (
    "libGL.so.1",
    "libgthread-2.0.so.0",
    "libfontconfig.so.1",
    "libdbus-1.so.3",
    "libX11-xcb.so.1",
    "libxcb-icccm.so.4",
    "libxcb-image.so.0",
    "libxcb-keysyms.so.1",
    "libxcb-randr.so.0",
    "libxcb-render-util.so.0",
    "libxcb-render.so.0",
    "libxcb-shape.so.0",
    "libxcb-shm.so.0",
    "libxcb-sync.so.1",
    "libxcb-xfixes.so.0",
    "libxcb-xinerama.so.0",
    "libxcb-xkb.so.1",
    "libxkbcommon-x11.so.0",
)
"""Libraries of the system that Qt and its plugin for X11 are linked with."""
INSTALL_COMMANDS = {
    "apt-get": "apt-get install libgl1 libglib2.0-0 libfontconfig1 libdbus-1-3 libx11-xcb1 libxcb-icccm4 libxcb-image0 "
    "libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-shape0 libxcb-sync1 libxcb-xfixes0 libxcb-xinerama0 "
    "libxcb-xkb1 libxkbcommon-x11-0",
    "dnf": "dnf install libglvnd-glx glib2 fontconfig dbus-libs libX11-xcb libxcb xcb-util-wm xcb-util-image "
    "xcb-util-keysyms xcb-util-renderutil libxkbcommon-x11",
    "pacman": "pacman -S --needed libglvnd glib2 fontconfig dbus libx11 libxcb xcb-util-wm xcb-util-image "
    "xcb-util-keysyms xcb-util-renderutil libxkbcommon-x11",
    "zypper": "zypper install Mesa-libGL1 libgthread-2_0-0 fontconfig libdbus-1-3 libX11-xcb1 libxcb-icccm4 "
    "libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-shape0 libxcb-sync1 libxcb-xfixes0 "
    "libxcb-xinerama0 libxcb-xkb1 libxkbcommon-x11-0",
}
"""By package manager."""
REMOTE = "Start it in a graphical session, or over `ssh -X`; runs need no window: see `mtjlab --help`."


def demand_window() -> None:
    """Make sure that Qt can open a window on this screen. Checked on Linux only: elsewhere PyQt5 has all it needs.

    Raises:
        RefusedError: a library or the screen is missing; the message names what to install or to do.
    """
    if sys.platform != "linux" or os.environ.get("QT_QPA_PLATFORM", "xcb").partition(":")[0] != "xcb":
        return
    if (trouble := _broken_qt()) is not None:
        raise RefusedError(f"Qt cannot start: {_missing_text(trouble)}")
    if not os.environ.get("DISPLAY"):
        if not os.environ.get("WAYLAND_DISPLAY"):
            raise RefusedError(f"There is no screen for the window: DISPLAY is not set. {REMOTE}")
    elif not _connects():
        raise RefusedError(f"The screen {os.environ['DISPLAY']!r} (DISPLAY) cannot be opened. {REMOTE}")


def _broken_qt() -> str | None:
    """Why Qt or its plugin for X11 cannot be loaded, in the words of the loader; None if they can be."""
    try:
        import_module("PyQt5.QtWidgets")
        plugin = _plugin()
        if os.path.exists(plugin):
            ctypes.CDLL(str(plugin))
    except (ImportError, OSError) as error:
        return str(error)
    return None


def _plugin() -> Path:
    """The plugin of PyQt5 for X11. That of a PyQt5 of the system is elsewhere, and its packages need the libraries."""
    spec = find_spec("PyQt5")
    folder = Path(spec.origin).parent if spec and spec.origin else Path()
    return folder / "Qt5" / "plugins" / "platforms" / "libqxcb.so"


def _missing_text(trouble: str) -> str:
    """All libraries that are missing, with the command that installs them; else the words of the loader."""
    missing = [name for name in NEEDED if not _loads(name)]
    if not missing:
        return trouble
    return f"{', '.join(missing)} missing. {_remedy()}"


def _remedy() -> str:
    manager = next(filter(shutil.which, INSTALL_COMMANDS), None)
    if manager is None:
        return "Install them with the package manager of this system, then start again."
    sudo = "" if os.geteuid() == 0 else "sudo "
    return f"Install them, then start again:\n  {sudo}{INSTALL_COMMANDS[manager]}"


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _connects() -> bool:
    """Whether the X server that DISPLAY names lets this user in."""
    xcb = ctypes.CDLL("libxcb.so.1")
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = (ctypes.c_char_p, ctypes.c_void_p)
    xcb.xcb_connection_has_error.argtypes = xcb.xcb_disconnect.argtypes = (ctypes.c_void_p,)
    connection = xcb.xcb_connect(None, None)
    try:
        return not xcb.xcb_connection_has_error(connection)
    finally:
        xcb.xcb_disconnect(connection)
