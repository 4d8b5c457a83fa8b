"""Draw the figures of a run, in a process of its own: the bench is free, and whoever waits for them may leave.

Figures are drawn from the journal, so a drawing that ends early loses nothing: it can be repeated at any time.
"""

from mtjlab.drawing.draw import draw
from mtjlab.drawing.process import draw_behind, draw_in_process
from mtjlab.drawing.progress import DrawingProgress, drawing_progress

__all__ = ["DrawingProgress", "draw", "draw_behind", "draw_in_process", "drawing_progress"]
