"""Panels of figures, as PNG and SVG: the panels of the paper.

Importing this package imports matplotlib, which is slow: import it where figures are wanted.
"""
