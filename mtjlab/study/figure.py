"""Figure of a study: recognition of the test subset against the training step, for each cell."""

from pathlib import Path

import pandas as pd
from matplotlib import rc_context
from matplotlib.figure import Figure

from mtjlab.figures.style import RC, add_origin, count_steps, place_inside, plain
from mtjlab.study.tables import CELL


def draw(curves: pd.DataFrame, name: str, surrogate: bool, path: Path) -> Path:
    """Draw means and standard errors over the seeds into the file ``path``. Raises OSError."""
    with rc_context(RC):
        figure = Figure((6.4, 3.6))
        axes = figure.subplots(gridspec_kw=place_inside(figure, left=0.6, right=2.0, bottom=0.42, top=0.25))
        differ = [key for key in CELL if curves[key].nunique() > 1] or [CELL[-1]]
        for names, cell in curves.groupby(CELL, sort=False):
            by_step = cell.groupby("step")["test"]
            mean, error = 100 * by_step.mean(), 100 * by_step.sem().fillna(0.0)
            told = ", ".join(str(dict(zip(CELL, names, strict=True))[key]) for key in differ)
            (line,) = axes.plot(mean.index, mean, marker="o" if len(mean) == 1 else "", label=plain(told))
            axes.fill_between(mean.index, mean - error, mean + error, color=line.get_color(), alpha=0.25, linewidth=0)
        axes.set(ylabel="test recognition (%), mean ± s.e.", title=plain(name))
        count_steps(axes)
        axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.03))
        vowels = "surrogate vowels: drawn from published moments" if surrogate else "measured data"
        add_origin(figure, f"study {name}  ·  SIMULATED BENCH  ·  {vowels}  ·  {curves['seed'].nunique()} seeds")
        figure.savefig(path)
    return path
