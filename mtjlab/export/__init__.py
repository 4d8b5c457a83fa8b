"""A run in files that other programs open: CSV, NetCDF, PyMeasure's results. Derived, and made again at any time."""

from mtjlab.export.exporting import FORMATS, Format, export_run

__all__ = ["FORMATS", "Format", "export_run"]
