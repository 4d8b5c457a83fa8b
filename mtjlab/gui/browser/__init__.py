"""The browser of runs: found, sorted, searched, opened, compared."""

from mtjlab.gui.browser.browser import RunsBrowser

__all__ = ["RunsBrowser"]
