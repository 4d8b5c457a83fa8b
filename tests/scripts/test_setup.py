"""The scripts that make the environment: what they do on a first, a second and a disturbed start. No network."""

import ast
import os
import runpy
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import environment
import pytest
import qt_libraries
from environment import Environment

from tests.scripts.written_commands import Commands

SCRIPTS = Path(environment.__file__).parent
posix_only = pytest.mark.skipif(os.name == "nt", reason="POSIX rules")


# --- which start does what --------------------------------------------------------------------------------------------


def test_the_first_start_makes_and_the_second_does_nothing(home: Environment, steps: list[str]) -> None:
    environment.prepare(home)
    assert steps == ["make", "install"]
    environment.prepare(home)
    assert steps == ["make", "install"]


@pytest.mark.parametrize("file", ["pyproject.toml", "scripts/requirements.lock"])
def test_changed_pins_or_project_file_update_in_place(made: Environment, steps: list[str], file: str) -> None:
    (made.project / file).write_text("changed\n")
    environment.prepare(made)
    assert steps == ["install"]


@pytest.mark.parametrize("name", ["python", "mtjlab", "pytest"])
def test_a_missing_program_makes_it_anew(made: Environment, steps: list[str], name: str) -> None:
    made.program(name).unlink()
    environment.prepare(made)
    assert steps == ["make", "install"]


def test_a_moved_project_makes_it_anew_since_its_programs_hold_the_old_path(
    made: Environment, steps: list[str]
) -> None:
    environment.prepare(Environment(made.project.rename(made.project.with_name("moved"))))
    assert steps == ["make", "install"]


def test_another_python_makes_it_anew(made: Environment, steps: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.implementation, "cache_tag", "cpython-399")
    environment.prepare(made)
    assert steps == ["make", "install"]


def test_a_torn_stamp_is_no_stamp(made: Environment, steps: list[str]) -> None:
    made.stamp.write_text("")
    environment.prepare(made)
    assert steps == ["make", "install"]


