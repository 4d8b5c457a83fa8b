"""``python undrawn.py ARGS`` is ``mtjlab ARGS`` without figures, which take longer than all the rest of a short run."""

from mtjlab import experiment
from mtjlab.cli import main

if __name__ == "__main__":
    experiment.draw = lambda folder: []
    main()
