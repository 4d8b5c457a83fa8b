"""Create the ``.venv`` of the project with the pinned packages, keep it current, and run a program in it.

Standard library only, since no package is installed yet. A stamp is written into ``.venv`` last: without it the
environment is incomplete and is created again, with an outdated one it is updated in place, with the right one a start
takes milliseconds.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036  an older Python cannot run what follows, and gets a message
    sys.stderr.write("mtjlab needs Python 3.11 or newer; this is Python {}.{}.\n".format(*sys.version_info[:2]))
    sys.exit(2)

import hashlib
import importlib.util
import os
import shutil
import subprocess
import venv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from file_lock import exclusive

PROJECT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Environment:
    """The virtual environment of the project folder ``project``, whether it exists or not."""

    project: Path
    windows: bool = sys.platform == "win32"

    @property
    def folder(self) -> Path:
        """Its folder."""
        return self.project / ".venv"

    @property
    def stamp(self) -> Path:
        """The stamp file: the environment is complete, and for which project state."""
        return self.folder / "mtjlab-stamp"

    @property
    def lock(self) -> Path:
        """The lock file, held while the environment is changed."""
        return self.folder / "mtjlab-lock"

    @property
    def pins(self) -> Path:
        """The pinned packages, with versions and hashes."""
        return self.project / "scripts" / "requirements.lock"

    def program(self, name: str) -> Path:
        """The program ``name`` installed in it."""
        return self.folder / "Scripts" / f"{name}.exe" if self.windows else self.folder / "bin" / name

    def command(self, name: str, arguments: Sequence[str]) -> list[str]:
        """The command that runs program ``name`` of this environment."""
        return [str(self.program(name)), *arguments]

    def is_current(self) -> bool:
        """Whether it is complete, from this Python, in this folder, with these pins and this project file."""
        return self._is_whole() and self._reads_stamp() == self.wanted_stamp()

    def can_be_updated(self) -> bool:
        """Whether it was completed in this folder with this Python, so that only packages may be outdated."""
        return self._is_whole() and self._reads_stamp()[:1] == self.wanted_stamp()[:1]

    def wanted_stamp(self) -> list[str]:
        """The two lines of the current stamp: Python version and folder, which programs contain; hash of the pins."""
        contents = hashlib.sha256(self.pins.read_bytes() + (self.project / "pyproject.toml").read_bytes())
        return [f"{sys.implementation.cache_tag} {self.folder}", contents.hexdigest()]

    def _is_whole(self) -> bool:
        return all(self.program(name).exists() for name in ("python", "mtjlab", "pytest"))

    def _reads_stamp(self) -> list[str]:
        try:
            return self.stamp.read_text(encoding="utf-8").splitlines()
        except OSError:
            return []


def say(message: str) -> None:
    """Print a message to standard error: standard output belongs to the program."""
    print(f"mtjlab: {message}", file=sys.stderr, flush=True)


def stop(message: str) -> NoReturn:
    """Exit with code 2 and a message: the user has to act."""
    say(message)
    raise SystemExit(2)


def announce_wait() -> None:
    """Print why the start waits."""
    say("another start is creating the environment; waiting for it ...")


def prepare(home: Environment) -> None:
    """Create or update the environment unless it is current; may be interrupted, and called from two processes."""
    if home.is_current():
        return
    try:
        with exclusive(home.lock, on_wait=announce_wait):
            if not home.is_current():  # otherwise the holder of the lock has created it
                make_or_update(home)
    except OSError as error:
        stop(f"{home.folder} cannot be created: {error}. Close every program that runs from it, and start again.")
    except KeyboardInterrupt:
        say("interrupted; the next start creates the environment again.")
        raise SystemExit(130) from None


def make_or_update(home: Environment) -> None:
    """Update the packages of a complete environment, or create a new one."""
    updates = home.can_be_updated()
    home.stamp.unlink(missing_ok=True)
    if updates:
        say("the pins or the project file have changed; bringing .venv up to date (seconds to minutes) ...")
    else:
        make(home)
    install(home)
    home.stamp.write_text("\n".join(home.wanted_stamp()), encoding="utf-8")
    say("the environment is ready.")


def make(home: Environment) -> None:
    """Create an empty environment with pip, in place of what is there."""
    if importlib.util.find_spec("ensurepip") is None:
        stop(without_ensurepip())
    say("creating .venv with the pinned packages (900 MB); this happens once and takes one to five minutes ...")
    clear(home)
    try:
        venv.EnvBuilder(symlinks=not home.windows, with_pip=True).create(home.folder)
    except subprocess.CalledProcessError as error:
        stop(f"{sys.executable} cannot put pip into {home.folder}:\n{error.output.decode(errors='replace')}")


def without_ensurepip() -> str:
    """Message for a Python without ensurepip, such as that of Debian."""
    if shutil.which("apt-get"):
        package = "python{}.{}-venv".format(*sys.version_info[:2])
        command = as_administrator(f"apt-get install -y {package}")
        return f"a part of Python is missing. Install it, then start again:\n  {command}"
    return f"{sys.executable} has no module ensurepip. Install a complete Python and start again."


def as_administrator(command: str) -> str:
    """``command`` as the user types it to run it as root (POSIX)."""
    return command if os.geteuid() == 0 else f"sudo {command}"


def clear(home: Environment) -> None:
    """Remove everything in the folder except the lock."""
    for path in home.folder.iterdir():
        if path == home.lock:
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def install(home: Environment) -> None:
    """Install the pinned packages, then the project, from where the pip configuration of the user says."""
    pip(home, "--require-hashes", "-r", str(home.pins))
    pip(home, "--no-deps", "--no-build-isolation", "-e", str(home.project))


def pip(home: Environment, *arguments: str) -> None:
    """Run ``pip install``, with output only if it fails."""
    command = home.command("python", ["-P", "-m", "pip", "install", "--quiet", *arguments])
    variables = os.environ | {"PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    done = subprocess.run(command, stdout=sys.stderr, env=variables, close_fds=False, check=False)  # shares the lock
    if done.returncode != 0:
        stop("pip could not install the packages, for the reason above. Correct that, and start again.")


def hand_over(command: list[str]) -> NoReturn:
    """Replace this process by ``command``, so that it gets signals directly; on Windows wait for it instead."""
    if sys.platform == "win32":
        sys.exit(run_and_wait(command))
    os.execv(command[0], command)


def run_and_wait(command: list[str]) -> int:
    """Run ``command``; returns its exit code. Ctrl-C reaches it from the console, and it decides when to end."""
    with subprocess.Popen(command) as process:
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                continue
