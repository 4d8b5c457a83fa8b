"""For notebooks and scripts: open a bench, carry out runs, read their data. At the end of ``with`` all is at zero.

    with mtjlab.open_bench("my-bench.toml") as bench:
        for event in mtjlab.train(bench, "vowels.toml", steps=5):
            print(event.sentence)
        run = mtjlab.run("sweep", bench, runs="runs")
    run.to_dataframe("curves")

Each kind of run is a function here: ``mtjlab.train``, ``mtjlab.sweep``, ``mtjlab.dwell``, ...
"""

from mtjlab.notebook.carrying_out import events_of, run
from mtjlab.notebook.runs import Run, read
from mtjlab.notebook.session import OpenBench, open_bench

__all__ = ["OpenBench", "Run", "events_of", "open_bench", "read", "run"]
