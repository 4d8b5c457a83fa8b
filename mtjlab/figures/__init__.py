"""Figures of a run, drawn from its folder alone: the panels of the paper, as PNG and SVG.

Importing this package imports matplotlib, which is slow: import it where figures are wanted.
"""

from mtjlab.figures.draw import draw_figures

__all__ = ["draw_figures"]