def test_an_interrupted_start_is_made_good_by_the_next(
    made: Environment, steps: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(home: Environment) -> None:
        raise KeyboardInterrupt

    made.pins.write_text("package==2\n")
    with monkeypatch.context() as patch:
        patch.setattr(environment, "install", interrupted)
        with pytest.raises(SystemExit) as end:
            environment.prepare(made)
    assert end.value.code == 130
    assert "interrupted" in capsys.readouterr().err
    assert not made.stamp.exists()
    environment.prepare(made)
    assert steps == ["make", "install"]


def test_a_start_that_waited_for_another_does_not_repeat_its_work(
    made: Environment, steps: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    stamp = made.stamp.read_text()
    made.stamp.unlink()

    @contextmanager
    def lock_given_up_by_the_other_start(*_: object, **__: object) -> Iterator[None]:
        made.stamp.write_text(stamp)
        yield

    monkeypatch.setattr(environment, "exclusive", lock_given_up_by_the_other_start)
    environment.prepare(made)
    assert steps == []


def test_a_folder_that_cannot_be_written_is_an_error_that_says_so(
    home: Environment, capsys: pytest.CaptureFixture[str]
) -> None:
    home.folder.write_text("a file where the folder belongs")
    with pytest.raises(SystemExit) as end:
        environment.prepare(home)
    assert end.value.code == 2
    assert f"{home.folder} cannot be created" in capsys.readouterr().err


# --- making it --------------------------------------------------------------------------------------------------------


def test_clearing_leaves_only_the_lock(made: Environment) -> None:
    (made.folder / "lib" / "half").mkdir(parents=True)
    environment.clear(made)
    assert list(made.folder.iterdir()) == [made.lock]


def test_a_python_without_ensurepip_is_told_what_to_install(
    home: Environment, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr("os.geteuid", lambda: 1000, raising=False)
    with pytest.raises(SystemExit) as end:
        environment.prepare(home)
    assert end.value.code == 2
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert f"\n  sudo apt-get install -y python{version}-venv\n" in capsys.readouterr().err


def test_pip_installs_only_what_the_pins_hold_and_leaves_its_sources_to_the_operator(
    home: Environment, commands: Commands
) -> None:
    environment.install(home)
    pip = [str(home.program("python")), "-P", "-m", "pip", "install", "--quiet"]
    assert commands.lines == [
        [*pip, "--require-hashes", "-r", str(home.pins)],
        [*pip, "--no-deps", "--no-build-isolation", "-e", str(home.project)],
    ]


def test_a_failing_pip_ends_the_start(
    home: Environment, commands: Commands, capsys: pytest.CaptureFixture[str]
) -> None:
    commands.codes = [1]
    with pytest.raises(SystemExit) as end:
        environment.install(home)
    assert end.value.code == 2
    assert len(commands.lines) == 1
    assert "pip could not install" in capsys.readouterr().err


# --- handing over -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("windows", "program"), [(True, "Scripts/mtjlab.exe"), (False, "bin/mtjlab")])
def test_the_command_is_the_program_of_the_environment(tmp_path: Path, windows: bool, program: str) -> None:
    command = Environment(tmp_path, windows).command("mtjlab", ["train", "--seed", "1"])
    assert command == [str(tmp_path / ".venv" / program), "train", "--seed", "1"]


@pytest.mark.parametrize(
    ("script", "arguments", "expected"),
    [
        ("run.py", [], ["mtjlab", "train"]),
        ("run.py", ["figures", "runs/1"], ["mtjlab", "figures", "runs/1"]),
        ("test.py", [], ["pytest"]),
        ("test.py", ["-k", "house"], ["pytest", "-k", "house"]),
    ],
)
def test_each_script_prepares_then_hands_over(
    monkeypatch: pytest.MonkeyPatch, script: str, arguments: list[str], expected: list[str]
) -> None:
    calls: list[object] = []
    monkeypatch.setattr(environment, "prepare", lambda home: calls.append("prepare"))
    monkeypatch.setattr(environment, "hand_over", calls.append)
    monkeypatch.setattr(qt_libraries, "ensure_qt_starts", lambda home: calls.append("Qt"))
    monkeypatch.setattr(sys, "argv", [script, *arguments])
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.chdir(SCRIPTS)
    runpy.run_path(str(SCRIPTS / script), run_name="__main__")
    home = Environment(environment.PROJECT)
    assert calls == ["prepare", *(["Qt"] if script == "test.py" else []), home.command(expected[0], expected[1:])]


def test_the_program_gets_the_arguments_and_its_exit_code_is_the_scripts() -> None:
    inner = [sys.executable, "-c", "import sys; print(sys.argv[1:]); sys.exit(7)", "a b", "ü"]
    outer = f"import sys; sys.path.append({str(SCRIPTS)!r}); import environment; environment.hand_over({inner!r})"
    done = subprocess.run([sys.executable, "-X", "utf8", "-c", outer], capture_output=True, check=False)
    assert (done.returncode, ast.literal_eval(done.stdout.decode())) == (7, ["a b", "ü"])


def test_ctrl_c_is_left_to_the_program_where_the_script_has_to_wait_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    class Program:
        """Ends with code 3, after the console has sent Ctrl-C twice."""

        def __init__(self, command: list[str]) -> None:
            self.interrupts = 2

        def __enter__(self) -> "Program":
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def wait(self) -> int:
            self.interrupts -= 1
            if self.interrupts >= 0:
                raise KeyboardInterrupt
            return 3

    monkeypatch.setattr(subprocess, "Popen", Program)
    assert environment.run_and_wait(["mtjlab"]) == 3


# --- Pythons too old --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("script", ["run.py", "test.py"])
def test_an_older_python_gets_a_sentence_and_exit_code_2(script: str) -> None:
    program = (
        f"import runpy, sys; sys.version_info = (3, 10, 13); sys.path.insert(0, {str(SCRIPTS)!r})\n"
        f"runpy.run_path({str(SCRIPTS / script)!r}, run_name='__main__')\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == "mtjlab needs Python 3.11 or newer; this is Python 3.10.\n"


@pytest.mark.parametrize("script", ["run.py", "test.py", "environment.py"])
def test_an_older_python_can_read_as_far_as_that_sentence(script: str) -> None:
    assert ast.parse((SCRIPTS / script).read_text(encoding="utf-8"), feature_version=(3, 7)).body


# --- .ci/run ----------------------------------------------------------------------------------------------------------


@posix_only
@pytest.mark.parametrize(
    ("shared", "given", "expected"),
    [(True, None, "shared"), (True, "own.dat", "own.dat"), (False, None, ""), (False, "own.dat", "own.dat")],
)
def test_the_check_run_finds_the_shared_vowels_unless_told_otherwise(
    tmp_path: Path, shared: bool, given: str | None, expected: str
) -> None:
    (tmp_path / "main" / ".ci").mkdir(parents=True)
    (tmp_path / "main" / "scripts").mkdir()
    run = tmp_path / "main" / ".ci" / "run"
    run.write_bytes((SCRIPTS.parent / ".ci" / "run").read_bytes())
    (tmp_path / "main" / "scripts" / "test.py").write_text("import os; print(os.environ.get('MTJLAB_VOWELS', ''))")
    vowels = tmp_path / "shared" / "data" / "vowdata.dat"
    if shared:
        vowels.parent.mkdir(parents=True)
        vowels.touch()
    variables = {name: value for name, value in os.environ.items() if name != "MTJLAB_VOWELS"}
    variables |= {} if given is None else {"MTJLAB_VOWELS": given}
    found = subprocess.run(["bash", run], env=variables, capture_output=True, text=True, check=True).stdout.strip()
    if expected == "shared":
        assert Path(found).samefile(vowels)
    else:
        assert found == expected
