"""The browser of runs: list, sort, search, open, compare."""

from mtjlab.gui.panels.browser.browser import RunsBrowser

__all__ = ["RunsBrowser"]
