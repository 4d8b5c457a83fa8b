"""``python3 scripts/test.py ARGS`` is ``pytest ARGS`` in the project folder, in an environment created if needed."""

import os
import sys

from environment import PROJECT, Environment, hand_over, prepare
from qt_libraries import ensure_qt_starts

if __name__ == "__main__":
    home = Environment(PROJECT)
    prepare(home)
    ensure_qt_starts(home)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.chdir(PROJECT)
    hand_over(home.command("pytest", sys.argv[1:]))
