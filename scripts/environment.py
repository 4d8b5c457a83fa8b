"""Make the project's own ``.venv`` with the pinned packages, keep it current, and hand over to a program in it.

Standard library only, since nothing else is there yet. A stamp is written into ``.venv`` last: without it the
environment is half made and is made anew, with an outdated one it is updated in place, with the right one a start
costs milliseconds.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036  an older Python gets a sentence, as it cannot run what follows
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
    """The virtual environment of the project folder ``project``, made already or not."""

    project: Path
    windows: bool = sys.platform == "win32"

    @property
    def folder(self) -> Path:
        """Where it lives."""
        return self.project / ".venv"

    @property
    def stamp(self) -> Path:
        """The file that says that it is complete, and for what."""
        return self.folder / "mtjlab-stamp"

    @property
    def lock(self) -> Path:
        """The file held by whoever changes it."""
        return self.folder / "mtjlab-lock"

    @property
    def pins(self) -> Path:
        """The packages it holds, with versions and hashes."""
        return self.project / "scripts" / "requirements.lock"

    def program(self, name: str) -> Path:
        """The program ``name`` installed in it."""
        return self.folder / "Scripts" / f"{name}.exe" if self.windows else self.folder / "bin" / name

    def command(self, name: str, arguments: Sequence[str]) -> list[str]:
        """The command that runs program ``name`` of this environment."""
        return [str(self.program(name)), *arguments]

    def is_current(self) -> bool:
        """Whether it is complete, and made by this Python, in this folder, of these pins and this project file."""
        return self._is_whole() and self._reads_stamp() == self.wanted_stamp()

    def can_be_updated(self) -> bool:
        """Whether it was completed in this folder by this Python, so that only its packages may be outdated."""
        return self._is_whole() and self._reads_stamp()[:1] == self.wanted_stamp()[:1]

    def wanted_stamp(self) -> list[str]:
        """The two lines of the right stamp: by which Python and where (programs hold their path); with what."""
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
    """Tell the operator; standard output belongs to the program."""
    print(f"mtjlab: {message}", file=sys.stderr, flush=True)


def stop(message: str) -> NoReturn:
    """End here, since the operator has something to mend: exit code 2."""
    say(message)
    raise SystemExit(2)


def announce_wait() -> None:
    """Say why nothing happens."""
    say("another start is making the environment; waiting for it ...")


def prepare(home: Environment) -> None:
    """Make or update the environment unless it is current; safe to interrupt, and to call from two processes."""
    if home.is_current():
        return
    try:
        with exclusive(home.lock, on_wait=announce_wait):
            if not home.is_current():  # else whoever held the lock has made it
                make_or_update(home)
    except OSError as error:
        stop(f"{home.folder} cannot be made: {error}. Close every program that runs from it, and start again.")
    except KeyboardInterrupt:
        say("interrupted; the next start makes the environment anew.")
        raise SystemExit(130) from None


def make_or_update(home: Environment) -> None:
    """Bring packages up to date in a complete environment, or make a new one; the stamp says which it is."""
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
    """An empty environment with pip, in place of whatever is there."""
    if importlib.util.find_spec("ensurepip") is None:
        stop(without_ensurepip())
    say("making .venv with the pinned packages (900 MB); this happens once and takes one to five minutes ...")
    clear(home)
    try:
        venv.EnvBuilder(symlinks=not home.windows, with_pip=True).create(home.folder)
    except subprocess.CalledProcessError as error:
        stop(f"{sys.executable} cannot put pip into {home.folder}:\n{error.output.decode(errors='replace')}")


def without_ensurepip() -> str:
    """What to do about a Python that came without the means to make environments, as Debian's does."""
    if shutil.which("apt-get"):
        package = "python{}.{}-venv".format(*sys.version_info[:2])
        command = as_administrator(f"apt-get install -y {package}")
        return f"a part of Python is missing. Install it, then start again:\n  {command}"
    return f"{sys.executable} has no module ensurepip. Install a complete Python and start again."


def as_administrator(command: str) -> str:
    """What the operator types to run ``command`` with all rights (POSIX)."""
    return command if os.geteuid() == 0 else f"sudo {command}"


def clear(home: Environment) -> None:
    """Empty the folder of all but the lock."""
    for path in home.folder.iterdir():
        if path == home.lock:
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def install(home: Environment) -> None:
    """The pinned packages, then the project itself. The operator's own pip configuration says where from."""
    pip(home, "--require-hashes", "-r", str(home.pins))
    pip(home, "--no-deps", "--no-build-isolation", "-e", str(home.project))


def pip(home: Environment, *arguments: str) -> None:
    """``pip install``: quiet when it works, in its own words when it does not."""
    command = home.command("python", ["-P", "-m", "pip", "install", "--quiet", *arguments])
    variables = os.environ | {"PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    done = subprocess.run(command, stdout=sys.stderr, env=variables, close_fds=False, check=False)  # shares the lock
    if done.returncode != 0:
        stop("pip could not install the packages, for the reason above. Once that is mended, start again.")


def hand_over(command: list[str]) -> NoReturn:
    """Become ``command``, so that signals and the exit code go straight through; Windows has to wait for it instead."""
    if sys.platform == "win32":
        sys.exit(run_and_wait(command))
    os.execv(command[0], command)


def run_and_wait(command: list[str]) -> int:
    """Exit code of ``command``. Ctrl-C reaches it from the console by itself; it decides when to end."""
    with subprocess.Popen(command) as process:
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                continue
