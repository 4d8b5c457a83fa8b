"""``python3 scripts/run.py ARGS`` is ``mtjlab ARGS`` in an environment created if needed; alone it trains."""

import sys

from environment import PROJECT, Environment, hand_over, prepare

if __name__ == "__main__":
    home = Environment(PROJECT)
    prepare(home)
    hand_over(home.command("mtjlab", sys.argv[1:] or ["train"]))
