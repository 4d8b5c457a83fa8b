"""Check and install the system libraries and the font that Qt needs on Linux; elsewhere PyQt5 includes them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from environment import Environment, announce_wait, as_administrator, say, stop
from file_lock import exclusive

# QFontDatabase lists "Sans Serif" even without any font; the font that Qt then uses has no name.
PROBE = """
from PyQt5.QtGui import QFont, QFontInfo
from PyQt5.QtWidgets import QApplication
application = QApplication([])
raise SystemExit(0 if QFontInfo(QFont()).family() else "Qt finds no font: every text would be blank.")
"""

INSTALL_COMMANDS = {
    "apt-get": "apt-get install -y --no-install-recommends {glib} libgl1 libfontconfig1 fonts-dejavu-core",
    "dnf": "dnf install -y glib2 libglvnd-glx fontconfig dejavu-sans-fonts",
    "pacman": "pacman -S --needed glib2 libglvnd fontconfig ttf-dejavu",
    "zypper": "zypper install -y libglib-2_0-0 libgthread-2_0-0 Mesa-libGL1 fontconfig dejavu-fonts",
}


def ensure_qt_starts(home: Environment) -> None:
    """Return once Qt starts: install missing libraries if allowed, otherwise print how and exit with code 2."""
    mark = home.folder / "mtjlab-qt-starts"
    wanted = "\n".join(home.wanted_stamp())
    if sys.platform != "linux" or (mark.exists() and mark.read_text(encoding="utf-8") == wanted):
        return
    with exclusive(home.lock, on_wait=announce_wait):
        problem = qt_problem(home.program("python"))
        if problem and (privilege := administrator_prefix()) is not None and shutil.which("apt-get"):
            install_with_apt(privilege)
            problem = qt_problem(home.program("python"))
        if problem:
            stop(f"Qt does not start:\n{problem}\n{remedy()}")
        mark.write_text(wanted, encoding="utf-8")


def qt_problem(python: Path) -> str:
    """Error of Qt if it cannot start without a screen or finds no font; empty if it starts."""
    variables = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    probe = subprocess.run([python, "-c", PROBE], env=variables, capture_output=True, check=False)
    if probe.returncode == 0:
        return ""
    return probe.stderr.decode(errors="replace").strip() or f"It ended with code {probe.returncode}."


def administrator_prefix() -> list[str] | None:
    """Prefix of a command to run it as root; None if that needs a password."""
    if os.geteuid() == 0:
        return []
    sudo = ["sudo", "-n"]
    allowed = shutil.which("sudo") and subprocess.run([*sudo, "true"], capture_output=True, check=False).returncode == 0
    return sudo if allowed else None


def install_with_apt(privilege: list[str]) -> None:
    """Install with apt-get, with the present package lists if they cannot be updated."""
    say("installing the system libraries that Qt needs, with apt-get (about a minute) ...")
    run_apt(privilege, "apt-get update")
    run_apt(privilege, apt_install_command())


def run_apt(privilege: list[str], command: str) -> None:
    """Run ``command``, with output only if it fails."""
    full = [*privilege, "env", "DEBIAN_FRONTEND=noninteractive", *command.split()]
    done = subprocess.run(full, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if done.returncode != 0:
        say(f"{command} failed:\n{done.stdout.decode(errors='replace')}")


def apt_install_command() -> str:
    """The apt-get command; GLib has had another package name since Debian 13 and Ubuntu 24.04."""
    newer = "libglib2.0-0t64"
    known = subprocess.run(["apt-cache", "show", newer], capture_output=True, check=False).returncode == 0
    return INSTALL_COMMANDS["apt-get"].format(glib=newer if known else "libglib2.0-0")


def remedy() -> str:
    """Instructions for the user, for the package manager of the system."""
    for manager, command in INSTALL_COMMANDS.items():
        if shutil.which(manager):
            full = as_administrator(apt_install_command() if manager == "apt-get" else command)
            return f"Install the missing packages, then start again:\n  {full}"
    return "Install GLib, libGL, fontconfig and a font such as DejaVu with this system's package manager; start again."
