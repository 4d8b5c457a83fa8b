"""The browser of runs: found, sorted, searched, opened, compared."""

from mtjlab.gui.panels.browser.browser import RunsBrowser

__all__ = ["RunsBrowser"]
